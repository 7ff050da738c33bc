// A table whose headers sort, whose long bodies are drawn in part, and which scrolls inside its card.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { columnKind, nextSteps, sortedOrder, type SortStep } from '../tablesort';
import { usePage } from './context';
import { useMedia } from './parts';
import { useWindow } from './window';

export interface Column<T> {
  name: string;
  text: (row: T) => string;                 // what sorting and search see
  cell?: (row: T) => ComponentChildren;     // what is shown, if not the text
  numeric?: boolean;
  wide?: boolean;
}

const WINDOWED_FROM = 120;
const ROW = 37;

/** On narrow screens a row is a small card: what is wide on a line of its own, the rest in pairs under their names. */
function cardHeight<T>(columns: Column<T>[]): number {
  const full = columns.filter((c, i) => c.wide || i === 0).length;
  return 18 + full * 24 + Math.ceil((columns.length - full) / across(columns)) * 42;
}

function across<T>(columns: Column<T>[]): number {
  return columns.filter((c, i) => !c.wide && i > 0).length === 3 ? 3 : 2;
}

export function SortTable<T>({ id, label, columns, rows, pinned }: {
  id: string; label: string; columns: Column<T>[]; rows: T[]; pinned?: (row: T) => boolean;
}) {
  const { view, setSort } = usePage();
  const steps = (view.sorts[id] ?? []).filter((s) => s.i < columns.length);
  const texts = useMemo(() => rows.map((row) => columns.map((c) => c.text(row))), [rows, columns]);
  const order = useMemo(() => {
    const sorted = sortedOrder(texts, steps);
    if (!pinned) return sorted;
    return [...sorted.filter((i) => pinned(rows[i]!)), ...sorted.filter((i) => !pinned(rows[i]!))];
  }, [texts, JSON.stringify(steps), pinned]);
  const windowed = rows.length > WINDOWED_FROM;
  const narrow = useMedia('(max-width: 560px)');
  const height = narrow ? cardHeight(columns) : ROW;
  const { box, from, to, onScroll } = useWindow<HTMLDivElement>(rows.length, height, ROW);
  useEffect(() => { if (pinned && box.current) box.current.scrollTop = 0; }, [pinned]);
  const visible = windowed ? order.slice(from, to) : order;
  const click = (i: number, add: boolean) => {
    const kind = columnKind(texts, i);
    setSort(id, nextSteps(steps, i, kind === 'text' ? 'asc' : 'desc', add));
  };
  return (
    <div class={`table-box${windowed ? ' tall' : ''}${across(columns) === 3 ? ' by-three' : ''}`} ref={box} onScroll={windowed ? onScroll : undefined}
      tabIndex={0} role="region" aria-label={label}>
      <table id={id} role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column, i) => {
              const at = steps.findIndex((s) => s.i === i);
              const step = steps[at];
              return (
                <th key={column.name} scope="col" role="columnheader" class={column.numeric ? 'num' : column.wide ? 'wide' : ''}
                  aria-sort={at === 0 ? (step!.dir === 'asc' ? 'ascending' : 'descending') : undefined}>
                  <button type="button" class="sort" onClick={(e) => click(i, e.shiftKey)}>
                    {column.numeric && arrow(step, at, steps.length)}{column.name}{!column.numeric && arrow(step, at, steps.length)}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {windowed && from > 0 && <tr aria-hidden="true" style={{ height: `${from * height}px` }} />}
          {visible.map((i, n) => {
            const row = rows[i]!;
            return (
              <tr key={i} role="row" style={narrow ? { height: `${height}px` } : {}} aria-rowindex={(windowed ? from + n : n) + 2} class={pinned?.(row) ? 'pinned' : undefined}>
                {columns.map((column, c) => (
                  <td key={c} role="cell" data-name={column.name} class={column.numeric ? 'num' : column.wide ? 'wide' : ''}>
                    {column.wide ? <span class="clip" title={column.text(row)}>{column.cell?.(row) ?? column.text(row)}</span> : column.cell?.(row) ?? column.text(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {windowed && to < rows.length && <tr aria-hidden="true" style={{ height: `${(rows.length - to) * height}px` }} />}
        </tbody>
      </table>
    </div>
  );
}

function arrow(step: SortStep | undefined, at: number, steps: number) {
  return <span class="arrow" aria-hidden="true">{step ? (step.dir === 'asc' ? '↑' : '↓') + (steps > 1 ? at + 1 : '') : ''}</span>;
}

// A table whose headers sort, whose long bodies are drawn in part, and which scrolls inside its card.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { columnKind, nextSteps, sortedOrder } from '../tablesort';
import { usePage } from './context';
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
  const { box, from, to, onScroll } = useWindow<HTMLDivElement>(rows.length, ROW, ROW);
  useEffect(() => { if (pinned && box.current) box.current.scrollTop = 0; }, [pinned]);
  const visible = windowed ? order.slice(from, to) : order;
  const click = (i: number, add: boolean) => {
    const kind = columnKind(texts, i);
    setSort(id, nextSteps(steps, i, kind === 'text' ? 'asc' : 'desc', add));
  };
  return (
    <div class={windowed ? 'table-box tall' : 'table-box'} ref={box} onScroll={windowed ? onScroll : undefined}
      tabIndex={0} role="region" aria-label={label}>
      <table id={id} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column, i) => {
              const at = steps.findIndex((s) => s.i === i);
              const step = steps[at];
              return (
                <th key={column.name} scope="col" class={column.numeric ? 'num' : column.wide ? 'wide' : ''}
                  aria-sort={at === 0 ? (step!.dir === 'asc' ? 'ascending' : 'descending') : undefined}>
                  <button type="button" class="sort" onClick={(e) => click(i, e.shiftKey)}>
                    {column.name}
                    <span class="arrow" aria-hidden="true">{step ? (step.dir === 'asc' ? '↑' : '↓') + (steps.length > 1 ? at + 1 : '') : ''}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {windowed && from > 0 && <tr aria-hidden="true" style={{ height: `${from * ROW}px` }} />}
          {visible.map((i, n) => {
            const row = rows[i]!;
            return (
              <tr key={i} aria-rowindex={(windowed ? from + n : n) + 2} class={pinned?.(row) ? 'pinned' : undefined}>
                {columns.map((column, c) => (
                  <td key={c} class={column.numeric ? 'num' : column.wide ? 'wide' : ''}>
                    {column.wide ? <span class="clip" title={column.text(row)}>{column.cell?.(row) ?? column.text(row)}</span> : column.cell?.(row) ?? column.text(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {windowed && to < rows.length && <tr aria-hidden="true" style={{ height: `${(rows.length - to) * ROW}px` }} />}
        </tbody>
      </table>
    </div>
  );
}

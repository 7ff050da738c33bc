// The findings: filters, the list and the one that is open (chapter 07 §7.6).
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { findingsSheet } from '../exports';
import { count, grouped, millis } from '../format';
import { label, SEVERITIES, SEVERITY_NAME } from '../kinds';
import type { Severity } from '../payload';
import { DEFAULT_SORT, NO_FILTERS, severityCounts, values, type Row, type SortKey } from '../rows';
import { usePage } from './context';
import { Detail } from './detail';
import { Actions, Empty, Hl, Pill, Tipped, useMedia } from './parts';
import { useWindow } from './window';

const CHIPS = 8;

function Dimension({ name, value, options, onPick, shown }: {
  name: string; value: string; options: [string, number][]; onPick: (value: string) => void; shown?: (value: string) => string;
}) {
  if (options.length < 2 && !value) return null;
  const text = shown ?? ((v: string) => v);
  if (options.length > CHIPS) {
    return (
      <label class="pick">
        <span>{name}</span>
        <select value={value} onChange={(e) => onPick(e.currentTarget.value)}>
          <option value="">any</option>
          {options.map(([v, n]) => <option key={v} value={v}>{text(v)} ({grouped(n)})</option>)}
        </select>
      </label>
    );
  }
  return (
    <div class="chips" role="group" aria-label={name}>
      <span class="chips-name">{name}</span>
      {options.map(([v, n]) => (
        <button type="button" key={v} class="chip" aria-pressed={value === v} onClick={() => onPick(value === v ? '' : v)}>
          {text(v)} <span class="chip-count">{grouped(n)}</span>
        </button>
      ))}
    </div>
  );
}

function SeverityChips() {
  const { rows, view, change } = usePage();
  const counts = useMemo(() => severityCounts(rows), [rows]);
  const present = SEVERITIES.filter((s) => counts[s] > 0);
  const options: (Severity | '')[] = ['', ...present];
  const pick = (s: Severity | '') => change({ filters: s === '' ? { ...NO_FILTERS, search: view.filters.search } : { ...view.filters, severity: s } });
  const onKey = (e: KeyboardEvent, i: number) => {
    const step = e.key === 'ArrowRight' || e.key === 'ArrowDown' ? 1 : e.key === 'ArrowLeft' || e.key === 'ArrowUp' ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    const next = (i + step + options.length) % options.length;
    pick(options[next]!);
    ((e.currentTarget as HTMLElement).parentElement!.querySelectorAll('[role=radio]')[next] as HTMLElement).focus();
  };
  return (
    <div class="chips" role="radiogroup" aria-label="Severity">
      <span class="chips-name" aria-hidden="true">Severity</span>
      {options.map((s, i) => (
        <button type="button" key={s} role="radio" class="chip" aria-checked={view.filters.severity === s}
          tabIndex={view.filters.severity === s ? 0 : -1} onClick={() => pick(s)} onKeyDown={(e) => onKey(e, i)}>
          {s === '' ? 'All' : SEVERITY_NAME[s]} <span class="chip-count">{grouped(s === '' ? rows.length : counts[s])}</span>
        </button>
      ))}
    </div>
  );
}

function SortChips() {
  const { rows, view, change } = usePage();
  const keys: SortKey[] = rows.some((r) => r.saving > 0) ? ['severity', 'impact', 'saving'] : ['severity', 'impact'];
  const click = (key: SortKey) => change({ sort: view.sort.key === key ? { key, dir: view.sort.dir === 'desc' ? 'asc' : 'desc' } : { ...DEFAULT_SORT, key } });
  return (
    <div class="chips" role="group" aria-label="Sort">
      <span class="chips-name">Sort</span>
      {keys.map((key) => (
        <button type="button" key={key} class="chip" aria-pressed={view.sort.key === key} onClick={() => click(key)}>
          {key}{view.sort.key === key && <span aria-hidden="true"> {view.sort.dir === 'desc' ? '↓' : '↑'}</span>}
          {view.sort.key === key && <span class="sr">{view.sort.dir === 'desc' ? ', descending' : ', ascending'}</span>}
        </button>
      ))}
    </div>
  );
}

function List({ onPick }: { onPick: (row: Row) => void }) {
  const { shown, view, live } = usePage();
  const compact = document.documentElement.dataset['density'] === 'compact';
  const height = compact ? 52 : 66;
  const { box, from, to, onScroll, show } = useWindow<HTMLDivElement>(shown.length, height);
  const at = view.selected ? shown.indexOf(view.selected) : -1;
  useEffect(() => { if (at >= 0) show(at); }, [at, height]);
  const onKey = (e: KeyboardEvent) => {
    const to_ = e.key === 'ArrowDown' ? at + 1 : e.key === 'ArrowUp' ? at - 1 : e.key === 'Home' ? 0 : e.key === 'End' ? shown.length - 1 : -1;
    if (to_ < 0 || to_ >= shown.length) return;
    e.preventDefault();
    onPick(shown[to_]!);
    requestAnimationFrame(() => (box.current?.querySelector('[aria-selected=true]') as HTMLElement | null)?.focus());
  };
  return (
    <div id="findings-list" class="finding-list" style={{ '--row': `${height}px` }} role="listbox" aria-label="Findings" ref={box} onScroll={onScroll} onKeyDown={onKey}>
      <div class="spacer" role="presentation" style={{ height: `${shown.length * height}px` }}>
        {shown.slice(from, to).map((row, n) => {
          const i = from + n;
          const f = row.f;
          const selected = row === view.selected;
          return (
            <div key={row.index} role="option" class="finding-row" aria-selected={selected} aria-setsize={shown.length} aria-posinset={i + 1}
              tabIndex={selected || (at < 0 && i === 0) ? 0 : -1} style={{ top: `${i * height}px`, height: `${height}px` }} onClick={() => onPick(row)}>
              <span class="row-top">
                <Pill severity={f.severity} />
                <span class="row-label"><Hl text={label(f.type)} /></span>
                {live?.acked.has(f.signature) && f.signature && <span class="tag">accepted</span>}
                {view.sort.key === 'saving' && row.saving > 0
                  ? <span class="row-count num">−{millis(row.saving / 1000)}</span>
                  : view.sort.key === 'impact'
                  ? <Tipped tip="Avoidable operations of all instances of this problem">{(h) => <span class="row-count num" {...h}>~{grouped(row.impact)} ops</span>}</Tipped>
                  : <span class="row-count num">×{grouped(f.pattern.occurrences)}</span>}
              </span>
              <span class="row-where"><Hl text={`${f.service} · ${f.source_endpoint}`} />{f.grouping?.[0] && <span class="row-group"> · <Hl text={f.grouping[0].value} /></span>}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function Findings() {
  const page = usePage();
  const { data, rows, shown, view, change, hidden } = page;
  const stacked = useMedia('(max-width: 920px)');
  const detail = useRef<HTMLDivElement>(null);
  const [more, setMore] = useState(false);
  const services = useMemo(() => values(rows, (r) => r.f.service), [rows]);
  const types = useMemo(() => values(rows, (r) => r.f.type), [rows]);
  const groups = useMemo(() => values(rows, (r) => r.group), [rows]);
  const groupText = useMemo(() => new Map(rows.map((r) => [r.group, r.groupText])), [rows]);
  const set = (part: Partial<typeof view.filters>) => change({ filters: { ...view.filters, ...part } });
  const pick = (row: Row) => {
    change({ selected: row });
    if (stacked) detail.current?.scrollIntoView({ block: 'start' });
    else if (detail.current) detail.current.scrollTop = 0;
  };
  const filtered = Object.entries(view.filters).some(([, v]) => v !== '');
  const many = services.length + types.length + groups.length > 3;
  return (
    <>
      {(data.trimmed_findings || data.trimmed_traces) && (
        <p id="trim-banner" class="banner info">
          {data.trimmed_findings && <>The page holds {grouped(data.trimmed_findings.kept)} of {grouped(data.trimmed_findings.total)} findings, critical ones first; the JSON report has all of them. </>}
          {data.trimmed_traces && <>{data.trimmed_findings ? 'It holds' : 'The page holds'} {grouped(data.trimmed_traces.kept)} of {grouped(data.trimmed_traces.total)} traces, those of the worst endpoints first; <code>--max-traces-embedded</code> sets another number.</>}
        </p>
      )}
      <div class="toolbar">
        <div class="toolbar-row">
          <SeverityChips />
          <SortChips />
          <Actions tab="findings" sheet={() => findingsSheet(shown.map((r) => r.f))} />
        </div>
        {many && stacked && <button type="button" class="button quiet" aria-expanded={more} onClick={() => setMore(!more)}>{more ? 'Fewer filters' : 'More filters'}</button>}
        {(!stacked || more || !many) && (
          <div class="toolbar-row">
            <Dimension name="Service" value={view.filters.service} options={services} onPick={(service) => set({ service })} />
            <Dimension name="Type" value={view.filters.type} options={types} onPick={(type) => set({ type })} shown={label} />
            <Dimension name="Group" value={view.filters.grouping} options={groups} onPick={(grouping) => set({ grouping })} shown={(g) => groupText.get(g) ?? g} />
          </div>
        )}
        <p class="counter muted" aria-live="polite">{count(rows.length, 'finding')} · {grouped(shown.length)} shown{hidden > 0 && ` · ${grouped(hidden)} accepted in the daemon, hidden`}</p>
      </div>
      {shown.length === 0 ? (
        filtered ? (
          <div class="card"><Empty title="No finding matches">Take a filter or the search away to see the {count(rows.length, 'finding')} of this run.</Empty></div>
        ) : <div class="card"><Empty title="No findings">{data.report.analysis.traces_analyzed === 0 ? 'No trace was analysed, so nothing could be found.' : `${count(data.report.analysis.traces_analyzed, 'trace')} analysed and nothing to report.`}</Empty></div>
      ) : (
        <div class="findings">
          <div class="card list-card"><List onPick={pick} /></div>
          <div class="card detail-card" ref={detail} tabIndex={-1} id="finding-detail">{view.selected && <Detail key={view.selected.index} row={view.selected} />}</div>
        </div>
      )}
    </>
  );
}

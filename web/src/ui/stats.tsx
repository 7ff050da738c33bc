// pg_stat and mysql_stat: what the database itself remembers (chapter 07 §7.7).
import { useMemo } from 'preact/hooks';
import { mysqlSheet, pgSheet } from '../exports';
import { count, fixed, grouped } from '../format';
import type { Stat, StatEntry } from '../payload';
import { statementKey } from '../statement';
import { usePage } from './context';
import { Actions, Empty, Hl } from './parts';
import { SortTable, type Column } from './table';

export const PG_NAMES = ['Total time', 'Calls', 'Mean time', 'I/O blocks'];
export const PG_SLUGS = ['total_time', 'calls', 'mean_time', 'io_blocks'];
export const MYSQL_NAMES = ['Total time', 'Calls', 'Mean time', 'Rows examined'];

function template(jumps: boolean): Column<StatEntry> {
  return { name: 'Template', wide: true, text: (e) => e.normalized_template, cell: (e) => (jumps && e.seen_in_traces ? <><Hl text={e.normalized_template} /> <span class="tag">in traces</span></> : <Hl text={e.normalized_template} />) };
}
const CALLS: Column<StatEntry> = { name: 'Calls', numeric: true, text: (e) => grouped(e.calls) };
const TOTAL: Column<StatEntry> = { name: 'Total ms', numeric: true, text: (e) => fixed(e.total_exec_time_ms, 1) };
const MEAN: Column<StatEntry> = { name: 'Mean ms', numeric: true, text: (e) => fixed(e.mean_exec_time_ms, 2) };
const SCHEMA: Column<StatEntry> = { name: 'Schema', text: (e) => e.schema_name ?? '', cell: (e) => (e.schema_name ? <Hl text={e.schema_name} /> : <span class="muted">none</span>) };
const EXAMINED: Column<StatEntry> = { name: 'Rows examined', numeric: true, text: (e) => grouped(e.rows_examined ?? 0) };

const PG_COLUMNS = [template(true), CALLS, TOTAL, MEAN];
const MYSQL_COLUMNS = [template(true), SCHEMA, CALLS, TOTAL, MEAN, EXAMINED];

export function statMatches(entry: StatEntry, search: string): boolean {
  if (!search) return true;
  const query = search.toLowerCase();
  return entry.normalized_template.toLowerCase().includes(query) || (entry.schema_name ?? '').toLowerCase().includes(query);
}

function Rankings({ stat, names, at, onPick }: { stat: Stat; names: string[]; at: number; onPick: (i: number) => void }) {
  if (stat.rankings.length < 2) return null;
  const onKey = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowRight' || e.key === 'ArrowDown' ? 1 : e.key === 'ArrowLeft' || e.key === 'ArrowUp' ? -1 : 0;
    if (!step) return;
    e.preventDefault();
    const next = (at + step + stat.rankings.length) % stat.rankings.length;
    onPick(next);
    ((e.currentTarget as HTMLElement).querySelectorAll('[role=radio]')[next] as HTMLElement).focus();
  };
  return (
    <div class="chips" role="radiogroup" aria-label="Ranking" onKeyDown={onKey}>
      <span class="chips-name" aria-hidden="true">Ranked by</span>
      {stat.rankings.map((ranking, i) => (
        <button type="button" key={i} role="radio" class="chip" aria-checked={i === at} tabIndex={i === at ? 0 : -1} onClick={() => onPick(i)}>{names[i] ?? ranking.label}</button>
      ))}
    </div>
  );
}

function StatTab({ tab, stat, names, columns, source }: { tab: 'pgstat' | 'mysqlstat'; stat: Stat; names: string[]; columns: Column<StatEntry>[]; source: string }) {
  const { view, change } = usePage();
  const at = Math.min(view.rankings[tab], stat.rankings.length - 1);
  const entries = stat.rankings[at]?.entries ?? [];
  const rows = useMemo(() => entries.filter((e) => statMatches(e, view.filters.search)), [entries, view.filters.search]);
  const pinned = useMemo(() => {
    if (tab !== 'pgstat' || view.pinned === null) return undefined;
    const key = statementKey(view.pinned);
    return (e: StatEntry) => statementKey(e.normalized_template) === key;
  }, [view.pinned]);
  return (
    <>
      <div class="toolbar"><div class="toolbar-row">
        <Rankings stat={stat} names={names} at={at} onPick={(i) => change({ rankings: { ...view.rankings, [tab]: i } })} />
        <Actions tab={tab} sheet={() => (tab === 'pgstat' ? pgSheet(rows) : mysqlSheet(rows))} />
      </div></div>
      {pinned && <p class="banner info">Filtered from Explain: the statement you came from stands first. <button type="button" class="button quiet" onClick={() => change({ pinned: null })}>clear</button></p>}
      <section class="card">
        <p class="muted">{grouped(rows.length)} of the {count(stat.total_entries, 'statement')} that {source} remembers{stat.rankings.length > 1 && `, the first ${grouped(stat.top_n)} by each ranking`}.</p>
        {rows.length === 0 ? <Empty title="No statement matches">Take the search away to see the ranking.</Empty>
          : <SortTable id={`${tab}-table`} label={`Statements, ${names[at] ?? 'ranking'}`} columns={columns} rows={rows} {...(pinned ? { pinned } : {})} />}
      </section>
    </>
  );
}

export function PgStat() {
  const { data } = usePage();
  return <StatTab tab="pgstat" stat={data.pg_stat!} names={PG_NAMES} columns={PG_COLUMNS} source="PostgreSQL" />;
}

export function MysqlStat() {
  const { data } = usePage();
  return <StatTab tab="mysqlstat" stat={data.mysql_stat!} names={MYSQL_NAMES} columns={MYSQL_COLUMNS} source="MySQL" />;
}


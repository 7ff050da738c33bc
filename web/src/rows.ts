// Findings prepared for lists: aggregates, filters, search and sorting. Plain functions over plain data.
import { groupId, label, SEVERITIES } from './kinds';
import type { Finding, Severity } from './payload';
import { savingUs } from './saving';

export interface Row {
  f: Finding;
  index: number;
  severityRank: number;
  group: string;       // identity of the first grouping pair, "" for none
  groupText: string;   // key=value
  impact: number;      // avoidable operations of all instances of the problem
  traces: number;      // distinct traces it was seen in
  saving: number;      // µs a request would be shorter, 0 where unknown
  hay?: string;        // lower-case text that search looks in
}

export interface Filters { search: string; severity: string; service: string; type: string; grouping: string }
export const NO_FILTERS: Filters = { search: '', severity: '', service: '', type: '', grouping: '' };

export type SortKey = 'severity' | 'impact' | 'saving';
export interface Sort { key: SortKey; dir: 'asc' | 'desc' }
export const DEFAULT_SORT: Sort = { key: 'severity', dir: 'desc' };

export function extraOps(f: Finding): number {
  return f.green_impact?.estimated_extra_io_ops ?? 0;
}

export function prepare(findings: Finding[]): Row[] {
  const totals = new Map<string, { impact: number; traces: Set<string> }>();
  const keyOf = (f: Finding, group: string) =>
    `${group}|${f.signature || `${f.type}|${f.service}|${f.source_endpoint}|${f.pattern.template}`}`;
  const rows = findings.map((f, index): Row => {
    const group = groupId(f);
    const key = keyOf(f, group);
    let total = totals.get(key);
    if (!total) totals.set(key, (total = { impact: 0, traces: new Set() }));
    total.impact += extraOps(f);
    total.traces.add(f.trace_id);
    const pair = f.grouping?.[0];
    return {
      f, index, group, groupText: pair ? `${pair.key}=${pair.value}` : '', severityRank: SEVERITIES.indexOf(f.severity),
      impact: 0, traces: 0, saving: savingUs(f),
    };
  });
  for (const row of rows) {
    const total = totals.get(keyOf(row.f, row.group))!;
    row.impact = total.impact;
    row.traces = total.traces.size;
  }
  return rows;
}

function hay(row: Row): string {
  if (row.hay === undefined) {
    const f = row.f;
    const grouping = (f.grouping ?? []).flatMap((g) => [g.key, g.value]);
    row.hay = [f.severity, f.type, label(f.type), f.service, ...grouping, row.groupText, f.source_endpoint, f.pattern.template]
      .join('\n').toLowerCase();
  }
  return row.hay;
}

export function matches(row: Row, filters: Filters): boolean {
  const f = row.f;
  return (!filters.severity || f.severity === filters.severity) && (!filters.service || f.service === filters.service) &&
    (!filters.type || f.type === filters.type) && (!filters.grouping || row.group === filters.grouping) &&
    (!filters.search || hay(row).includes(filters.search.toLowerCase()));
}

/** Rows in the order asked for; the other key breaks ties the natural way, then the report's order. */
export function sortRows(rows: Row[], sort: Sort): Row[] {
  const bySeverity = (a: Row, b: Row) => a.severityRank - b.severityRank;
  const byImpact = (a: Row, b: Row) => b.impact - a.impact;
  const bySaving = (a: Row, b: Row) => b.saving - a.saving;
  const orders: Record<SortKey, ((a: Row, b: Row) => number)[]> = {
    severity: [bySeverity, byImpact], impact: [byImpact, bySeverity], saving: [bySaving, bySeverity],
  };
  const [first, second] = orders[sort.key] as [(a: Row, b: Row) => number, (a: Row, b: Row) => number];
  const turn = sort.dir === 'desc' ? 1 : -1;
  return [...rows].sort((a, b) => turn * first(a, b) || second(a, b) || a.index - b.index);
}

/** What to fix first: what a request gains where that is known, else severity, avoidable operations, intensity. */
export function ranked(rows: Row[]): Row[] {
  const iis = (r: Row) => r.f.green_impact?.io_intensity_score ?? 0;
  return [...rows].sort((a, b) => b.saving - a.saving || a.severityRank - b.severityRank || extraOps(b.f) - extraOps(a.f) ||
    iis(b) - iis(a) || a.index - b.index);
}

/** The first of each problem: instances share their signature and group. A row without a signature is a problem of its own. */
export function distinct(rows: Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const key = row.f.signature && `${row.group}|${row.f.signature}`;
    if (key && seen.has(key)) return false;
    if (key) seen.add(key);
    return true;
  });
}

/** Values of one dimension with the number of findings, sorted. */
export function values(rows: Row[], of: (row: Row) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = of(row);
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

export function severityCounts(rows: Row[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, warning: 0, info: 0 };
  for (const row of rows) ++counts[row.f.severity];
  return counts;
}

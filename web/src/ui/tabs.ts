// The tabs: which there are, when they are available and what their badges count (chapter 07 §7.4).
import type { Payload } from '../payload';
import type { TabKey } from './context';

export interface Tab { key: TabKey; label: string; title: string; missing: (data: Payload) => string | null; letter: string; absent?: (data: Payload) => boolean }

const always = () => null;

export const TABS: Tab[] = [
  { key: 'overview', label: 'Overview', title: 'Overview', letter: 'o', missing: always },
  { key: 'findings', label: 'Findings', title: 'Findings', letter: 'f', missing: always },
  { key: 'pgstat', label: 'pg_stat', title: 'PostgreSQL statements', letter: 'p', missing: (d) => (d.pg_stat?.rankings.some((r) => r.entries.length > 0) ? null : 'Needs an export of pg_stat_statements: report --pg-stat FILE') },
  { key: 'mysqlstat', label: 'mysql_stat', title: 'MySQL statements', letter: '', missing: (d) => (d.mysql_stat?.rankings.some((r) => r.entries.length > 0) ? null : 'Needs an export of the statement digests: report --mysql-stat FILE') },
  { key: 'diff', label: 'Diff', title: 'Changes since the baseline', letter: 'd', missing: (d) => (d.diff ? null : 'Needs a report of an earlier run: report --before FILE') },
  { key: 'correlations', label: 'Correlations', title: 'Correlations', letter: 'c', missing: (d) => (d.report.correlations?.length ? null
    : d.report.findings.some((f) => f.confidence.startsWith('daemon')) ? 'The daemon has found none yet; [daemon.correlation] switches them on' : 'Need time to pass between traces: only a daemon computes them (watch)') },
  { key: 'green', label: 'Carbon', title: 'Carbon', letter: 'r', missing: always },
  { key: 'acknowledgments', label: 'Acknowledgments', title: 'Acknowledgments', letter: 'a', missing: always, absent: (d) => d.daemon === undefined },
];

/** The tabs that this page lists, those without data included. */
export function listed(data: Payload): Tab[] {
  return TABS.filter((tab) => !tab.absent?.(data));
}

// The columns of each tab's CSV (chapter 07 §7.8).
import { isNPlusOne } from './kinds';
import type { Correlation, CorrelationEnd, Diff, Finding, StatEntry } from './payload';

type Sheet = { header: string[]; rows: unknown[][] };

export function findingsSheet(findings: Finding[]): Sheet {
  const header = ['severity', 'type', 'service', 'grouping_key', 'grouping_value', 'grouping_all', 'endpoint', 'trace_id', 'template',
    'occurrences', 'distinct_params', 'window_ms', 'classification_method', 'span_duration_us_p50', 'span_duration_us_p99',
    'span_duration_cv_x1000', 'first_timestamp', 'last_timestamp', 'code_function', 'code_filepath', 'code_lineno', 'suggestion',
    'suggested_fix_framework', 'suggested_fix_recommendation', 'confidence'];
  const rows = findings.map((f) => [
    f.severity, f.type, f.service, f.grouping?.[0]?.key, f.grouping?.[0]?.value,
    (f.grouping ?? []).map((g) => `${g.key}=${g.value}`).join(' '), f.source_endpoint, f.trace_id, f.pattern.template,
    f.pattern.occurrences, f.pattern.distinct_params, f.pattern.window_ms,
    f.classification_method ?? (isNPlusOne(f.type) ? 'direct' : ''), f.pattern.span_duration_us_p50, f.pattern.span_duration_us_p99,
    f.pattern.span_duration_cv_x1000, f.first_timestamp, f.last_timestamp, f.code_location?.function, f.code_location?.filepath,
    f.code_location?.lineno, f.suggestion, f.suggested_fix?.framework, f.suggested_fix?.recommendation, f.confidence,
  ]);
  return { header, rows };
}

export function pgSheet(entries: StatEntry[]): Sheet {
  const header = ['template', 'calls', 'total_exec_time_ms', 'mean_exec_time_ms', 'rows', 'shared_blks_hit', 'shared_blks_read',
    'seen_in_traces'];
  return { header, rows: entries.map((e) => [e.normalized_template, e.calls, e.total_exec_time_ms, e.mean_exec_time_ms, e.rows,
    e.shared_blks_hit, e.shared_blks_read, e.seen_in_traces]) };
}

export function mysqlSheet(entries: StatEntry[]): Sheet {
  const header = ['template', 'schema_name', 'calls', 'total_exec_time_ms', 'mean_exec_time_ms', 'rows_sent', 'rows_examined',
    'seen_in_traces'];
  return { header, rows: entries.map((e) => [e.normalized_template, e.schema_name, e.calls, e.total_exec_time_ms,
    e.mean_exec_time_ms, e.rows_sent, e.rows_examined, e.seen_in_traces]) };
}

export function diffSheet(diff: Diff, added: Finding[], resolved: Finding[], changes: Diff['severity_changes']): Sheet {
  const header = ['section', 'severity', 'type', 'service', 'endpoint', 'template', 'occurrences', 'before_severity',
    'after_severity', 'before_io_ops', 'after_io_ops', 'delta'];
  const finding = (section: string, f: Finding, before?: string, after?: string) =>
    [section, f.severity, f.type, f.service, f.source_endpoint, f.pattern.template, f.pattern.occurrences, before, after, '', '', ''];
  return { header, rows: [
    ...added.map((f) => finding('new', f)),
    ...resolved.map((f) => finding('resolved', f)),
    ...changes.map((c) => finding('severity_change', c.finding, c.before_severity, c.after_severity)),
    ...diff.endpoint_metric_deltas.map((d) => ['endpoint_delta', '', '', d.service, d.endpoint, '', '', '', '', d.before_io_ops,
      d.after_io_ops, d.delta]),
  ] };
}

export function correlationsSheet(correlations: Correlation[]): Sheet {
  const side = (x: string) => [`service_${x}`, `grouping_key_${x}`, `grouping_value_${x}`, `type_${x}`, `template_${x}`];
  const header = [...side('a'), ...side('b'), 'confidence', 'co_occurrence_count', 'source_total_occurrences', 'median_lag_ms',
    'first_seen', 'last_seen'];
  const end = (e: CorrelationEnd) => [e.service, e.grouping_key, e.grouping_value, e.finding_type, e.template];
  return { header, rows: correlations.map((c) => [...end(c.source), ...end(c.target), c.confidence, c.co_occurrence_count,
    c.source_total_occurrences, c.median_lag_ms, c.first_seen, c.last_seen]) };
}

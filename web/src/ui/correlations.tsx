// Findings that follow one another across traces, as a daemon saw them (chapter 07 §7.7).
import { useMemo, useState } from 'preact/hooks';
import { correlationsSheet } from '../exports';
import { count, grouped, millis, percent } from '../format';
import { label, SEVERITIES } from '../kinds';
import type { Correlation, CorrelationEnd, Finding } from '../payload';
import type { Row } from '../rows';
import { usePage } from './context';
import { Actions, Empty, Hl, Pill } from './parts';

const SHOWN = 40;

export function matchEnd(end: CorrelationEnd, rows: Row[]): Row | undefined {
  const candidates = rows.filter(({ f }) => f.type === end.finding_type && f.service === end.service &&
    (f.grouping?.[0]?.key ?? undefined) === (end.grouping_key ?? undefined) && (f.grouping?.[0]?.value ?? undefined) === (end.grouping_value ?? undefined));
  const exact = candidates.find(({ f }) => f.pattern.template === end.template);
  return exact ?? (candidates.length === 1 ? candidates[0] : undefined);
}

function endText(end: CorrelationEnd): string {
  return end.grouping_key !== undefined ? `${end.service}@${end.grouping_key}=${end.grouping_value ?? ''}` : end.service;
}

export function correlationText(c: Correlation): string {
  return [c.source, c.target].map((e) => `${label(e.finding_type)} ${e.finding_type} ${endText(e)} ${e.template}`).join(' → ');
}

/** What opens for a target that no finding of the page matches. */
function standIn(end: CorrelationEnd, trace: string, c: Correlation): Finding {
  return {
    type: end.finding_type, severity: 'warning', trace_id: trace, service: end.service, source_endpoint: '(seen in a correlation)',
    ...(end.grouping_key !== undefined ? { grouping: [{ key: end.grouping_key, value: end.grouping_value ?? '' }] } : {}),
    pattern: { template: end.template, occurrences: c.co_occurrence_count, window_ms: 0, distinct_params: 0 },
    suggestion: 'The finding itself is not part of this report; its trace may be.', first_timestamp: c.first_seen, last_timestamp: c.last_seen,
    confidence: 'daemon_staging', signature: '',
  };
}

export function Correlations() {
  const { data, rows, view, open } = usePage();
  const [limit, setLimit] = useState(SHOWN);
  const all = data.report.correlations ?? [];
  const cards = useMemo(() => {
    const made = all.map((c) => {
      const source = matchEnd(c.source, rows);
      const target = matchEnd(c.target, rows);
      const rank = Math.min(source?.severityRank ?? SEVERITIES.length, target?.severityRank ?? SEVERITIES.length);
      return { c, source, target, rank, text: correlationText(c).toLowerCase() };
    });
    return made.sort((a, b) => a.rank - b.rank || b.c.confidence - a.c.confidence);
  }, [all, rows]);
  const query = view.filters.search.toLowerCase();
  const shown = cards.filter((card) => !query || card.text.includes(query));
  const End = ({ end, row, role, c }: { end: CorrelationEnd; row: Row | undefined; role: string; c: Correlation }) => {
    const finding = row?.f ?? (role === 'then' && c.sample_trace_id ? standIn(end, c.sample_trace_id, c) : undefined);
    const inner = (
      <>
        <span class="row-top"><span class="muted small">{role}</span>{row && <Pill severity={row.f.severity} />}<span class="row-label"><Hl text={label(end.finding_type)} /></span></span>
        <span class="row-where"><Hl text={endText(end)} /></span>
        <code class="row-template"><Hl text={end.template} /></code>
      </>
    );
    return finding ? <button type="button" class="end" onClick={() => open(finding)}>{inner}</button> : <div class="end">{inner}</div>;
  };
  return (
    <>
      <div class="toolbar"><div class="toolbar-row">
        <p class="muted">{count(shown.length, 'pair')} of findings that follow one another.</p>
        <Actions tab="correlations" sheet={() => correlationsSheet(shown.map((s) => s.c))} />
      </div></div>
      {shown.length === 0 && <div class="card"><Empty title="No correlation matches">Take the search away to see all {grouped(all.length)}.</Empty></div>}
      {shown.slice(0, limit).map(({ c, source, target }, i) => (
        <section class="card correlation" key={i} aria-label={`${label(c.source.finding_type)} then ${label(c.target.finding_type)}`}>
          <End end={c.source} row={source} role="first" c={c} />
          <span class="follows" aria-hidden="true">→</span>
          <End end={c.target} row={target} role="then" c={c} />
          <p class="figures num">{percent(c.confidence)} confidence · {millis(c.median_lag_ms)} lag · {count(c.co_occurrence_count, 'trace')}</p>
        </section>
      ))}
      {shown.length > limit && <button type="button" class="button" onClick={() => setLimit(limit + 200)}>Show more ({grouped(shown.length - limit)} left)</button>}
    </>
  );
}

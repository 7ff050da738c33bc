// The finding that is open.
import type { ComponentChildren } from 'preact';
import { count, duration, fixed, grouped, millis, percent, seen } from '../format';
import { isNPlusOne, label, summary } from '../kinds';
import { extraOps, type Row } from '../rows';
import { criticalPathUs, energyKwh, fixWords, saving } from '../saving';
import { kwh } from '../format';
import { usePage } from './context';
import { AckButton, AckNote } from './live';
import { CopyButton, Help, Hl, Outside, Pill, Template, Ticked } from './parts';
import { TraceView } from './trace';

const SOURCES: Record<string, string> = { local_batch: 'local batch', ci_batch: 'CI batch', daemon_staging: 'daemon, staging', daemon_production: 'daemon, production' };

function Cell({ name, wide, children }: { name: string; wide?: boolean; children: ComponentChildren }) {
  return <div class={wide ? 'cell whole' : 'cell'}><dt>{name}</dt><dd>{children}</dd></div>;
}

function Gains({ row }: { row: Row }) {
  const gain = saving(row.f);
  const path = criticalPathUs(row.f);
  const energy = energyKwh(row.f);
  const how = fixWords(row.f);
  if (!gain && path === undefined) return null;
  return (
    <div class="gains">
      {gain && (
        <p>
          <strong>{gain.savedUs > 0 ? `Fixed, a request is ${millis(gain.savedUs / 1000)} shorter` : 'Fixed, a request takes as long as before'}</strong>
          {` (${millis(gain.traceUs / 1000)} now, ${millis((gain.traceUs - gain.savedUs) / 1000)} then)`}{how ? `: the calls ${how}.` : '.'}
        </p>
      )}
      {gain && gain.traceUs > 0 && (
        <div class="gain-bar" role="img" aria-label={`${percent(gain.savedUs / gain.traceUs)} of the request's time`}>
          <span class="gain-left" style={{ width: `${(100 * (gain.traceUs - gain.savedUs)) / gain.traceUs}%` }} />
        </div>
      )}
      {path !== undefined && <p class="muted small">Today the request waits {millis(path / 1000)} for these calls (their part of its critical path){energy !== undefined && `, and they take ${kwh(energy)} of energy`}.</p>}
    </div>
  );
}

function NoTrace({ row }: { row: Row }) {
  const { data } = usePage();
  const live = row.f.confidence.startsWith('daemon');
  const text = data.trimmed_traces
    ? <>This trace was left out to keep the page small. <code>--max-traces-embedded</code> sets how many are kept.</>
    : live && data.embedded_traces.length > 0
    ? <>The daemon no longer had this trace. <code>[daemon] max_retained_traces</code> sets how many it keeps.</>
    : data.embedded_traces.length === 0 && !data.report.detection_config
    ? <>The report that this page was made from holds no spans. While the trace is fresh, ask the daemon: <code>perf-sentinel query explain --trace-id {row.f.trace_id.slice(0, 40)}</code></>
    : <>This trace is not part of the page.</>;
  return <p class="note">{text}</p>;
}

function Location({ row }: { row: Row }) {
  const at = row.f.code_location;
  if (!at) return null;
  const name = [at.namespace, at.function].filter(Boolean).join('.');
  const file = at.filepath ? `${at.filepath}${at.lineno !== undefined ? `:${at.lineno}` : ''}` : '';
  const text = name && file ? `${name} (${file})` : name || file;
  return text ? <Cell name="Code" wide><code class="wrap">{text}</code></Cell> : null;
}

export function Detail({ row }: { row: Row }) {
  const { data, inPg, jumpToPg, link } = usePage();
  const f = row.f;
  const p = f.pattern;
  const trace = data.embedded_traces.find((t) => t.trace_id === f.trace_id);
  const [first, last] = seen(f.first_timestamp, f.last_timestamp);
  const day = first !== f.first_timestamp ? f.first_timestamp.slice(0, 10) : '';
  const total = data.report.green_summary.total_io_ops;
  return (
    <article class="detail" aria-label={`${label(f.type)} on ${f.source_endpoint}`}>
      <header class="detail-head">
        <Pill severity={f.severity} />
        <h2>{label(f.type)}</h2>
        <Help id={f.type} about={label(f.type)} />
        <span class="detail-tools"><CopyButton label="Copy link" text={link} /><AckButton finding={f} /></span>
      </header>
      <AckNote finding={f} />
      <p class="summary">{summary(f)}</p>
      <Gains row={row} />
      <dl class="cells">
        <Cell name="Service"><Hl text={f.service} /></Cell>
        {(f.grouping ?? []).map((g) => <Cell key={g.key} name={g.key}><Hl text={g.value} /></Cell>)}
        <Cell name="Endpoint"><span class="wrap"><Hl text={f.source_endpoint} /></span></Cell>
        <Cell name="I/O impact">
          {f.green_impact ? <span class="num">{grouped(extraOps(f))} avoidable ops{total > 0 && extraOps(f) > 0 && !f.confidence.startsWith('daemon') ? ` (${percent(extraOps(f) / total)})` : ''}, intensity {fixed(f.green_impact.io_intensity_score, 1)} <span class="muted">{f.green_impact.io_intensity_band}</span></span> : <span class="muted">not scored</span>}
        </Cell>
        <Cell name="Occurrences"><span class="num">{count(p.occurrences, 'time')}</span></Cell>
        <Cell name="Window"><span class="num">{millis(p.window_ms)}</span></Cell>
        <Cell name="Distinct parameters"><span class="num">{grouped(p.distinct_params)} of {grouped(p.occurrences)}</span></Cell>
        {isNPlusOne(f.type) && <Cell name="Recognised by">{f.classification_method === 'sanitizer_heuristic' ? 'timing and data layer (values were removed)' : 'different values'}</Cell>}
        {p.span_duration_us_p50 !== undefined && (
          <Cell name="Each took"><span class="num">{duration(p.span_duration_us_p50)} median{p.span_duration_us_p99 !== undefined && `, ${duration(p.span_duration_us_p99)} p99`}{p.span_duration_cv_x1000 !== undefined && `, spread ${fixed(p.span_duration_cv_x1000 / 10, 1)} %`}</span></Cell>
        )}
        <Location row={row} />
      </dl>
      <section>
        <h3>What to do</h3>
        <p class="advice"><Ticked text={f.suggestion} /></p>
        {f.suggested_fix && (
          <div class="fix">
            <p><span class="tag">{f.suggested_fix.framework}</span> <Ticked text={f.suggested_fix.recommendation} /></p>
            {f.suggested_fix.reference_url && <p><Outside href={f.suggested_fix.reference_url}>Documentation</Outside></p>}
          </div>
        )}
      </section>
      <section>
        <h3>Template</h3>
        <pre class="template"><code><Template text={p.template} /></code></pre>
        {inPg(p.template) && <p><button type="button" class="button" onClick={() => jumpToPg(p.template)}>Show in pg_stat</button></p>}
      </section>
      <section>
        <div class="trace-head">
          <h3>Trace</h3>
          <code title={f.trace_id}>{f.trace_id.slice(0, 12)}</code>
          <CopyButton label="Copy id" text={() => f.trace_id} />
        </div>
        {trace ? <TraceView trace={trace} finding={f} /> : <NoTrace row={row} />}
      </section>
      <footer class="detail-foot muted small">
        <span>{SOURCES[f.confidence] ?? f.confidence}</span>
        <span>detected in {count(row.traces, 'trace')}</span>
        <span title={`${f.first_timestamp} – ${f.last_timestamp}`}>{day && `${day} `}{first === last ? `seen ${first}` : `first seen ${first}, last ${last}`}</span>
      </footer>
    </article>
  );
}


// The first tab: does the run pass, what is to be fixed first, and what would that gain (chapter 07 §7.5).
import { useMemo } from 'preact/hooks';
import { count, fixed, gateFigure, grams, grouped, kwh, millis, percent } from '../format';
import { label, regionName, RULE_NAMES, SEVERITY_NAME } from '../kinds';
import type { Severity } from '../payload';
import { distinct, extraOps, NO_FILTERS, ranked, severityCounts, type Row } from '../rows';
import { fixWords, gainShare, saving } from '../saving';
import { Bars, TimeChart } from './charts';
import { usePage } from './context';
import { Hl, Pill } from './parts';

const TOP = 5;

function Verdict() {
  const { data } = usePage();
  const { quality_gate: gate, analysis } = data.report;
  const passed = gate.rules.filter((rule) => rule.passed).length;
  const filtered = analysis.ingest?.spans_filtered ?? 0;
  const missing = (analysis.ingest?.filtered_missing_db_statement ?? 0) + (analysis.ingest?.filtered_missing_http_url ?? 0);
  return (
    <section class="card hero" aria-label="Quality gate">
      <div class="hero-head">
        <span class={`verdict ${gate.passed ? 'pass' : 'fail'}`}>{gate.passed ? 'PASS' : 'FAIL'}</span>
        <div>
          <h2>Quality gate</h2>
          <p class="muted">
            {gate.rules.length === 0 ? 'No rules were judged.' : passed === gate.rules.length
              ? `All ${gate.rules.length} rules hold.` : `${passed} of ${gate.rules.length} rules hold.`}
          </p>
        </div>
        <dl class="meta">
          <div><dt>Input</dt><dd title={data.input_label}>{data.input_label === '-' ? 'standard input' : data.input_label}</dd></div>
          <div><dt>Traces</dt><dd>{grouped(analysis.traces_analyzed)}</dd></div>
          <div><dt>Spans</dt><dd>{grouped(analysis.events_processed)}</dd></div>
          <div><dt>Version</dt><dd>{data.report.binary_version ?? data.version}</dd></div>
        </dl>
      </div>
      <ul class="rules">
        {gate.rules.map((rule) => (
          <li key={rule.rule} class={rule.passed ? 'rule ok' : 'rule bad'}>
            <span class="rule-mark" aria-hidden="true">{rule.passed ? '✓' : '✕'}</span>
            <span class="sr">{rule.passed ? 'Holds: ' : 'Broken: '}</span>
            <span>{RULE_NAMES[rule.rule] ?? rule.rule}</span>
            <span class="num">{gateFigure(rule.actual)} / {gateFigure(rule.threshold)}</span>
          </li>
        ))}
      </ul>
      {filtered > 0 && (
        <p class={missing > 0 ? 'ingest warn' : 'ingest'}>
          {count(analysis.ingest!.spans_received, 'span')} received, {grouped(filtered)} not analysable
          {missing > 0 && `; ${count(missing, 'database or HTTP span')} carry no statement or address, so what they did is unknown: let the instrumentation record it`}.
        </p>
      )}
    </section>
  );
}

/** What a finding would gain when fixed, in words. */
export function Gain({ row }: { row: Row }) {
  const { data } = usePage();
  const gain = saving(row.f);
  const ops = extraOps(row.f);
  const total = data.report.green_summary.total_io_ops;
  if (gain && gain.savedUs > 0) {
    return <span class="gain"><strong>saves {millis(gain.savedUs / 1000)}</strong> of {millis(gain.traceUs / 1000)} a request</span>;
  }
  if (ops > 0) {
    const live = row.f.confidence.startsWith('daemon') || total === 0;
    return <span class="gain"><strong>−{grouped(ops)}</strong> I/O ops{!live && ` · ${percent(ops / total)} of I/O`}</span>;
  }
  if (row.f.pattern.span_duration_us_p99 !== undefined && row.f.type.startsWith('slow')) {
    return <span class="gain">p99 {millis(row.f.pattern.span_duration_us_p99 / 1000)} a call</span>;
  }
  return <span class="gain">{burden(row)}</span>;
}

/** What a finding is about where nothing can be saved by counting. */
function burden({ f }: Row): string {
  const n = grouped(f.pattern.occurrences);
  switch (f.type) {
    case 'chatty_service': return `${n} calls in one request`;
    case 'excessive_fanout': return `${n} calls of one span`;
    case 'pool_saturation': return `${n} calls open at once`;
    case 'serialized_calls': return `${n} calls in a row`;
    default: return `${n} times`;
  }
}

/** The answer in one sentence: where to begin, and what that gives. */
function Lead({ row }: { row: Row }) {
  const gain = saving(row.f);
  const share = gainShare(row.f);
  if (!gain || share === undefined) return null;
  return (
    <p class="lead">
      Start with <strong>{label(row.f.type)}</strong> in {row.f.service}: fixed, one request to <span class="wrap">{row.f.source_endpoint}</span> takes <strong class="num">{millis((gain.traceUs - gain.savedUs) / 1000)}</strong> instead of {millis(gain.traceUs / 1000)}, {percent(share)} less.
    </p>
  );
}

function First() {
  const { data, rows, open, go } = usePage();
  const top = useMemo(() => distinct(ranked(rows)).slice(0, TOP), [rows]);
  const { total_io_ops: all, avoidable_io_ops: avoidable } = data.report.green_summary;
  const knows = top.some((row) => row.saving > 0);
  return (
    <section class="card" aria-labelledby="first-title">
      <div class="card-head">
        <div>
          <h2 id="first-title">What to fix first</h2>
          <p class="muted">
            {top.length === 0 ? 'Nothing was found. Nothing needs fixing.'
              : knows ? 'One row a problem, ranked by the time one request gets back.'
              : avoidable > 0 ? `${grouped(avoidable)} of ${count(all, 'I/O operation')} can be avoided (${percent(avoidable / Math.max(1, all))}).`
              : 'Ranked by severity.'}
          </p>
        </div>
        {rows.length > TOP && <button type="button" class="button" onClick={() => go('findings', NO_FILTERS)}>All {count(rows.length, 'finding')}</button>}
      </div>
      {top[0] && <Lead row={top[0]} />}
      {top.length > 0 && (
        <ol class="first">
          {top.map((row, i) => (
            <li key={row.index}>
              <button type="button" class="first-row" onClick={() => open(row.f)}>
                <span class="rank" aria-hidden="true">{i + 1}</span>
                <span class="first-what">
                  <span class="first-name"><Pill severity={row.f.severity} /> <strong>{label(row.f.type)}</strong> <span class="muted num">×{grouped(row.f.pattern.occurrences)}</span></span>
                  <span class="first-where"><Hl text={`${row.f.service} · ${row.f.source_endpoint}`} />{row.traces > 1 && <span class="num"> · in {grouped(row.traces)} traces</span>}</span>
                  <code class="first-template"><Hl text={row.f.pattern.template} /></code>
                </span>
                <span class="first-gain">
                  <Gain row={row} />
                  {row.saving > 0 && fixWords(row.f) && <span class="muted small">when {fixWords(row.f)}</span>}
                  {row.f.green_impact && <span class="muted small">{fixed(row.f.green_impact.io_intensity_score, 1)} I/O ops a request</span>}
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Kpi({ name, value, note, tone, onClick }: { name: string; value: string; note: string; tone: string; onClick: () => void }) {
  return (
    <button type="button" class={`card kpi tone-${tone}`} onClick={onClick}>
      <span class="kpi-name">{name}</span>
      <span class="kpi-value">{value}</span>
      <span class="kpi-note">{note}</span>
    </button>
  );
}

const TONE: Record<Severity, string> = { critical: 'crit', warning: 'warn', info: 'info' };

function Kpis() {
  const { data, rows, go } = usePage();
  const counts = severityCounts(rows);
  const worst: Severity | null = counts.critical ? 'critical' : counts.warning ? 'warning' : counts.info ? 'info' : null;
  const promoted = worst ?? 'critical';
  const lower = promoted === 'critical' ? `${grouped(counts.warning)} warning · ${grouped(counts.info)} info`
    : promoted === 'warning' ? `${grouped(counts.info)} info` : 'nothing worse';
  const diff = data.diff;
  const added = diff?.new_findings.length ?? 0;
  const resolved = diff?.resolved_findings.length ?? 0;
  const co2 = data.report.green_summary.co2;
  return (
    <div class="kpis">
      <Kpi name="Findings" value={grouped(rows.length)} note={rows.length === 0 ? 'all clear' : worst === 'critical' ? 'some are critical' : 'none critical'}
        tone={worst ? TONE[worst] : 'ok'} onClick={() => go('findings', NO_FILTERS)} />
      <Kpi name={SEVERITY_NAME[promoted]} value={grouped(counts[promoted])} note={lower} tone={worst ? TONE[worst] : 'ok'}
        onClick={() => go('findings', { ...NO_FILTERS, severity: worst ?? '' })} />
      <Kpi name="Δ Baseline" value={diff ? `+${grouped(added)} / −${grouped(resolved)}` : '-'} note={diff ? 'new / resolved findings' : 'no baseline given'}
        tone={!diff || added === resolved ? 'plain' : added > resolved ? 'crit' : 'ok'} onClick={() => go(diff ? 'diff' : 'findings', NO_FILTERS)} />
      <Kpi name="Total CO2" value={co2 ? grams(co2.total.mid) : '-'} note={co2 ? `${grams(co2.total.low)} low · ${grams(co2.total.high)} high` : 'carbon scoring is off'}
        tone="plain" onClick={() => go('green', NO_FILTERS)} />
    </div>
  );
}

function Rail() {
  const { data, go } = usePage();
  const { diff, report } = data;
  const regions = report.green_summary.regions ?? [];
  const total = regions.reduce((sum, r) => sum + r.co2_gco2, 0);
  const top = [...regions].sort((a, b) => b.co2_gco2 - a.co2_gco2).slice(0, 3);
  return (
    <div class="rail">
      {diff && (
        <section class="card" aria-labelledby="rail-diff">
          <h2 id="rail-diff">Since the baseline</h2>
          <div class="pills">
            <button type="button" class="pill-button tone-crit" onClick={() => go('diff')}>+{grouped(diff.new_findings.length)} new</button>
            <button type="button" class="pill-button tone-ok" onClick={() => go('diff')}>−{grouped(diff.resolved_findings.length)} resolved</button>
            <button type="button" class="pill-button tone-warn" onClick={() => go('diff')}>{grouped(diff.severity_changes.length)} changed</button>
          </div>
        </section>
      )}
      {report.green_summary.co2 && (
        <section class="card" aria-labelledby="rail-region">
          <h2 id="rail-region">Carbon by region</h2>
          <p class="muted small">Operational, {grams(report.green_summary.co2.operational_gco2)} in all</p>
          {top.length === 0 ? <p class="muted">No region is known.</p> : (
            <Bars unit={grams} items={top.map((r) => ({ name: r.region === 'unknown' || r.status === 'unresolved' ? 'unknown region' : regionName(r.region), value: r.co2_gco2, note: total > 0 ? percent(r.co2_gco2 / total) : undefined }))} />
          )}
        </section>
      )}
    </div>
  );
}

interface EndpointSum { name: string; ops: number; saving: number }

function perEndpoint(rows: Row[]): EndpointSum[] {
  const sums = new Map<string, EndpointSum>();
  for (const row of rows) {
    const name = `${row.f.service} · ${row.f.source_endpoint}`;
    const sum = sums.get(name) ?? { name, ops: 0, saving: 0 };
    sum.ops += extraOps(row.f);
    sum.saving = Math.max(sum.saving, row.saving);
    sums.set(name, sum);
  }
  return [...sums.values()];
}

function Charts() {
  const { data, rows } = usePage();
  const sums = useMemo(() => perEndpoint(rows), [rows]);
  const bySaving = sums.filter((s) => s.saving > 0).sort((a, b) => b.saving - a.saving).slice(0, 8);
  const byOps = sums.filter((s) => s.ops > 0).sort((a, b) => b.ops - a.ops).slice(0, 8);
  const energy = Object.entries(data.report.green_summary.per_service_energy_kwh ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 8);
  return (
    <div class="charts">
      {bySaving.length > 0 && (
        <section class="card" aria-labelledby="chart-saving">
          <h2 id="chart-saving">Time a request gets back</h2>
          <p class="muted small">Largest single fix of each endpoint</p>
          <Bars items={bySaving.map((s) => ({ name: s.name, value: s.saving }))} unit={(us) => millis(us / 1000)} />
        </section>
      )}
      {byOps.length > 0 && (
        <section class="card" aria-labelledby="chart-ops">
          <h2 id="chart-ops">Avoidable I/O by endpoint</h2>
          <p class="muted small">Operations that the findings stand for</p>
          <Bars items={byOps.map((s) => ({ name: s.name, value: s.ops }))} unit={(n) => `${grouped(n)} ops`} />
        </section>
      )}
      <TimeChart rows={rows} />
      {energy.length > 0 && (
        <section class="card" aria-labelledby="chart-energy">
          <h2 id="chart-energy">Energy by service</h2>
          <p class="muted small">{data.report.green_summary.energy_model ? `Model ${data.report.green_summary.energy_model}, ` : ''}{kwh(data.report.green_summary.energy_kwh ?? 0)} in all</p>
          <Bars items={energy.map(([name, value]) => ({ name, value }))} unit={kwh} />
        </section>
      )}
    </div>
  );
}

export function Overview() {
  return (
    <>
      <Verdict />
      <Kpis />
      <div class="overview-main">
        <First />
        <Rail />
      </div>
      <Charts />
    </>
  );
}


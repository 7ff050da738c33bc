// What changed since the baseline (chapter 07 §7.7, §8).
import { useMemo, useState } from 'preact/hooks';
import { diffSheet } from '../exports';
import { grouped } from '../format';
import { label, SEVERITIES, SEVERITY_NAME } from '../kinds';
import type { Delta, Diff, Finding } from '../payload';
import { usePage } from './context';
import { Actions, Hl, Pill } from './parts';
import { SortTable, type Column } from './table';

const SHOWN = 50;

export function findingMatches(f: Finding, search: string): boolean {
  if (!search) return true;
  const text = [f.severity, f.type, label(f.type), f.service, f.source_endpoint, f.pattern.template, ...(f.grouping ?? []).flatMap((g) => [g.key, g.value])].join('\n');
  return text.toLowerCase().includes(search.toLowerCase());
}

export function bySeverity(findings: Finding[]): Finding[] {
  return [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function Column_({ id, title, tone, findings, onPick, none }: { id: string; title: string; tone: string; findings: Finding[]; onPick: (f: Finding) => void; none: string }) {
  const [limit, setLimit] = useState(SHOWN);
  return (
    <section class={`card diff-column tone-${tone}`} aria-labelledby={id}>
      <h2 id={id}>{title} <span class="badge">{grouped(findings.length)}</span></h2>
      {findings.length === 0 ? <p class="muted">{none}</p> : (
        <ul class="diff-list">
          {findings.slice(0, limit).map((f, i) => (
            <li key={i}>
              <button type="button" class="diff-row" onClick={() => onPick(f)}>
                <span class="row-top"><Pill severity={f.severity} /><span class="row-label"><Hl text={label(f.type)} /></span><span class="row-count num">×{grouped(f.pattern.occurrences)}</span></span>
                <span class="row-where"><Hl text={`${f.service} · ${f.source_endpoint}`} /></span>
                <code class="row-template"><Hl text={f.pattern.template} /></code>
              </button>
            </li>
          ))}
        </ul>
      )}
      {findings.length > limit && <button type="button" class="button" onClick={() => setLimit(limit + 200)}>Show more ({grouped(findings.length - limit)} left)</button>}
    </section>
  );
}

type Change = Diff['severity_changes'][number];
const CHANGES: Column<Change>[] = [
  { name: 'Type', text: (c) => label(c.finding.type) },
  { name: 'Endpoint', wide: true, text: (c) => `${c.finding.service} · ${c.finding.source_endpoint}` },
  { name: 'Before', text: (c) => SEVERITY_NAME[c.before_severity], cell: (c) => <Pill severity={c.before_severity} /> },
  { name: 'After', text: (c) => SEVERITY_NAME[c.after_severity], cell: (c) => <Pill severity={c.after_severity} /> },
];
const signed = (n: number) => (n > 0 ? `+${grouped(n)}` : n < 0 ? `−${grouped(-n)}` : '0');
const DELTAS: Column<Delta>[] = [
  { name: 'Service', text: (d) => d.service },
  { name: 'Endpoint', wide: true, text: (d) => d.endpoint },
  { name: 'Before (ops)', numeric: true, text: (d) => grouped(d.before_io_ops) },
  { name: 'After (ops)', numeric: true, text: (d) => grouped(d.after_io_ops) },
  { name: 'Δ (ops)', numeric: true, text: (d) => signed(d.delta), cell: (d) => <span class={d.delta > 0 ? 'worse' : d.delta < 0 ? 'better' : ''}>{signed(d.delta)}</span> },
];

export function DiffTab() {
  const { data, view, open, toast } = usePage();
  const diff = data.diff!;
  const search = view.filters.search;
  const added = useMemo(() => bySeverity(diff.new_findings.filter((f) => findingMatches(f, search))), [search]);
  const resolved = useMemo(() => bySeverity(diff.resolved_findings.filter((f) => findingMatches(f, search))), [search]);
  const worst = added[0]?.severity;
  const empty = diff.new_findings.length + diff.resolved_findings.length + diff.severity_changes.length + diff.endpoint_metric_deltas.length === 0;
  return (
    <>
      <div class="toolbar"><div class="toolbar-row">
        <p class="muted">Compared with the baseline by type, service, endpoint and template.</p>
        <Actions tab="diff" sheet={() => diffSheet(diff, added, resolved, diff.severity_changes.filter((c) => findingMatches(c.finding, search)))} />
      </div></div>
      {empty && <p class="banner info">Nothing differs from the baseline.</p>}
      <div class="two">
        <Column_ id="diff-new" title="New" tone={worst === 'critical' ? 'crit' : worst === 'warning' ? 'warn' : worst === 'info' ? 'info' : 'ok'} findings={added} onPick={open} none="Nothing new." />
        <Column_ id="diff-resolved" title="Resolved" tone="ok" findings={resolved} none="Nothing resolved."
          onPick={() => toast('This finding is gone in the present run: its trace is in the baseline.')} />
      </div>
      {diff.severity_changes.length > 0 && (
        <section class="card"><h2>Severity changes</h2>
          <SortTable id="diff-severity-table" label="Severity changes" columns={CHANGES} rows={diff.severity_changes} /></section>
      )}
      {diff.endpoint_metric_deltas.length > 0 && (
        <section class="card"><h2>I/O operations by endpoint</h2>
          <SortTable id="diff-delta-table" label="I/O operations by endpoint" columns={DELTAS} rows={diff.endpoint_metric_deltas} /></section>
      )}
    </>
  );
}

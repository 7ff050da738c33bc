// One trace: its spans as a tree, and beside each the time it took, with the finding laid over them (chapter 07 §7.6).
import { useMemo, useState } from 'preact/hooks';
import { clock, count, duration, grouped, millis } from '../format';
import { label } from '../kinds';
import type { Finding, Trace } from '../payload';
import { buildTree, culprits, title, type Tree, type TreeRow } from '../tree';
import { usePage } from './context';
import { Hl, useMedia } from './parts';
import { useWindow } from './window';

const WINDOWED_FROM = 150;
const TICKS = 2;

function Axis({ tree }: { tree: Tree }) {
  const span = tree.to - tree.from;
  return (
    <div class="axis" aria-hidden="true">
      {Array.from({ length: TICKS + 1 }, (_, i) => (
        <span key={i} class="tick" style={{ left: `${(100 * i) / TICKS}%` }}>{i === 0 ? '0' : millis(Math.round(((span * i) / TICKS) * 10) / 10)}</span>
      ))}
    </div>
  );
}

function Band({ tree, finding }: { tree: Tree; finding: Finding }) {
  const first = Date.parse(finding.first_timestamp);
  const last = Date.parse(finding.last_timestamp);
  const span = tree.to - tree.from;
  if (Number.isNaN(first) || Number.isNaN(last) || !(span > 0)) return null;
  const left = Math.max(0, Math.min(1, (first - tree.from) / span));
  const right = Math.max(left, Math.min(1, (last - tree.from) / span));
  return <span class="band" aria-hidden="true" style={{ left: `${100 * left}%`, width: `${100 * (right - left)}%` }} />;
}

function Line({ row, tree, dim, finding, others }: { row: TreeRow; tree: Tree; dim: boolean; finding: Finding; others: Finding[] }) {
  const { inPg, jumpToPg } = usePage();
  const { span } = row;
  const total = tree.to - tree.from;
  const place = row.start === null || row.end === null || !tree.timed ? null
    : { left: total > 0 ? (100 * (row.start - tree.from)) / total : 0, width: total > 0 ? (100 * (row.end - row.start)) / total : 100 };
  const text = title(span);
  const took = row.times > 1 ? `${grouped(row.times)} × ${duration(row.durationUs)}` : duration(row.durationUs);
  const failed = span.status_code !== undefined && span.status_code >= 400;
  return (
    <div class={`line${row.hit ? ' hit' : ''}${dim ? ' dim' : ''}`} role="listitem">
      <div class="line-what" style={{ paddingLeft: `min(${row.depth * 20}px, 40%)` }}>
        <span class={`kind kind-${span.event_type}`} aria-hidden="true" />
        {row.hit && <span class="sr">Part of the finding: </span>}
        <span class="line-text">
          <span class="line-title" title={`${span.service} · ${text}`}>
            {span.event_type === 'sql' && inPg(span.template)
              ? <button type="button" class="linkish" onClick={() => jumpToPg(span.template)}><Hl text={text} /></button> : <Hl text={text} />}
          </span>
        </span>
        {row.times > 1 && <span class="times num">×{grouped(row.times)}</span>}
        {span.status_code !== undefined && <span class={failed ? 'status bad' : 'status'}>{span.status_code}</span>}
        {others.length > 0 && <span class="also" title={`Also in: ${others.map((f) => label(f.type)).join(', ')}`}>+{others.length}</span>}
      </div>
      <div class="line-time">
        <Band tree={tree} finding={finding} />
        {place && <span class={`span-bar${row.times > 1 ? ' many' : ''}`} style={{ left: `${Math.min(place.left, 99.5)}%`, width: `${Math.max(0.5, Math.min(place.width, 100 - place.left))}%` }} />}
      </div>
      <div class="line-clock num">{clock(span.timestamp)}</div>
      <div class="line-took num">{took}</div>
    </div>
  );
}

export function TraceView({ trace, finding }: { trace: Trace; finding: Finding }) {
  const { data, rows: all } = usePage();
  const narrow = useMedia('(max-width: 720px)');
  const [full, setFull] = useState(false);
  const hits = useMemo(() => culprits(trace, finding, data.culprit_spans), [trace, finding]);
  const tree = useMemo(() => buildTree(trace, hits), [trace, hits]);
  const siblings = useMemo(() => all.filter((r) => r.f.trace_id === trace.trace_id && r.f !== finding).map((r) => r.f), [trace, finding]);
  const byTemplate = useMemo(() => {
    const map = new Map<string, Finding[]>();
    for (const f of siblings) map.set(f.pattern.template, [...(map.get(f.pattern.template) ?? []), f]);
    return map;
  }, [siblings]);
  const height = narrow ? 48 : 30;
  const windowed = tree.rows.length > WINDOWED_FROM;
  const { box, from, to, onScroll } = useWindow<HTMLDivElement>(tree.rows.length, height);
  const visible = windowed ? tree.rows.slice(from, to) : full || tree.rows.length <= 40 ? tree.rows : tree.rows.slice(0, 40);
  const anyHit = tree.hits > 0;
  return (
    <div class="trace">
      <p class="trace-legend muted small">
        {count(trace.spans.length, 'span')}{tree.timed && ` in ${millis(Math.round((tree.to - tree.from) * 100) / 100)}`}
        <span class="key"><span class="kind kind-sql" />SQL</span><span class="key"><span class="kind kind-http_out" />HTTP</span><span class="key"><span class="kind kind-messaging" />messaging</span>
        {anyHit && <span class="key"><span class="key-hit" />this finding</span>}
      </p>
      {anyHit && tree.hits < finding.pattern.occurrences && (
        <p class="note">{grouped(tree.hits)} of {grouped(finding.pattern.occurrences)} occurrences are in this tree: it is a representative trace.</p>
      )}
      {tree.timed && <div class="line line-head" aria-hidden="true"><div class="line-what" /><div class="line-time"><Axis tree={tree} /></div><div class="line-clock">start</div><div class="line-took">took</div></div>}
      <div class={windowed ? 'lines tall' : 'lines'} role="list" aria-label="Spans of the trace" ref={box} onScroll={windowed ? onScroll : undefined} tabIndex={windowed ? 0 : undefined}>
        {windowed && <div style={{ height: `${from * height}px` }} aria-hidden="true" />}
        {visible.map((row, i) => (
          <Line key={windowed ? from + i : i} row={row} tree={tree} finding={finding} dim={anyHit && !row.hit} others={byTemplate.get(row.span.template) ?? []} />
        ))}
        {windowed && <div style={{ height: `${(tree.rows.length - to) * height}px` }} aria-hidden="true" />}
      </div>
      {!windowed && visible.length < tree.rows.length && (
        <button type="button" class="button" onClick={() => setFull(true)}>Show all {grouped(tree.rows.length)} rows</button>
      )}
      {tree.hidden > 0 && <p class="note">{count(tree.hidden, 'span')} deeper or further down are not shown.</p>}
    </div>
  );
}

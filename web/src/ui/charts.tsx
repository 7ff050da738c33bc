// Charts: bars with their figures beside them, and findings over time.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { count, grouped } from '../format';
import { extraOps, type Row } from '../rows';

export interface Bar { name: string; value: number; note?: string | undefined }

/** Horizontal bars, longest first; each with its name and figure as text. */
export function Bars({ items, unit }: { items: Bar[]; unit: (value: number) => string }) {
  const most = Math.max(...items.map((item) => item.value), Number.MIN_VALUE);
  return (
    <ul class="bars">
      {items.map((item) => (
        <li key={item.name}>
          <span class="bar-name" title={item.name}>{item.name}</span>
          <span class="bar-figure num">{unit(item.value)}{item.note && <span class="muted"> · {item.note}</span>}</span>
          <span class="bar-track" aria-hidden="true"><span class="bar-fill" style={{ width: `${Math.max(0.5, (100 * item.value) / most)}%` }} /></span>
        </li>
      ))}
    </ul>
  );
}

const BUCKETS = 40;

interface Series { xs: number[]; findings: number[]; ops: number[]; stepMs: number }

function overTime(rows: Row[]): Series | null {
  let from = Infinity;
  let to = -Infinity;
  const times = rows.map((row) => Date.parse(row.f.first_timestamp));
  for (const t of times) {
    if (Number.isNaN(t)) continue;
    from = Math.min(from, t);
    to = Math.max(to, t);
  }
  if (!(to > from)) return null;
  const stepMs = Math.max(1, (to - from) / BUCKETS);
  const size = Math.floor((to - from) / stepMs) + 1;
  const xs = Array.from({ length: size }, (_, i) => (from + (i + 0.5) * stepMs) / 1000);
  const findings = new Array<number>(size).fill(0);
  const ops = new Array<number>(size).fill(0);
  rows.forEach((row, i) => {
    const t = times[i]!;
    if (Number.isNaN(t)) return;
    const at = Math.min(size - 1, Math.floor((t - from) / stepMs));
    findings[at]! += 1;
    ops[at]! += extraOps(row.f);
  });
  return { xs, findings, ops, stepMs };
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0');

/** UTC clock time, as fine as the distance between ticks asks for. */
function tick(seconds: number, stepSeconds: number): string {
  const d = new Date(seconds * 1000);
  if (stepSeconds >= 86_400) return `${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  const clock = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`;
  if (stepSeconds >= 60) return clock;
  return stepSeconds >= 1 ? `${clock}:${pad(d.getUTCSeconds())}` : `${pad(d.getUTCSeconds())}.${pad(d.getUTCMilliseconds(), 3)} s`;
}

// Distances between ticks, in seconds, that people count in.
const INCREMENTS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400,
  172_800, 604_800, 2_592_000];

function options(width: number, half: number): uPlot.Options {
  const text = colour('--muted');
  const grid = { stroke: colour('--line'), width: 1 };
  const font = '12px system-ui, sans-serif';
  const bars = uPlot.paths.bars!({ size: [0.8, 32], radius: 0.15 });
  return {
    width, height: 200, tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), 'Etc/UTC'),
    legend: { show: false }, cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: { x: { time: false, range: (_u, min, max) => [min - half, max + half] }, y: { range: (_u, _min, max) => [0, Math.max(1, max * 1.1)] } },
    axes: [
      { stroke: text, grid: { show: false }, ticks: grid, font, space: 70, incrs: INCREMENTS, values: (_u, splits, _a, _s, incr) => splits.map((s) => tick(s, incr)) },
      { stroke: text, grid, ticks: { show: false }, font, size: 46, values: (_u, splits) => splits.map((s) => (Number.isInteger(s) ? grouped(s) : '')) },
    ],
    series: [{}, { label: 'ops', stroke: colour('--accent'), fill: colour('--accent'), width: 0, paths: bars, points: { show: false } }],
  };
}

/** When the findings happened, and how many operations they cost. */
export function TimeChart({ rows }: { rows: Row[] }) {
  const box = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const series = useMemo(() => overTime(rows), [rows]);
  const hasOps = series !== null && series.ops.some((n) => n > 0);
  useEffect(() => {
    const el = box.current;
    if (!el || !series) return;
    let plot: uPlot | null = null;
    const values = hasOps ? series.ops : series.findings;
    const draw = () => {
      plot?.destroy();
      const opts = options(el.clientWidth, (0.6 * series.stepMs) / 1000);
      opts.hooks = { setCursor: [(u) => {
        const i = u.cursor.idx;
        if (!readout.current) return;
        readout.current.textContent = i === null || i === undefined ? ''
          : `${new Date(series.xs[i]! * 1000).toISOString().slice(11, 23)} UTC · ${count(series.findings[i]!, 'finding')} · ${count(series.ops[i]!, 'avoidable op')}`;
      }] };
      plot = new uPlot(opts, [series.xs, values], el);
    };
    draw();
    const resize = new ResizeObserver(() => plot && el.clientWidth > 0 && plot.setSize({ width: el.clientWidth, height: 200 }));
    resize.observe(el);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', draw);
    return () => { resize.disconnect(); theme.disconnect(); media.removeEventListener('change', draw); plot?.destroy(); };
  }, [series]);
  if (!series) return null;
  const peak = Math.max(...(hasOps ? series.ops : series.findings));
  const what = hasOps ? 'avoidable operations' : 'findings';
  return (
    <section class="card" aria-labelledby="chart-time">
      <h2 id="chart-time">When it happens</h2>
      <p class="muted small">{hasOps ? 'Avoidable I/O operations' : 'Findings'} by first sight, UTC <span class="readout num" ref={readout} /></p>
      <div class="plot" ref={box} role="img" aria-label={`${rows.length} findings between ${rows.length ? new Date(series.xs[0]! * 1000).toISOString() : ''} and ${new Date(series.xs[series.xs.length - 1]! * 1000).toISOString()}, at most ${peak} ${what} in one of ${series.xs.length} steps`} />
    </section>
  );
}

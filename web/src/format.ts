// Figures as the page shows them: every one with its unit (chapter 07 §7.5).

const GROUPED = /\B(?=(\d{3})+(?!\d))/g;

export function grouped(value: number): string {
  const [whole, fraction] = String(value).split('.');
  if (/e/.test(String(value))) return String(value);
  return whole!.replace(GROUPED, ',') + (fraction ? `.${fraction}` : '');
}

/** `value` with `digits` decimals and thousands separated. */
export function fixed(value: number, digits: number): string {
  const [whole, fraction] = value.toFixed(digits).split('.');
  return whole!.replace(GROUPED, ',') + (fraction ? `.${fraction}` : '');
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${grouped(n)} ${n === 1 ? one : many}`;
}

export function grams(g: number): string {
  const size = Math.abs(g);
  if (g === 0) return '0 g';
  if (size >= 1) return `${fixed(g, 3)} g`;
  if (size >= 1e-3) return `${fixed(g * 1e3, 3)} mg`;
  if (size >= 1e-6) return `${fixed(g * 1e6, 3)} ug`;
  return `${g.toExponential(2)} g`;
}

export function kwh(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-3) return `${fixed(value, 3)} kWh`;
  return `${value.toExponential(2)} kWh`;
}

/** A span's duration. */
export function duration(us: number): string {
  const ms = us / 1000;
  return ms < 10 ? `${fixed(ms, 2)} ms` : `${fixed(Math.round(ms), 0)} ms`;
}

/** A window or lag given in milliseconds. */
export function millis(ms: number): string {
  if (ms < 1000) return `${grouped(Math.round(ms * 10) / 10)} ms`;
  if (ms < 60_000) return `${fixed(ms / 1000, ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Whole percent, halves up. */
export function percent(share: number): string {
  return `${Math.floor(share * 100 + 0.5)} %`;
}

/** A gate figure: whole numbers plain, others with three decimals. */
export function gateFigure(value: number): string {
  return Number.isInteger(value) ? grouped(value) : fixed(value, 3);
}

/** First and last seen: the date once when both fall on one UTC day. */
export function seen(first: string, last: string): [string, string] {
  const day = /^\d{4}-\d{2}-\d{2}T/;
  if (day.test(first) && day.test(last) && first.slice(0, 10) === last.slice(0, 10)) return [first.slice(11), last.slice(11)];
  return [first, last];
}

/** Clock time of a timestamp with up to three fraction digits and its zone, or the text as it is. */
export function clock(timestamp: string | undefined): string {
  if (timestamp === undefined) return '';
  const m = /^\d{4}-\d{2}-\d{2}[T ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,3})\d*)?(Z|[+-]\d{2}:?\d{2})?$/.exec(timestamp);
  return m ? m[1]! + (m[2] ? `.${m[2]}` : '') + (m[3] ?? '') : timestamp;
}

/** The number a table cell shows, for sorting: understands separators, %, × and units; undefined for other text. */
export function numberIn(cell: string): number | undefined {
  const m = /^[×x~]?\s*([+\-−]?[\d,]*\.?\d+(?:e[+-]?\d+)?)\s*(ug|mg|kg|g|us|ms|s|kWh|%|×)?$/i.exec(cell.trim());
  if (!m) return undefined;
  const value = Number(m[1]!.replace(/,/g, '').replace('−', '-'));
  if (Number.isNaN(value)) return undefined;
  const scale: Record<string, number> = { ug: 1e-6, mg: 1e-3, g: 1, kg: 1e3, us: 1e-6, ms: 1e-3, s: 1 };
  return value * (scale[(m[2] ?? '').toLowerCase()] ?? 1);
}

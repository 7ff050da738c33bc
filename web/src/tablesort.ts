// Sorting of tables by their headers (chapter 07 §7.8).
import { numberIn } from './format';

export interface SortStep { i: number; dir: 'asc' | 'desc' }
type Cells = string[];

const SEVERITY_ORDER: Record<string, number> = { critical: 3, warning: 2, info: 1 };

/** Whether a column sorts as severities, as numbers or as text: by what most of its cells are. */
export function columnKind(rows: Cells[], i: number): 'severity' | 'number' | 'text' {
  let filled = 0;
  let numbers = 0;
  let severities = 0;
  for (const row of rows) {
    const text = row[i] ?? '';
    if (!text) continue;
    ++filled;
    if (numberIn(text) !== undefined) ++numbers;
    if (text.toLowerCase() in SEVERITY_ORDER) ++severities;
  }
  if (filled > 0 && severities / filled > 0.7) return 'severity';
  return filled > 0 && numbers / filled > 0.7 ? 'number' : 'text';
}

/** The steps after a click on column `i`: its natural direction, the other one, none. */
export function nextSteps(steps: SortStep[], i: number, natural: 'asc' | 'desc', add: boolean): SortStep[] {
  const at = steps.findIndex((step) => step.i === i);
  const rest = add ? steps.filter((step) => step.i !== i) : [];
  if (at < 0) return [...rest, { i, dir: natural }];
  if (steps[at]!.dir !== natural) return rest;
  const turned: SortStep = { i, dir: natural === 'asc' ? 'desc' : 'asc' };
  return add ? steps.map((step) => (step.i === i ? turned : step)) : [turned];
}

/** Places of the rows in sorted order. */
export function sortedOrder(rows: Cells[], steps: SortStep[]): number[] {
  const order = rows.map((_, i) => i);
  const keys = steps.map(({ i, dir }) => {
    const kind = columnKind(rows, i);
    const turn = dir === 'asc' ? 1 : -1;
    if (kind === 'text') return { turn, texts: rows.map((row) => (row[i] ?? '').toLowerCase()), numbers: undefined };
    const value = (text: string) => (kind === 'severity' ? SEVERITY_ORDER[text.toLowerCase()] : numberIn(text)) ?? -Infinity;
    return { turn, texts: undefined, numbers: rows.map((row) => value(row[i] ?? '')) };
  });
  return order.sort((a, b) => {
    for (const { turn, texts, numbers } of keys) {
      const c = numbers ? compare(numbers[a]!, numbers[b]!) : compare(texts![a]!, texts![b]!);
      if (c !== 0) return turn * c;
    }
    return a - b;
  });
}

function compare<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const KEY = 'perf-sentinel:tablesort';

export type Sorts = Record<string, SortStep[]>;

function clean(value: unknown): Sorts {
  const out: Sorts = {};
  if (typeof value !== 'object' || value === null) return out;
  for (const [id, steps] of Object.entries(value)) {
    if (!Array.isArray(steps)) continue;
    const good = steps.filter((s): s is SortStep => Number.isInteger(s?.i) && s.i >= 0 && (s.dir === 'asc' || s.dir === 'desc'));
    if (good.length > 0) out[id] = good.map(({ i, dir }) => ({ i, dir }));
  }
  return out;
}

export function loadSorts(): Sorts {
  try {
    return clean(JSON.parse(localStorage.getItem(KEY) ?? '{}'));
  } catch {
    return {};
  }
}

export function storeSorts(sorts: Sorts): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(sorts));
  } catch {
    // Storage may be denied; the order then lasts as long as the page.
  }
}

/** `<table>:<col><a|d>[.…][,…]` */
export function sortsToText(sorts: Sorts, ids: string[]): string {
  return ids.filter((id) => sorts[id]?.length).map((id) => `${id}:${sorts[id]!.map((s) => s.i + s.dir[0]!).join('.')}`).join(',');
}

export function sortsFromText(text: string): Sorts {
  const out: Sorts = {};
  for (const part of text.split(',')) {
    const m = /^([a-z-]+):(\d+[ad](?:\.\d+[ad])*)$/.exec(part);
    if (m) out[m[1]!] = m[2]!.split('.').map((s) => ({ i: parseInt(s, 10), dir: s.endsWith('a') ? 'asc' : 'desc' }));
  }
  return out;
}

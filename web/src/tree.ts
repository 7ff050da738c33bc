// The spans of a trace as rows: who called whom, when, and which of them a finding is about (chapter 07 §7.6).
import { culpritKey } from './kinds';
import type { Finding, Payload, Span, Trace } from './payload';

export const MAX_ROWS = 2000;
export const MAX_DEPTH = 64;

export interface TreeRow {
  span: Span;
  depth: number;
  times: number;         // spans that this row stands for
  durationUs: number;    // their average
  start: number | null;  // ms since 1970
  end: number | null;    // of the last of them
  hit: boolean;          // the finding is about it
}

export interface Tree {
  rows: TreeRow[];
  hidden: number;   // spans beyond MAX_ROWS or MAX_DEPTH
  hits: number;     // highlighted spans among the rows
  from: number;     // the time that rows span, ms since 1970
  to: number;
  timed: boolean;
}

function startOf(span: Span): number | null {
  if (span.timestamp === undefined) return null;
  const ms = Date.parse(span.timestamp);
  return Number.isNaN(ms) ? null : ms;
}

/** Places in `trace.spans` that the finding is about. Empty: nothing is highlighted. */
export function culprits(trace: Trace, finding: Finding, index: Payload['culprit_spans']): Set<number> {
  const ids = index?.[culpritKey(finding)];
  const all = trace.spans.map((span, i) => ({ span, i }));
  const pick = (keep: (span: Span) => boolean) => new Set(all.filter(({ span }) => keep(span)).map(({ i }) => i));
  if (ids && ids.length > 0) {
    const known = new Set(ids);
    return pick((span) => known.has(span.span_id));
  }
  const byTemplate = pick((span) => span.template === finding.pattern.template);
  if (byTemplate.size > 0) return byTemplate;
  const parents = new Set(trace.spans.map((span) => span.parent_span_id));
  if (finding.type === 'chatty_service') return pick((s) => s.event_type === 'http_out' && !parents.has(s.span_id));
  if (finding.type === 'pool_saturation') return pick((s) => s.event_type === 'sql' && !parents.has(s.span_id));
  return byTemplate;
}

function parentsOf(spans: Span[]): number[] {
  const byId = new Map<string, number>();
  spans.forEach((span, i) => byId.set(span.span_id, i));
  return spans.map((span, i) => {
    const parent = span.parent_span_id === undefined ? undefined : byId.get(span.parent_span_id);
    return parent === undefined || parent === i ? -1 : parent;
  });
}

export function buildTree(trace: Trace, hits: Set<number>): Tree {
  const { spans } = trace;
  const parents = parentsOf(spans);
  const children: number[][] = spans.map(() => []);
  const roots: number[] = [];
  parents.forEach((parent, i) => (parent < 0 ? roots : children[parent]!).push(i));

  const rows: TreeRow[] = [];
  const visited = new Uint8Array(spans.length);
  let shown = 0;
  const isLeaf = (i: number) => children[i]!.length === 0;
  const rowOf = (i: number, depth: number): TreeRow => {
    const start = startOf(spans[i]!);
    return {
      span: spans[i]!, depth, times: 1, durationUs: spans[i]!.duration_us, start,
      end: start === null ? null : start + spans[i]!.duration_us / 1000, hit: hits.has(i),
    };
  };
  // A leaf like the one before it joins its row; what a finding is about stays visible one by one.
  const joins = (row: TreeRow | undefined, previous: number, i: number, depth: number) =>
    row !== undefined && row.depth === depth && !row.hit && !hits.has(i) && isLeaf(previous) && isLeaf(i) &&
    spans[previous]!.event_type === spans[i]!.event_type && spans[previous]!.template === spans[i]!.template;

  const stack: { list: number[]; at: number; depth: number }[] = [];
  const walk = (list: number[]) => {
    stack.push({ list, at: 0, depth: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      if (top.at === top.list.length) {
        stack.pop();
        continue;
      }
      const i = top.list[top.at++]!;
      if (visited[i]) continue;
      visited[i] = 1;
      const last = rows[rows.length - 1];
      if (top.at > 1 && joins(last, top.list[top.at - 2]!, i, top.depth)) {
        const one = rowOf(i, top.depth);
        last!.durationUs = (last!.durationUs * last!.times + one.durationUs) / (last!.times + 1);
        last!.times += 1;
        if (one.start !== null) last!.start = last!.start === null ? one.start : Math.min(last!.start, one.start);
        if (one.end !== null) last!.end = last!.end === null ? one.end : Math.max(last!.end, one.end);
        ++shown;
        continue;
      }
      if (rows.length >= MAX_ROWS) continue;
      rows.push(rowOf(i, top.depth));
      ++shown;
      if (top.depth + 1 < MAX_DEPTH && !isLeaf(i)) stack.push({ list: children[i]!, at: 0, depth: top.depth + 1 });
    }
  };
  walk(roots);
  // Spans that only reach each other have no root: the first of each circle stands in for one.
  for (let i = 0; i < spans.length; ++i) if (!visited[i] && rows.length < MAX_ROWS && isInCircle(i, parents)) walk([i]);

  let from = Infinity;
  let to = -Infinity;
  for (const row of rows) {
    if (row.start === null || row.end === null) continue;
    from = Math.min(from, row.start);
    to = Math.max(to, row.end);
  }
  const timed = from <= to;
  return {
    rows, hidden: spans.length - shown, hits: rows.reduce((n, row) => n + (row.hit ? row.times : 0), 0),
    from: timed ? from : 0, to: timed ? to : 0, timed,
  };
}

function isInCircle(i: number, parents: number[]): boolean {
  let at = parents[i]!;
  for (let steps = 0; at >= 0 && steps <= parents.length; ++steps) {
    if (at === i) return true;
    at = parents[at]!;
  }
  return false;
}

/** What a row says: the statement, or the call with its method. */
export function title(span: Span): string {
  if (span.event_type !== 'http_out') return span.template;
  return span.template.startsWith(`${span.operation} `) || !span.operation ? span.template : `${span.operation} ${span.template}`;
}

import { describe, expect, it } from 'vitest';
import { pieces } from '../../src/sql';
import { buildTree, culprits, MAX_DEPTH, MAX_ROWS } from '../../src/tree';
import { finding, span } from '../e2e/sample';

const shape = (spans: ReturnType<typeof span>[], hits: number[] = []) =>
  buildTree({ trace_id: 't', spans }, new Set(hits)).rows.map((r) => '-'.repeat(r.depth) + r.span.span_id + (r.times > 1 ? `×${r.times}` : '')).join(' ');

describe('the span tree', () => {
  it('hangs children under parents, orphans at the root, in input order', () => {
    expect(shape([span('b', 0, 1, { parent_span_id: 'a', template: '1' }), span('a', 0, 1, { template: '2' }), span('c', 0, 1, { parent_span_id: 'gone', template: '3' })])).toBe('a -b c');
  });
  it('joins leaves that are alike, but never those of the finding', () => {
    const four = [span('r', 0, 9, { template: 'r' }), ...['a', 'b', 'c'].map((id) => span(id, 1, 1000, { parent_span_id: 'r' }))];
    expect(shape(four)).toBe('r -a×3');
    expect(shape(four, [1, 2, 3])).toBe('r -a -b -c');
    expect(buildTree({ trace_id: 't', spans: four }, new Set()).rows[1]!.durationUs).toBe(1000);
  });
  it('shows circles once instead of never', () => {
    expect(shape([span('a', 0, 1, { parent_span_id: 'b', template: '1' }), span('b', 0, 1, { parent_span_id: 'a', template: '2' })])).toBe('a -b');
  });
  it('stops at its bounds and says how much is missing', () => {
    const wide = buildTree({ trace_id: 't', spans: Array.from({ length: MAX_ROWS + 5 }, (_, i) => span(`${i}`, i, 1, { template: `${i}` })) }, new Set());
    expect([wide.rows.length, wide.hidden]).toEqual([MAX_ROWS, 5]);
    const deep = buildTree({ trace_id: 't', spans: Array.from({ length: MAX_DEPTH + 3 }, (_, i) => span(`${i}`, i, 1, i ? { parent_span_id: `${i - 1}` } : {})) }, new Set());
    expect([deep.rows.length, deep.hidden]).toEqual([MAX_DEPTH, 3]);
  });
  it('highlights known culprits, else the template, else the leaves of the kind', () => {
    const trace = { trace_id: 'trace-1', spans: [span('a', 0, 1), span('b', 0, 1, { event_type: 'http_out', template: 'GET x' })] };
    const f = finding();
    const key = `trace-1|${f.signature}|${f.first_timestamp}|${f.last_timestamp}`;
    expect([...culprits(trace, f, { [key]: ['b'] })]).toEqual([1]);
    expect([...culprits(trace, f, undefined)]).toEqual([0]);
    expect([...culprits(trace, finding({ type: 'chatty_service', pattern: { ...f.pattern, template: 'none' } }), undefined)]).toEqual([1]);
  });
});

describe('coloured templates', () => {
  it('lose nothing', () => {
    for (const text of ["SELECT 'it''s' FROM t WHERE id = ? AND n = 12", 'GET svc/api/{id}?x=1', '', '</script>']) {
      expect(pieces(text).map((p) => p.text).join('')).toBe(text);
    }
    expect(pieces('select ?').map((p) => p.kind)).toEqual(['keyword', 'plain', 'mark']);
  });
});

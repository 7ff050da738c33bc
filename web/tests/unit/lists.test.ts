import { describe, expect, it } from 'vitest';
import { cell, csv, fileName } from '../../src/csv';
import { parseHash, writeHash } from '../../src/hash';
import { matches, NO_FILTERS, prepare, ranked, sortRows } from '../../src/rows';
import { columnKind, nextSteps, sortedOrder, sortsFromText, sortsToText } from '../../src/tablesort';
import { finding } from '../e2e/sample';

const ops = (n: number) => ({ green_impact: { estimated_extra_io_ops: n, io_intensity_score: 1, io_intensity_band: 'healthy' } });

describe('findings', () => {
  const rows = prepare([
    finding({ ...ops(5), trace_id: 'a', signature: 's1' }),
    finding({ ...ops(7), trace_id: 'b', signature: 's1', severity: 'info' }),
    finding({ ...ops(9), trace_id: 'c', signature: 's2', severity: 'critical', grouping: [{ key: 'ns', value: 'prüfung' }] }),
    finding({ ...ops(1), trace_id: 'd', signature: 's3', impact: { trace_us: 100 }, what_if: { trace_us: 40 } }),
  ]);
  it('instances of one problem share its impact and traces', () => {
    expect(rows.map((r) => [r.impact, r.traces])).toEqual([[12, 2], [12, 2], [9, 1], [1, 1]]);
  });
  it('the identity of a grouping counts bytes', () => expect(rows[2]!.group).toBe('2:ns|8:prüfung'));
  it('sorting flips its key and not the one that breaks ties', () => {
    const order = (key: 'severity' | 'impact', dir: 'asc' | 'desc') => sortRows(rows, { key, dir }).map((r) => r.f.trace_id).join('');
    expect([order('severity', 'desc'), order('severity', 'asc'), order('impact', 'desc'), order('impact', 'asc')]).toEqual(['cadb', 'badc', 'abcd', 'dcab']);
  });
  it('what saves a request time is fixed first, then the worst', () => expect(ranked(rows).map((r) => r.f.trace_id).join('')).toBe('dcab'));
  it('search looks in labels, services, groupings, endpoints and templates', () => {
    const hits = (search: string) => rows.filter((r) => matches(r, { ...NO_FILTERS, search })).length;
    expect([hits('N+1 sql'), hits('ORDER-svc'), hits('prüf'), hits('/submit'), hits('order_item'), hits('nothing')]).toEqual([4, 4, 1, 4, 4, 0]);
  });
});

describe('CSV', () => {
  it('quotes what needs it and disarms formulas but not numbers', () => {
    expect(['a,b', 'a"b', '=1+1', '-5', '-x', '+1.5e3', '@x', '\tx', null].map(cell)).toEqual(
      ['"a,b"', '"a""b"', "'=1+1", '-5', "'-x", '+1.5e3', "'@x", "'\tx", '']);
    expect(csv(['a'], [[1]])).toBe('a\r\n1\r\n');
  });
  it('names files by label, tab and local time', () => {
    expect(fileName('../träces 1.json', 'diff', new Date(2026, 0, 2, 3, 4, 5))).toBe('perf-sentinel-tr-ces-1-json-diff-20260102-030405.csv');
    expect(fileName('', 'pgstat', new Date(2026, 0, 2, 3, 4, 5))).toBe('perf-sentinel-pgstat-20260102-030405.csv');
  });
});

describe('links', () => {
  it('come back as they went', () => {
    const link = { tab: 'findings', search: 'a&b=c', severity: 'info', grouping: '2:ns|4:prod', fsort: { key: 'impact', dir: 'asc' } } as const;
    expect(parseHash(writeHash(link))).toEqual(link);
    expect(writeHash({ tab: 'pgstat', tsort: 'pgstat-table:1d' })).toBe('#pgstat&tsort=pgstat-table%3A1d');
  });
  it('ignore what they do not know', () => {
    expect(parseHash('#findings&x=1&search=%E0%A4%A&fsort=name.up&type')).toEqual({ tab: 'findings' });
  });
});

describe('table sorting', () => {
  const cells = [['b', '1,000', 'Info'], ['a', '20 ms', 'Critical'], ['c', '3', 'Warning'], ['a', '', 'Info']];
  it('tells numbers and severities from text by most of the cells', () => {
    expect([0, 1, 2].map((i) => columnKind(cells, i))).toEqual(['text', 'number', 'severity']);
  });
  it('goes natural, reversed, back; Shift adds a column', () => {
    const one = nextSteps([], 1, 'desc', false);
    expect(one).toEqual([{ i: 1, dir: 'desc' }]);
    expect(nextSteps(one, 1, 'desc', false)).toEqual([{ i: 1, dir: 'asc' }]);
    expect(nextSteps([{ i: 1, dir: 'asc' }], 1, 'desc', false)).toEqual([]);
    expect(nextSteps(one, 0, 'asc', true)).toEqual([{ i: 1, dir: 'desc' }, { i: 0, dir: 'asc' }]);
  });
  it('sorts by value, keeps ties in place, breaks them by the next column', () => {
    expect(sortedOrder(cells, [{ i: 1, dir: 'desc' }])).toEqual([0, 2, 1, 3]);
    expect(sortedOrder(cells, [{ i: 0, dir: 'asc' }, { i: 2, dir: 'desc' }])).toEqual([1, 3, 0, 2]);
  });
  it('travels in links', () => {
    const sorts = { 'pgstat-table': [{ i: 1, dir: 'desc' as const }, { i: 0, dir: 'asc' as const }] };
    expect(sortsToText(sorts, ['pgstat-table'])).toBe('pgstat-table:1d.0a');
    expect(sortsFromText('pgstat-table:1d.0a,bad:x')).toEqual(sorts);
  });
});

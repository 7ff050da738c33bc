import { describe, expect, it } from 'vitest';
import { clock, duration, gateFigure, grams, kwh, millis, numberIn, percent, seen } from '../../src/format';

describe('figures carry their units', () => {
  it('grams change unit at one, a thousandth and a millionth', () => {
    expect([1234.5, 1, 0.9999, 0.001, 0.000999, 1e-6, 9.99e-7, 0].map(grams)).toEqual(
      ['1,234.500 g', '1.000 g', '999.900 mg', '1.000 mg', '999.000 ug', '1.000 ug', '9.99e-7 g', '0 g']);
  });
  it('kWh below a thousandth are exponential', () => {
    expect([0, 0.001, 0.000999, 12345.6].map(kwh)).toEqual(['0.000 kWh', '0.001 kWh', '9.99e-4 kWh', '12,345.600 kWh']);
  });
  it('durations have decimals below ten milliseconds only', () => {
    expect([1250, 9994, 10_000, 1_234_500].map(duration)).toEqual(['1.25 ms', '9.99 ms', '10 ms', '1,235 ms']);
  });
  it('windows grow from milliseconds to hours', () => {
    expect([999, 1000, 59_999, 61_000, 3_660_000].map(millis)).toEqual(['999 ms', '1.00 s', '60.0 s', '1 min 1 s', '1 h 1 min']);
  });
  it('percentages round halves up and gate figures keep whole numbers plain', () => {
    expect([0.005, 0.0049, 0.125].map(percent)).toEqual(['1 %', '0 %', '13 %']);
    expect([3, 0.1864].map(gateFigure)).toEqual(['3', '0.186']);
  });
  it('times of one UTC day are shown without it', () => {
    expect(seen('2026-01-05T08:00:00Z', '2026-01-05T09:00:00Z')).toEqual(['08:00:00Z', '09:00:00Z']);
    expect(seen('2026-01-05T08:00:00Z', '2026-01-06T09:00:00Z')[0]).toBe('2026-01-05T08:00:00Z');
    expect(clock('2026-01-05T08:00:00.123456Z')).toBe('08:00:00.123Z');
    expect(clock('yesterday')).toBe('yesterday');
  });
  it('cells of tables are understood with separators and units', () => {
    expect(['1,234.5', '12 %', '×7', '2 ms', '−8', '+12', '1.500 mg', 'GET /x', ''].map(numberIn)).toEqual(
      [1234.5, 12, 7, 0.002, -8, 12, 0.0015, undefined, undefined]);
  });
});

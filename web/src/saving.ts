// What fixing a finding would gain a request, read from the members `impact` and `what_if` of a finding (docs/impact.md).
import type { Finding } from './payload';

function figure(from: Record<string, unknown> | undefined, name: string): number | undefined {
  const value = from?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export interface Saving { savedUs: number; traceUs: number }

/** Undefined where no prediction was made. */
export function saving(f: Finding): Saving | undefined {
  const traceUs = figure(f.impact, 'trace_us');
  const fixedUs = figure(f.what_if, 'trace_us');
  if (traceUs === undefined || fixedUs === undefined) return undefined;
  return { savedUs: Math.max(0, traceUs - fixedUs), traceUs };
}

export function savingUs(f: Finding): number {
  return saving(f)?.savedUs ?? 0;
}

export function criticalPathUs(f: Finding): number | undefined {
  return figure(f.impact, 'critical_path_us');
}

export function energyKwh(f: Finding): number | undefined {
  return figure(f.impact, 'energy_kwh');
}

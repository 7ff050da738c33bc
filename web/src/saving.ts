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

const FIXES: Record<string, string> = {
  batch: 'batched into one call', cache: 'answered once and kept', parallel: 'run side by side', speed_up: 'no slower than the threshold',
};

/** How the finding would be fixed in the prediction. */
export function fixWords(f: Finding): string | undefined {
  const fix = f.what_if?.['fix'];
  return typeof fix === 'string' ? FIXES[fix] : undefined;
}

/** The share of a request's time that fixing the finding gives back; undefined where nothing would be gained. */
export function gainShare(f: Finding): number | undefined {
  const gain = saving(f);
  return gain && gain.savedUs > 0 && gain.traceUs > 0 ? gain.savedUs / gain.traceUs : undefined;
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

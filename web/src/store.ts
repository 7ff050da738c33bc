// Preferences that outlive a click. All storage may be denied, then the page forgets.

export type Theme = 'auto' | 'light' | 'dark';
export type Density = 'comfort' | 'compact';

function get(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

function set(storage: () => Storage, key: string, value: string): void {
  try {
    storage().setItem(key, value);
  } catch {
    // Denied: nothing to remember.
  }
}

const session = () => sessionStorage;
const local = () => localStorage;

export function theme(): Theme {
  const value = get(session, 'perf-sentinel:theme');
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export function setTheme(value: Theme): void {
  set(session, 'perf-sentinel:theme', value);
  document.documentElement.dataset['theme'] = value;
}

export function density(): Density {
  return get(local, 'perf-sentinel:density') === 'compact' ? 'compact' : 'comfort';
}

export function setDensity(value: Density): void {
  set(local, 'perf-sentinel:density', value);
  document.documentElement.dataset['density'] = value;
}

export function pgRanking(): string | null {
  return get(session, 'perf-sentinel:pgstat-ranking');
}

export function setPgRanking(value: string): void {
  set(session, 'perf-sentinel:pgstat-ranking', value);
}

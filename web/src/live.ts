// A running daemon as the page sees it: what it knows of itself, accepted findings, accepting and revoking (chapter 07 §7.10).
// No state but the key, which lives in this tab only and never outlives it.

export interface Ack { signature: string; by: string; at: string; reason?: string; expires_at?: string }

/** What became of a request: an answer of whatever status, or none at all. */
export interface Answer { status: number; body: unknown }
export const NO_ANSWER: Answer = { status: 0, body: null };

export type Health = { kind: 'connecting' } | { kind: 'connected' } | { kind: 'locked' } | { kind: 'refused'; status: number } | { kind: 'away' };

const KEY = 'perf-sentinel.daemon.api-key';
const PATIENCE_MS = 10_000;

/** The most acknowledgments that a daemon lists. */
export const MOST_ACKS = 1000;

let unstored = '';  // where storage is denied, the key is kept for as long as the page is open

export function heldKey(): string {
  try {
    return sessionStorage.getItem(KEY) ?? '';
  } catch {
    return unstored;
  }
}

export function holdKey(key: string): void {
  try {
    if (key) sessionStorage.setItem(KEY, key);
    else sessionStorage.removeItem(KEY);
  } catch {
    unstored = key;
  }
}

export async function ask(base: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  const key = heldKey();
  if (key) headers['X-API-Key'] = key;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(base.replace(/\/+$/, '') + path, {
      method, headers, mode: 'cors', credentials: 'omit', cache: 'no-store', redirect: 'error', signal: stop.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    let parsed: unknown = null;
    try {
      parsed = text ? JSON.parse(text) : null;
    } catch {
      // Not every answer is JSON: the status says enough.
    }
    return { status: answer.status, body: parsed };
  } catch {
    return NO_ANSWER;
  } finally {
    clearTimeout(timer);
  }
}

export function ackPath(signature: string): string {
  return `/api/findings/${encodeURIComponent(signature)}/ack`;
}

/** The state of the daemon by its two first answers: a lock on either is a lock. */
export function healthOf(status: Answer, acks: Answer): Health {
  if (status.status === 401 || acks.status === 401) return { kind: 'locked' };
  if (status.status === 0) return { kind: 'away' };
  if (status.status !== 200) return { kind: 'refused', status: status.status };
  return { kind: 'connected' };
}

export function healthText(health: Health): string {
  switch (health.kind) {
    case 'connecting': return 'Connecting...';
    case 'connected': return 'Connected';
    case 'locked': return 'Authentication required';
    case 'refused': return `HTTP ${health.status}`;
    case 'away': return 'Unreachable';
  }
}

/** The acknowledgments of an answer; undefined where it has none to give. */
export function acksOf(answer: Answer): Ack[] | undefined {
  if (answer.status !== 200 || !Array.isArray(answer.body)) return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return (answer.body as Record<string, unknown>[]).filter((a) => a && typeof a['signature'] === 'string').map((a) => ({
    signature: text(a['signature']), by: text(a['by']), at: text(a['at']),
    ...(text(a['reason']) ? { reason: text(a['reason']) } : {}), ...(text(a['expires_at']) ? { expires_at: text(a['expires_at']) } : {}),
  }));
}

/** What the daemon says of a refusal, as much as is worth reading. */
export function refusal(answer: Answer, what: string): string {
  if (answer.status === 0) return `No answer from the daemon: it is away, or it does not let this page in. Nothing is known to have changed.`;
  const said = (answer.body as { error?: unknown } | null)?.error;
  const why: Record<number, string> = { 404: 'it is not acknowledged', 409: 'it is acknowledged already', 503: 'the daemon keeps no acknowledgments', 507: 'the daemon has no room for more' };
  const text = typeof said === 'string' && said ? said.slice(0, 200) : why[answer.status];
  return `HTTP ${answer.status} on ${what}${text ? `: ${text}` : ''}`;
}

const LONGEST: Record<string, number> = { never: 0, '24h': 24, '7d': 7 * 24, '30d': 30 * 24 };
export const EXPIRIES: [string, string][] = [['never', 'Never'], ['24h', 'In 24 hours'], ['7d', 'In 7 days'], ['30d', 'In 30 days']];

/** The moment that a choice of EXPIRIES means, undefined for never. */
export function expiryOf(choice: string, now: Date): string | undefined {
  const hours = LONGEST[choice] ?? 0;
  return hours ? new Date(now.getTime() + hours * 3_600_000).toISOString() : undefined;
}

import { describe, expect, it } from 'vitest';
import { ackPath, acksOf, expiryOf, healthOf, healthText, refusal } from '../../src/live';
import { distinct, prepare } from '../../src/rows';
import { gainShare } from '../../src/saving';
import { finding } from '../e2e/sample';

const answer = (status: number, body: unknown = null) => ({ status, body });

describe('the state of a daemon', () => {
  it('is locked when either answer is, away without one, else what the status says', () => {
    expect(healthText(healthOf(answer(200), answer(200, [])))).toBe('Connected');
    expect(healthText(healthOf(answer(200), answer(401)))).toBe('Authentication required');
    expect(healthText(healthOf(answer(401), answer(0)))).toBe('Authentication required');
    expect(healthText(healthOf(answer(0), answer(0)))).toBe('Unreachable');
    expect(healthText(healthOf(answer(503), answer(200, [])))).toBe('HTTP 503');
  });
  it('takes acknowledgments only from a list, and leaves out what has no signature', () => {
    expect(acksOf(answer(200, [{ signature: 's', by: 'mira', at: 't', reason: '' }, { by: 'x' }, null]))).toEqual([{ signature: 's', by: 'mira', at: 't' }]);
    expect(acksOf(answer(200, { error: 'x' }))).toBeUndefined();
    expect(acksOf(answer(401, []))).toBeUndefined();
  });
});

describe('a change', () => {
  it('has its signature percent-encoded', () => {
    expect(ackPath('a:b/c {d}')).toBe('/api/findings/a%3Ab%2Fc%20%7Bd%7D/ack');
  });
  it('expires when chosen', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    expect(expiryOf('never', now)).toBeUndefined();
    expect(expiryOf('24h', now)).toBe('2026-01-02T00:00:00.000Z');
    expect(expiryOf('30d', now)).toBe('2026-01-31T00:00:00.000Z');
  });
  it('that is refused says with what, and why where that is known', () => {
    expect(refusal(answer(409), 'create')).toBe('HTTP 409 on create: it is acknowledged already');
    expect(refusal(answer(409, { error: 'already acked' }), 'create')).toBe('HTTP 409 on create: already acked');
    expect(refusal(answer(418), 'revoke')).toBe('HTTP 418 on revoke');
    expect(refusal(answer(0), 'create')).toContain('No answer');
  });
});

describe('problems', () => {
  it('are counted once, by signature and group; what has no signature stands alone', () => {
    const rows = prepare([finding(), finding(), finding({ grouping: [{ key: 'k', value: 'v' }] }), finding({ signature: '' }), finding({ signature: '' })]);
    expect(distinct(rows).map((r) => r.index)).toEqual([0, 2, 3, 4]);
  });
  it('have a share of the time only when something is gained', () => {
    expect(gainShare(finding({ impact: { trace_us: 400 }, what_if: { trace_us: 300 } }))).toBe(0.25);
    expect(gainShare(finding({ impact: { trace_us: 400 }, what_if: { trace_us: 400 } }))).toBeUndefined();
    expect(gainShare(finding())).toBeUndefined();
  });
});

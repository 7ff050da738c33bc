// What is there only while the page may talk to a daemon: its state, accepting and revoking findings, the key (chapter 07 §7.10).
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { count, grouped } from '../format';
import { label } from '../kinds';
import { ackPath, acksOf, ask, EXPIRIES, expiryOf, healthOf, healthText, heldKey, holdKey, refusal, type Ack, type Answer, type Health } from '../live';
import type { Finding, Payload } from '../payload';
import type { Row } from '../rows';
import { usePage } from './context';
import { Dialog } from './dialogs';

export interface Live {
  url: string;
  health: Health;
  checked: string;                 // clock time of the latest look, "" before the first answer
  busy: boolean;
  acks: Ack[] | undefined;         // undefined: the daemon has not said
  acked: Map<string, Ack>;         // by signature
  showAcked: boolean;
  hasKey: boolean;
  open: boolean;                   // a dialog of ours is open
  refresh: () => void;
  setShowAcked: (on: boolean) => void;
  forgetKey: () => void;
  enterKey: () => void;
  ack: (f: Finding) => void;
  revoke: (signature: string) => void;
}

/** For App, which draws the dialogs with it. */
export interface LiveParts { live: Live; dialogs: ComponentChildren }

type Say = (text: string, undo?: () => void) => void;
interface KeyQuestion { refused: boolean; done: (key: string) => void }

function clockNow(): string {
  return new Date().toTimeString().slice(0, 8);
}

export function useLive(data: Payload, rows: Row[], say: Say): LiveParts | null {
  const url = data.daemon?.url ?? '';
  const [health, setHealth] = useState<Health>({ kind: 'connecting' });
  const [checked, setChecked] = useState('');
  const [busy, setBusy] = useState(false);
  const [acks, setAcks] = useState<Ack[] | undefined>(undefined);
  const [showAcked, setShowAcked] = useState(false);
  const [hasKey, setHasKey] = useState(() => heldKey() !== '');
  const [asking, setAsking] = useState<KeyQuestion | null>(null);
  const [acking, setAcking] = useState<Finding | null>(null);
  const [revoking, setRevoking] = useState<string | null>(null);

  const keep = useCallback((key: string) => { holdKey(key); setHasKey(key !== ''); }, []);

  const refresh = useCallback(async () => {
    if (!url) return;
    setBusy(true);
    const [status, list] = await Promise.all([ask(url, 'GET', '/api/status'), ask(url, 'GET', '/api/acks')]);
    const now = healthOf(status, list);
    if (now.kind === 'locked') keep('');
    setHealth(now);
    setChecked(clockNow());
    const known = acksOf(list);
    if (known) setAcks(known);  // what is not said stays as it was
    setBusy(false);
  }, [url]);
  useEffect(() => { void refresh(); }, [refresh]);

  const askKey = useCallback((refused: boolean) => new Promise<string>((done) => {
    setAsking({ refused, done: (key) => { setAsking(null); done(key); } });
  }), []);

  /** A change of the daemon's acknowledgments; asks for the key for as long as the daemon does and the person gives one. */
  const write = useCallback(async (method: string, signature: string, body?: unknown): Promise<Answer> => {
    for (;;) {
      const answer = await ask(url, method, ackPath(signature), body);
      if (answer.status !== 401) return answer;
      const refused = heldKey() !== '';
      keep('');
      const key = await askKey(refused);
      if (!key) return answer;
      keep(key);
    }
  }, [url, askKey]);

  const takeBack = async (signature: string): Promise<boolean> => {
    const answer = await write('DELETE', signature);
    if (answer.status === 204) {
      setAcks((old) => old?.filter((a) => a.signature !== signature));
      say('Acknowledgment revoked.');
    } else {
      say(refusal(answer, 'revoke'));
    }
    void refresh();
    return answer.status === 204;
  };

  const accept = async (f: Finding, reason: string, by: string, expires: string): Promise<string> => {
    const until = expiryOf(expires, new Date());
    const answer = await write('POST', f.signature, { reason, ...(by ? { by } : {}), ...(until ? { expires_at: until } : {}) });
    if (answer.status !== 201) {
      if (answer.status === 0 || answer.status === 409) void refresh();
      return refusal(answer, 'create');
    }
    const ack: Ack = { signature: f.signature, by: by || 'anonymous', at: new Date().toISOString(), reason, ...(until ? { expires_at: until } : {}) };
    setAcks((old) => [...(old ?? []).filter((a) => a.signature !== f.signature), ack]);
    setAcking(null);
    say(`${label(f.type)} in ${f.service} is accepted.`, () => void takeBack(f.signature));
    void refresh();
    return '';
  };

  const acked = useMemo(() => new Map((acks ?? []).map((a) => [a.signature, a])), [acks]);
  if (!url) return null;
  const live: Live = {
    url, health, checked, busy, acks, acked, showAcked, hasKey, open: asking !== null || acking !== null || revoking !== null,
    refresh: () => void refresh(), setShowAcked,
    forgetKey: () => { keep(''); say('The key is forgotten.'); },
    enterKey: () => void askKey(false).then((key) => { if (key) { keep(key); void refresh(); } }),
    ack: setAcking, revoke: setRevoking,
  };
  const dialogs = (
    <>
      {acking && <AckDialog finding={acking} rows={rows} trimmed={data.trimmed_findings !== undefined} submit={(reason, by, expires) => accept(acking, reason, by, expires)} onClose={() => setAcking(null)} />}
      {revoking !== null && <RevokeDialog signature={revoking} submit={() => takeBack(revoking)} onClose={() => setRevoking(null)} />}
      {asking && <KeyDialog refused={asking.refused} done={asking.done} />}
    </>
  );
  return { live, dialogs };
}

/** The groupings that a signature stands for, when there are several. */
function scopes(f: Finding, rows: Row[]): string[] {
  const names = new Set(rows.filter((r) => r.f.signature === f.signature).map((r) => r.groupText || '(no grouping)'));
  return names.size > 1 ? [...names].sort() : [];
}

function AckDialog({ finding, rows, trimmed, submit, onClose }: {
  finding: Finding; rows: Row[]; trimmed: boolean; submit: (reason: string, by: string, expires: string) => Promise<string>; onClose: () => void;
}) {
  const [reason, setReason] = useState('');
  const [by, setBy] = useState('');
  const [expires, setExpires] = useState('7d');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const wide = useMemo(() => scopes(finding, rows), [finding, rows]);
  const send = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    if (!reason.trim()) return setProblem('Say why this is accepted: others will read it.');
    setBusy(true);
    setProblem('');
    const text = await submit(reason.trim(), by.trim(), expires);
    if (text) { setProblem(text); setBusy(false); }
    return undefined;
  };
  return (
    <Dialog label="Accept this finding" onClose={onClose} focus="#ack-reason">
      <form class="form" onSubmit={send} noValidate>
        <p><strong>{label(finding.type)}</strong> in {finding.service} · <span class="wrap">{finding.source_endpoint}</span></p>
        <label class="field"><span>Signature</span><input type="text" readOnly value={finding.signature} class="mono" /></label>
        {wide.length > 0 && <p class="note">This accepts it in {trimmed && 'at least '}{count(wide.length, 'grouping')}: {wide.join(', ')}</p>}
        <label class="field"><span>Reason (required)</span><input id="ack-reason" type="text" value={reason} required maxLength={1024} autocomplete="off" onInput={(e) => setReason(e.currentTarget.value)} /></label>
        <div class="field-pair">
          <label class="field"><span>Expires</span><select id="ack-expires" value={expires} onChange={(e) => setExpires(e.currentTarget.value)}>{EXPIRIES.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select></label>
          <label class="field"><span>By (optional)</span><input id="ack-by" type="text" value={by} maxLength={256} autocomplete="off" onInput={(e) => setBy(e.currentTarget.value)} /></label>
        </div>
        {problem && <p class="problem" role="alert">{problem}</p>}
        <div class="form-foot"><button type="button" class="button" onClick={onClose}>Cancel</button><button type="submit" class="button main" disabled={busy}>{busy ? 'Accepting…' : 'Accept'}</button></div>
      </form>
    </Dialog>
  );
}

function RevokeDialog({ signature, submit, onClose }: { signature: string; submit: () => Promise<boolean>; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    await submit();
    onClose();
  };
  return (
    <Dialog label="Revoke this acknowledgment" onClose={onClose} focus=".main">
      <form class="form" onSubmit={send}>
        <p>The finding counts again, here and for everybody who asks this daemon.</p>
        <p class="wrap"><code>{signature}</code></p>
        <div class="form-foot"><button type="button" class="button" onClick={onClose}>Cancel</button><button type="submit" class="button main" disabled={busy}>{busy ? 'Revoking…' : 'Revoke'}</button></div>
      </form>
    </Dialog>
  );
}

function KeyDialog({ refused, done }: { refused: boolean; done: (key: string) => void }) {
  const [key, setKey] = useState('');
  const given = useRef(false);
  const give = (value: string) => { if (!given.current) { given.current = true; done(value); } };
  return (
    <Dialog label="API key of the daemon" onClose={() => give('')} focus="#daemon-key">
      <form class="form" onSubmit={(e) => { e.preventDefault(); if (key.trim()) give(key.trim()); }}>
        {refused && <p class="problem" role="alert">The daemon does not take this key.</p>}
        <p>Its configuration has it as <code>[daemon.ack] api_key</code>. The key stays in this tab and goes to this daemon only.</p>
        <label class="field"><span>API key</span><input id="daemon-key" type="password" value={key} autocomplete="off" onInput={(e) => setKey(e.currentTarget.value)} /></label>
        <div class="form-foot"><button type="button" class="button" onClick={() => give('')}>Cancel</button><button type="submit" class="button main" disabled={!key.trim()}>Use this key</button></div>
      </form>
    </Dialog>
  );
}

const TONES: Record<Health['kind'], string> = { connecting: 'plain', connected: 'ok', locked: 'warn', refused: 'crit', away: 'crit' };

/** The line under the head of the page: how the daemon is, and what can be done. */
export function LiveBar() {
  const { live, hidden } = usePage();
  if (!live) return null;
  const known = live.acks !== undefined;
  return (
    <section class="live" aria-label="Daemon">
      <span id="live-status" class={`live-status tone-${TONES[live.health.kind]}`} role="status" aria-live="polite"><span class="dot" aria-hidden="true" />{healthText(live.health)}</span>
      <span class="live-where muted"><code>{live.url}</code>{live.checked && <span class="num"> · looked at {live.checked}</span>}</span>
      <span class="live-tools">
        <button type="button" class="chip" id="live-show-acked" aria-pressed={live.showAcked} disabled={!known} onClick={() => live.setShowAcked(!live.showAcked)}>
          Show acknowledged{!live.showAcked && hidden > 0 && <span class="chip-count"> {grouped(hidden)} hidden</span>}
        </button>
        {live.health.kind === 'locked' && !live.hasKey && <button type="button" class="button" id="live-enter-key" onClick={live.enterKey}>Enter key</button>}
        {live.hasKey && <button type="button" class="button" id="live-forget-key" onClick={live.forgetKey}>Forget key</button>}
        <button type="button" class="button" id="live-refresh" aria-busy={live.busy} disabled={live.busy} onClick={live.refresh}>{live.busy ? 'Refreshing…' : 'Refresh'}</button>
      </span>
      {live.health.kind === 'away' && (
        <p class="live-note">No answer from the daemon. It is not running, the network is in between, or <code>[daemon.cors] allowed_origins</code> does not name where this page was opened from. The findings below are those the page was made with{known ? '; acknowledgments are as last seen' : ''}.</p>
      )}
    </section>
  );
}

/** Accept or Revoke for one finding, with who has accepted it. */
export function AckButton({ finding }: { finding: Finding }) {
  const { live } = usePage();
  if (!live || !finding.signature) return null;
  return live.acked.has(finding.signature)
    ? <button type="button" class="button" onClick={() => live.revoke(finding.signature)}>Revoke</button>
    : <button type="button" class="button" onClick={() => live.ack(finding)}>Ack</button>;
}

export function AckNote({ finding }: { finding: Finding }) {
  const { live } = usePage();
  const ack = live?.acked.get(finding.signature);
  if (!ack || !finding.signature) return null;
  return <p class="banner info accepted">Accepted by {ack.by || 'anonymous'}{ack.reason && <>: {ack.reason}</>}<span class="muted-in"> · {ack.expires_at ? `until ${moment(ack.expires_at)}` : 'never expires'}</span></p>;
}

/** "2026-03-02 08:20 UTC" of an RFC 3339 time in UTC; other texts as they are. */
export function moment(text: string): string {
  const m = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/.exec(text);
  return m ? `${m[1]} ${m[2]} UTC` : text;
}

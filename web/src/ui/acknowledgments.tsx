// What a running daemon has accepted (chapter 07 §7.10).
import { useMemo } from 'preact/hooks';
import { count, grouped } from '../format';
import { label } from '../kinds';
import { MOST_ACKS, type Ack } from '../live';
import { usePage } from './context';
import { moment } from './live';
import { Empty, Hl } from './parts';

function matchesText(ack: Ack, search: string): boolean {
  return !search || `${ack.signature}\n${ack.by}\n${ack.reason ?? ''}`.toLowerCase().includes(search.toLowerCase());
}

export function Acknowledgments() {
  const { live, all, view, open } = usePage();
  const bySignature = useMemo(() => new Map(all.map((row) => [row.f.signature, row.f])), [all]);
  if (!live) return null;
  const acks = (live.acks ?? []).filter((a) => matchesText(a, view.filters.search)).sort((a, b) => (a.at < b.at ? 1 : -1));
  const total = live.acks?.length ?? 0;
  return (
    <div class="card acks-card">
      {live.acks === undefined ? (
        <Empty title="Not known yet">{live.health.kind === 'locked' ? 'The daemon wants an API key before it lists them.' : live.health.kind === 'connecting' ? 'Asking the daemon.' : 'The daemon has not answered.'}</Empty>
      ) : acks.length === 0 ? (
        <Empty title={total === 0 ? 'Nothing is accepted in this daemon' : 'No acknowledgment matches'}>{total === 0 ? 'Open a finding and press Ack to accept it until a date.' : 'Take the search away to see all of them.'}</Empty>
      ) : (
        <div class="table-box" tabIndex={0} role="region" aria-label="Acknowledgments">
          <table id="acknowledgments-table" class="acks" role="table" aria-label="Acknowledgments">
            <thead role="rowgroup"><tr role="row">{['Signature', 'By', 'Reason', 'Expires', ''].map((name, i) => <th key={i} scope="col" role="columnheader" class={i === 0 ? 'wide' : ''}>{name ? <span class="sort">{name}</span> : <span class="sr">Revoke</span>}</th>)}</tr></thead>
            <tbody role="rowgroup">
              {acks.map((ack) => {
                const f = bySignature.get(ack.signature);
                return (
                  <tr key={ack.signature} role="row">
                    <td role="cell" data-name="Signature" class="wide">
                      {f && <button type="button" class="linkish" onClick={() => { live.setShowAcked(true); open(f); }}>{label(f.type)} in <Hl text={f.service} /></button>}
                      <code class="wrap ack-signature"><Hl text={ack.signature} /></code>
                    </td>
                    <td role="cell" data-name="By"><Hl text={ack.by} /></td>
                    <td role="cell" data-name="Reason" class="ack-reason">{ack.reason ? <Hl text={ack.reason} /> : <span class="muted">none given</span>}</td>
                    <td role="cell" data-name="Expires" class="ack-until">{ack.expires_at ? moment(ack.expires_at) : 'never'}</td>
                    <td role="cell" data-name=""><button type="button" class="button" aria-label={`Revoke ${ack.signature}`} onClick={() => live.revoke(ack.signature)}>Revoke</button></td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <p class="muted small acks-foot">
        {count(total, 'acknowledgment')}{acks.length !== total && `, ${grouped(acks.length)} shown`}.{total >= MOST_ACKS && ` A daemon lists ${grouped(MOST_ACKS)} at most: there may be more.`} Those of an acknowledgments file (<code>.perf-sentinel-acknowledgments.toml</code>) are not listed: the file itself shows them.
      </p>
    </div>
  );
}

// Dialogs: their frame, the shortcuts, and what stands behind a "?".
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { SHEETS } from '../help';
import { usePage } from './context';
import { Outside } from './parts';

export function Dialog({ label, onClose, focus = '.dialog-close', children }: { label: string; onClose: () => void; focus?: string; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    (box.current?.querySelector(focus) as HTMLElement | null)?.focus();
    return () => opener?.focus?.();
  }, []);
  return (
    <dialog ref={box} aria-label={label} onClose={onClose} onClick={(e) => { if (e.target === box.current) box.current?.close(); }}>
      <div class="dialog-in">
        <div class="dialog-head"><h2>{label}</h2><button type="button" class="button round dialog-close" aria-label="Close" onClick={() => box.current?.close()}>✕</button></div>
        {children}
      </div>
    </dialog>
  );
}

const KEYS: [string[], string][] = [
  [['j', 'k'], 'Next and previous finding'], [['Enter'], 'Open the selected finding'], [['a'], 'Accept the finding, or revoke that (with a daemon)'], [['/', 'Ctrl+K'], 'Search'],
  [['Esc'], 'Close, leave the search, clear the filters'], [['g', 'o'], 'Overview'], [['g', 'f'], 'Findings'], [['g', 'p'], 'pg_stat'],
  [['g', 'd'], 'Diff'], [['g', 'c'], 'Correlations'], [['g', 'r'], 'Carbon'], [['g', 'a'], 'Acknowledgments (with a daemon)'], [['Shift+click'], 'On a table header: sort by it as well'], [['?'], 'This list'],
];

export function KeysDialog() {
  return <dl class="keys">{KEYS.map(([keys, what]) => <div key={what}><dt>{keys.map((k) => <kbd key={k}>{k}</kbd>)}</dt><dd>{what}</dd></div>)}</dl>;
}

export function SheetDialog({ id }: { id: string }) {
  const { data } = usePage();
  const sheet = SHEETS[id]!;
  const config = data.report.detection_config ?? {};
  return (
    <div class="sheet">
      <p class="summary">{sheet.tip}</p>
      <h3>What it measures</h3><p>{sheet.measures}</p>
      <h3>How it is computed</h3><p>{sheet.computed}</p>
      {sheet.tunes.length > 0 && <><h3>What tunes it</h3><ul>{sheet.tunes.map((key) => <li key={key}><code>{key}{config[key] !== undefined ? ` = ${config[key]}` : ''}</code></li>)}</ul></>}
      <h3>What it does not see</h3><p>{sheet.limits}</p>
      {sheet.link && <p><Outside href={sheet.link.href}>{sheet.link.text}</Outside></p>}
    </div>
  );
}

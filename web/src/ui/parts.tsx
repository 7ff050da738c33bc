// Small parts that several tabs share.
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { download, fileName } from '../csv';
import { csv } from '../csv';
import { SHEETS } from '../help';
import { PILL, SEVERITY_NAME } from '../kinds';
import type { Severity } from '../payload';
import { pieces } from '../sql';
import { usePage } from './context';

export function Pill({ severity }: { severity: Severity }) {
  return <span class={`pill pill-${severity}`} title={SEVERITY_NAME[severity]}>{PILL[severity]}</span>;
}

/** Text with the matches of the search marked. */
export function Hl({ text }: { text: string }) {
  const { view } = usePage();
  const query = view.filters.search.trim().toLowerCase();
  if (query.length < 2) return <>{text}</>;
  const lower = text.toLowerCase();
  // Lower-casing may change lengths in some scripts: then positions would not fit.
  if (lower.length !== text.length || !lower.includes(query)) return <>{text}</>;
  const out: ComponentChildren[] = [];
  let at = 0;
  for (let hit = lower.indexOf(query); hit >= 0; hit = lower.indexOf(query, at)) {
    if (hit > at) out.push(text.slice(at, hit));
    out.push(<mark key={hit}>{text.slice(hit, hit + query.length)}</mark>);
    at = hit + query.length;
  }
  out.push(text.slice(at));
  return <>{out}</>;
}

/** Text whose backticked parts are code. */
export function Ticked({ text }: { text: string }) {
  return <>{text.split('`').map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}

export function Template({ text }: { text: string }) {
  return <>{pieces(text).map((piece, i) => (piece.kind === 'plain' ? piece.text : <span key={i} class={`sql-${piece.kind}`}>{piece.text}</span>))}</>;
}

/** A link to elsewhere, or its text where the address is none we follow. */
export function Outside({ href, children }: { href: string; children: ComponentChildren }) {
  if (!/^https:\/\//.test(href) || /[\u0000-\u001f\u007f-\u009f]/.test(href)) return <>{children}</>;
  return <a href={href} target="_blank" rel="noopener noreferrer">{children}<span class="sr"> (opens in a new tab)</span></a>;
}

/** The round "?": a tip on hover and focus, and a sheet on click where there is one. */
export function Help({ id, tip, about }: { id?: string; tip?: string; about?: string }) {
  const page = usePage();
  const sheet = id ? SHEETS[id] : undefined;
  const text = tip ?? sheet?.tip ?? '';
  return (
    <Tipped tip={text}>
      {(handlers) => (
        <button type="button" class="help" aria-label={`About ${about ?? sheet?.title ?? 'this'}: ${text}`} {...handlers}
          onClick={(e) => { e.stopPropagation(); if (sheet) page.help(id!); }}>?</button>
      )}
    </Tipped>
  );
}

interface TipHandlers {
  onMouseEnter: (e: MouseEvent) => void;
  onMouseLeave: () => void;
  onFocus: (e: FocusEvent) => void;
  onBlur: () => void;
}

/** Shows `tip` beside what it wraps, inside the window whatever its size. */
export function Tipped({ tip, children }: { tip: string; children: (handlers: TipHandlers) => ComponentChildren }) {
  const [at, setAt] = useState<DOMRect | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const el = box.current;
    if (!el || !at) return;
    const { offsetWidth: w, offsetHeight: h } = el;
    const left = Math.max(8, Math.min(at.left + at.width / 2 - w / 2, innerWidth - w - 8));
    const top = at.bottom + 6 + h > innerHeight ? at.top - h - 6 : at.bottom + 6;
    el.style.left = `${left}px`;
    el.style.top = `${Math.max(8, top)}px`;
  }, [at]);
  useEffect(() => {
    if (!at) return;
    const hide = () => setAt(null);
    addEventListener('scroll', hide, true);
    return () => removeEventListener('scroll', hide, true);
  }, [at]);
  const show = (e: Event) => tip && setAt((e.currentTarget as HTMLElement).getBoundingClientRect());
  const hide = () => setAt(null);
  return (
    <>
      {children({ onMouseEnter: show, onMouseLeave: hide, onFocus: show, onBlur: hide })}
      {at && <div class="tip" role="tooltip" ref={box}>{tip}</div>}
    </>
  );
}

export function CopyButton({ text, label, id }: { text: () => string; label: string; id?: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      const area = document.createElement('textarea');
      area.value = text();
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return <button type="button" class="button quiet" id={id} onClick={copy} aria-live="polite">{done ? 'Copied' : label}</button>;
}

/** The buttons at the head of a tab. */
export function Actions({ tab, sheet }: { tab: string; sheet: () => { header: string[]; rows: unknown[][] } }) {
  const { data, link } = usePage();
  const save = () => {
    const { header, rows } = sheet();
    download(fileName(data.input_label === '-' ? '' : data.input_label, tab, new Date()), csv(header, rows));
  };
  return (
    <div class="actions">
      <CopyButton id={`${tab}-copy-link`} label="Copy link" text={link} />
      <button type="button" class="button" id={`${tab}-export`} onClick={save}>Export CSV</button>
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{children && <p>{children}</p>}</div>;
}

export function useMedia(query: string): boolean {
  const [hit, setHit] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const update = () => setHit(media.matches);
    update();
    media.addEventListener('change', update);
    return () => media.removeEventListener('change', update);
  }, [query]);
  return hit;
}

// The frame: sections, search, theme, keys, and what is open in them (chapter 07 §7.4, §7.8, §7.9).
import type { ComponentType } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { grouped } from '../format';
import { SHEETS } from '../help';
import { parseHash, writeHash, type Link } from '../hash';
import type { Finding, Payload, StatEntry } from '../payload';
import { DEFAULT_SORT, matches, NO_FILTERS, prepare, sortRows, type Filters, type Row } from '../rows';
import { statementKey } from '../statement';
import { density as storedDensity, pgRanking, setDensity, setPgRanking, setTheme, theme as storedTheme, type Theme } from '../store';
import { loadSorts, sortsFromText, sortsToText, storeSorts, type SortStep } from '../tablesort';
import { PageContext, type Page, type TabKey, type View } from './context';
import { correlationText, Correlations } from './correlations';
import { DiffTab, findingMatches } from './diff';
import { Dialog, KeysDialog, SheetDialog } from './dialogs';
import { Findings } from './findings';
import { Acknowledgments } from './acknowledgments';
import { Green } from './green';
import { LiveBar, useLive } from './live';
import { Overview } from './overview';
import { Help, Ticked, Tipped } from './parts';
import { MysqlStat, PG_SLUGS, PgStat, statMatches } from './stats';
import { listed, TABS } from './tabs';

const PANELS: Record<TabKey, ComponentType> = { overview: Overview, findings: Findings, pgstat: PgStat, mysqlstat: MysqlStat, diff: DiffTab, correlations: Correlations, green: Green, acknowledgments: Acknowledgments };
const TABLES: Partial<Record<TabKey, string[]>> = { pgstat: ['pgstat-table'], mysqlstat: ['mysqlstat-table'], diff: ['diff-severity-table', 'diff-delta-table'], green: ['region-table'] };
const CONTEXTS: Record<string, string> = { local_batch: 'batch · local', ci_batch: 'batch · CI', daemon_staging: 'daemon · live · staging', daemon_production: 'daemon · live · prod' };
const THEMES: Record<Theme, { next: Theme; name: string; mark: string }> = { auto: { next: 'light', name: 'System', mark: '◐' }, light: { next: 'dark', name: 'Light', mark: '○' }, dark: { next: 'auto', name: 'Dark', mark: '●' } };

function available(data: Payload, key: string): key is TabKey {
  const tab = listed(data).find((t) => t.key === key);
  return tab !== undefined && tab.missing(data) === null;
}

/** Filters of a link, without values that this report does not have. */
function knownFilters(link: Link, rows: Row[]): Filters {
  const has = (of: (r: Row) => string, value: string | undefined) => (value !== undefined && rows.some((r) => of(r) === value) ? value : '');
  return { search: link.search ?? '', severity: has((r) => r.f.severity, link.severity), service: has((r) => r.f.service, link.service), type: has((r) => r.f.type, link.type), grouping: has((r) => r.group, link.grouping) };
}

function rankingIndex(text: string | null | undefined, fallback: number): number {
  if (!text) return fallback;
  const at = PG_SLUGS.indexOf(text);
  return at >= 0 ? at : /^\d+$/.test(text) ? Number(text) : fallback;
}

function firstView(data: Payload, rows: Row[]): View {
  const link = parseHash(location.hash);
  const tab = available(data, link.tab) ? link.tab : 'overview';
  const sorts = { ...loadSorts(), ...(link.tsort ? sortsFromText(link.tsort) : {}) };
  const linked = link.finding ? rows.find((r) => r.f.signature === link.finding) : undefined;
  return {
    tab, filters: knownFilters(link, rows), sort: link.fsort ?? DEFAULT_SORT, selected: linked ?? null, pinned: null, sorts,
    rankings: { pgstat: rankingIndex(link.ranking ?? pgRanking(), 0), mysqlstat: 0 },
  };
}

function linkOf(view: View, full: boolean): Link {
  const link: Link = { tab: view.tab };
  const { filters } = view;
  if (filters.search) link.search = filters.search;
  if (view.tab === 'pgstat' && view.rankings.pgstat > 0) link.ranking = PG_SLUGS[view.rankings.pgstat] ?? String(view.rankings.pgstat);
  if (view.tab === 'findings') {
    for (const name of ['severity', 'service', 'type', 'grouping'] as const) if (filters[name]) link[name] = filters[name];
  }
  if (!full) return link;
  if (view.tab === 'findings' && view.selected?.f.signature) link.finding = view.selected.f.signature;
  const sorts = sortsToText(view.sorts, TABLES[view.tab] ?? []);
  if (sorts) link.tsort = sorts;
  if (view.sort.key !== DEFAULT_SORT.key || view.sort.dir !== DEFAULT_SORT.dir) link.fsort = view.sort;
  return link;
}

interface Toast { text: string; undo?: (() => void) | undefined }

type Open = { what: 'keys' } | { what: 'sheet'; id: string } | null;

export function App({ data }: { data: Payload }) {
  const all = useMemo(() => prepare(data.report.findings), [data]);
  const [view, setView] = useState<View>(() => firstView(data, all));
  const [open, setOpen] = useState<Open>(null);
  const [toast, setToast] = useState<Toast | null>(null);
  const [theme, changeTheme] = useState<Theme>(storedTheme);
  const [density, changeDensity] = useState(storedDensity);
  const search = useRef<HTMLInputElement>(null);
  const change = useCallback((part: Partial<View>) => setView((old) => ({ ...old, ...part })), []);

  const say = useCallback((text: string, undo?: () => void) => setToast({ text, undo }), []);
  useEffect(() => { if (toast) { const t = setTimeout(() => setToast(null), toast.undo ? 8000 : 5000); return () => clearTimeout(t); } return undefined; }, [toast]);
  const talk = useLive(data, all, say);
  const live = talk?.live ?? null;
  const rows = useMemo(() => (live && !live.showAcked && live.acked.size > 0 ? all.filter((r) => !live.acked.has(r.f.signature)) : all), [all, live?.acked, live?.showAcked]);

  const shown = useMemo(() => sortRows(rows.filter((r) => matches(r, view.filters)), view.sort), [rows, view.filters, view.sort]);
  // Something is always open while there is something to open; a stand-in of a correlation is in no list and stays.
  const selected = view.selected && (shown.includes(view.selected) || view.selected.index < 0) ? view.selected : shown[0] ?? null;
  const current: View = selected === view.selected ? view : { ...view, selected };

  const pgTemplates = useMemo(() => new Set((data.pg_stat?.rankings ?? []).flatMap((r) => r.entries.map((e) => statementKey(e.normalized_template)))), [data]);
  const go = (tab: TabKey, filters?: Partial<Filters>) => {
    setView((old) => ({ ...old, tab, filters: { ...old.filters, search: '', ...filters } }));
    scrollTo(0, 0);
  };
  const openFinding = (f: Finding) => {
    const row = all.find((r) => r.f === f) ?? all.find((r) => r.f.signature === f.signature && r.f.trace_id === f.trace_id && f.signature !== '') ?? { ...prepare([f])[0]!, index: -1 };
    setView((old) => ({ ...old, tab: 'findings', filters: NO_FILTERS, selected: row }));
    scrollTo(0, 0);
    requestAnimationFrame(() => document.getElementById('finding-detail')?.focus({ preventScroll: matchMedia('(min-width: 921px)').matches }));
  };

  const page: Page = {
    data, all, rows, hidden: all.length - rows.length, live, shown, view: current, change, go, open: openFinding, inPg: (t) => pgTemplates.has(statementKey(t)), help: (id) => setOpen({ what: 'sheet', id }), toast: say,
    jumpToPg: (template) => {
      const key = statementKey(template);
      const holds = (r: { entries: StatEntry[] } | undefined) => r?.entries.some((e) => statementKey(e.normalized_template) === key) ?? false;
      const at = data.pg_stat?.rankings.findIndex(holds) ?? -1;
      const here = holds(data.pg_stat?.rankings[view.rankings.pgstat]);
      setView((old) => ({ ...old, tab: 'pgstat', pinned: template, filters: { ...old.filters, search: '' }, rankings: { ...old.rankings, pgstat: here || at < 0 ? old.rankings.pgstat : at } }));
      scrollTo(0, 0);
    },
    link: () => location.href.replace(/#.*$/, '') + writeHash(linkOf(current, true)),
    setSort: (table: string, steps: SortStep[]) => setView((old) => {
      const sorts = { ...old.sorts, [table]: steps };
      storeSorts(sorts);
      return { ...old, sorts };
    }),
  };

  // The address follows the view a little later, and the view follows an address that someone else set.
  const written = useRef(location.hash);
  useEffect(() => {
    const timer = setTimeout(() => {
      const hash = writeHash(linkOf(current, false));
      written.current = hash;
      if (hash !== location.hash && !(hash === '#overview' && location.hash === '')) history.replaceState(null, '', hash);
    }, 200);
    return () => clearTimeout(timer);
  }, [view]);
  useEffect(() => {
    const follow = () => {
      if (location.hash === written.current) return;
      const link = parseHash(location.hash);
      if (!available(data, link.tab)) return;
      const linked = link.finding ? all.find((r) => r.f.signature === link.finding) : undefined;
      setView((old) => ({ ...old, tab: link.tab as TabKey, filters: knownFilters(link, all), selected: linked ?? old.selected, rankings: { ...old.rankings, pgstat: rankingIndex(link.ranking, old.rankings.pgstat) } }));
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [all]);
  useEffect(() => { if (data.pg_stat) setPgRanking(PG_SLUGS[view.rankings.pgstat] ?? String(view.rankings.pgstat)); }, [view.rankings.pgstat]);
  useLayoutEffect(() => setTheme(theme), [theme]);
  useLayoutEffect(() => setDensity(density), [density]);

  useKeys(page, search, open !== null || (live?.open ?? false), setOpen);

  const badges = useBadges(page);
  const tab = TABS.find((t) => t.key === view.tab)!;
  const gate = data.report.quality_gate.passed;
  const warnings = data.report.warning_details?.length ? data.report.warning_details : (data.report.warnings ?? []).map((message) => ({ kind: '', message }));
  const urgent = warnings.some((w) => w.kind === 'ingestion_drops');
  const confidence = data.report.findings[0]?.confidence;
  const Panel = PANELS[view.tab];
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);

  return (
    <PageContext.Provider value={page}>
      <div class="shell">
        <a class="skip" href="#main" onClick={(e) => { e.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to content</a>
        <aside class="side" aria-label="Report">
          <div class="brand"><Logo /><span>perf-sentinel</span></div>
          <p class="kind-label">HTML REPORT</p>
          <Nav page={page} badges={badges} />
          <p class="side-foot muted">{CONTEXTS[confidence ?? ''] ?? (data.daemon ? 'daemon · live' : 'batch')}<br />version {data.version}<br />Apache-2.0</p>
        </aside>
        <div class="body">
          <header class="top">
            <div class="top-title"><p class="eyebrow">{data.input_label === '-' ? 'standard input' : data.input_label}</p><h1>{tab.title}{tab.key === 'green' && <> <Help id="carbon_tab" about="Carbon" /></>}</h1></div>
            <label class="search">
              <span class="sr">Search findings, statements and comparisons</span>
              <input id="topbar-search" ref={search} type="search" placeholder="Search" value={view.filters.search} autocomplete="off" spellcheck={false}
                onInput={(e) => change({ filters: { ...view.filters, search: e.currentTarget.value } })} />
              <kbd aria-hidden="true">{mac ? '⌘K' : 'Ctrl+K'}</kbd>
            </label>
            <div class="top-tools">
              <span class={`gate ${gate ? 'pass' : 'fail'}`}>{gate ? 'GATE PASS' : 'GATE FAIL'}</span>
              <button type="button" class="button" aria-label={`Density: ${density === 'compact' ? 'Compact' : 'Comfort'}`} onClick={() => changeDensity(density === 'compact' ? 'comfort' : 'compact')}>{density === 'compact' ? 'Compact' : 'Comfort'}</button>
              <button type="button" class="button" aria-label={`Theme: ${THEMES[theme].name}`} onClick={() => changeTheme(THEMES[theme].next)}><span aria-hidden="true">{THEMES[theme].mark}</span> {THEMES[theme].name}</button>
              <button type="button" class="button round" aria-label="Keyboard shortcuts" onClick={() => setOpen({ what: 'keys' })}>?</button>
            </div>
          </header>
          <LiveBar />
          <main id="main" tabIndex={-1}>
            {warnings.length > 0 && (
              <div id="report-warnings" class={urgent ? 'banner warn' : 'banner info'} role={urgent ? 'alert' : 'status'}>
                {warnings.map((w, i) => <p key={i}>{w.kind && <strong>{w.kind.replace(/_/g, ' ')}: </strong>}<Ticked text={w.message} /></p>)}
              </div>
            )}
            <div role="tabpanel" id={`panel-${view.tab}`} aria-labelledby={`tab-${view.tab}`} class="panel" key={view.tab}><Panel /></div>
          </main>
          <footer class="foot muted"><span><kbd>j</kbd> <kbd>k</kbd> next, previous</span><span><kbd>/</kbd> search</span><span><kbd>g</kbd> <kbd>f</kbd> go to findings</span><span><kbd>?</kbd> all keys</span></footer>
        </div>
      </div>
      <div class="toast" role="status" aria-live="polite">{toast && <span>{toast.text}{toast.undo && <button type="button" class="toast-undo" onClick={() => { toast.undo!(); setToast(null); }}>Undo</button>}</span>}</div>
      {talk?.dialogs}
      {open?.what === 'keys' && <Dialog label="Keyboard shortcuts" onClose={() => setOpen(null)}><KeysDialog /></Dialog>}
      {open?.what === 'sheet' && SHEETS[open.id] && <Dialog label={SHEETS[open.id]!.title} onClose={() => setOpen(null)}><SheetDialog id={open.id} /></Dialog>}
    </PageContext.Provider>
  );
}

function Logo() {
  return <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><rect x="1" y="1" width="22" height="22" rx="6" class="logo-box" /><path d="M5 13h3l2-6 4 11 2-5h3" class="logo-line" /></svg>;
}

function Nav({ page, badges }: { page: Page; badges: Partial<Record<TabKey, number>> }) {
  const { data, view, change } = page;
  const usable = listed(data).filter((t) => t.missing(data) === null);
  const onKey = (e: KeyboardEvent) => {
    const at = usable.findIndex((t) => t.key === (e.target as HTMLElement).dataset['tab']);
    const to = e.key === 'ArrowDown' || e.key === 'ArrowRight' ? (at + 1) % usable.length : e.key === 'ArrowUp' || e.key === 'ArrowLeft' ? (at - 1 + usable.length) % usable.length
      : e.key === 'Home' ? 0 : e.key === 'End' ? usable.length - 1 : -1;
    if (to < 0 || at < 0) return;
    e.preventDefault();
    change({ tab: usable[to]!.key });
    document.getElementById(`tab-${usable[to]!.key}`)?.focus();
  };
  return (
    <nav aria-label="Sections">
      <div class="tabs" role="tablist" aria-orientation="vertical" aria-label="Sections" onKeyDown={onKey}>
        {listed(data).map((t) => {
          const missing = t.missing(data);
          if (missing !== null) {
            return (
              <Tipped key={t.key} tip={missing}>
                {(h) => <span role="tab" id={`tab-${t.key}`} class="tab off" aria-disabled="true" aria-selected={false} aria-label={`${t.label}, not available. ${missing}`} {...h}>{t.label}<span class="help" aria-hidden="true">?</span></span>}
              </Tipped>
            );
          }
          const chosen = view.tab === t.key;
          const badge = badges[t.key];
          return (
            <button type="button" key={t.key} id={`tab-${t.key}`} data-tab={t.key} role="tab" class="tab" aria-selected={chosen} {...(chosen ? { 'aria-controls': `panel-${t.key}` } : {})}
              tabIndex={chosen ? 0 : -1} onClick={() => { change({ tab: t.key }); scrollTo(0, 0); }}>{t.label}{badge !== undefined && <span class="badge num">{grouped(badge)}</span>}</button>
          );
        })}
      </div>
    </nav>
  );
}

/** How many rows each tab holds, or how many match while something is searched for. */
function useBadges({ data, rows, view, shown, live }: Page): Partial<Record<TabKey, number>> {
  return useMemo(() => {
    const query = view.filters.search;
    const lower = query.toLowerCase();
    const pg = data.pg_stat?.rankings[view.rankings.pgstat]?.entries ?? [];
    const mysql = data.mysql_stat?.rankings[view.rankings.mysqlstat]?.entries ?? [];
    const diff = data.diff ? [...data.diff.new_findings, ...data.diff.resolved_findings] : [];
    const correlations = data.report.correlations ?? [];
    return {
      findings: query ? shown.length : rows.length, pgstat: pg.filter((e) => statMatches(e, query)).length, mysqlstat: mysql.filter((e) => statMatches(e, query)).length,
      diff: diff.filter((f) => findingMatches(f, query)).length, ...(live?.acks ? { acknowledgments: live.acks.length } : {}), correlations: query ? correlations.filter((c) => correlationText(c).toLowerCase().includes(lower)).length : correlations.length,
    };
  }, [data, rows, shown, live?.acks, view.filters.search, view.rankings]);
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function useKeys(page: Page, search: { current: HTMLInputElement | null }, open: boolean, setOpen: (open: Open) => void) {
  const latest = useRef({ page, open });
  latest.current = { page, open };
  useEffect(() => {
    let goUntil = 0;
    const step = (by: number) => {
      const { shown, view, change } = latest.current.page;
      if (shown.length === 0) return;
      const at = view.selected ? shown.indexOf(view.selected) : -1;
      change({ selected: shown[(at + by + shown.length) % shown.length] ?? null });
    };
    const escape = (target: EventTarget | null) => {
      const { page: now } = latest.current;
      if (now.view.filters.search || target === search.current) {
        now.change({ filters: { ...now.view.filters, search: '' } });
        search.current?.blur();
      } else {
        now.change({ filters: NO_FILTERS });
      }
    };
    const onKey = (e: KeyboardEvent) => {
      const { page: now, open: dialog } = latest.current;
      if (dialog) return;  // a dialog keeps its keys, Esc included
      if ((e.metaKey || e.ctrlKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault();
        search.current?.focus();
        search.current?.select();
        return;
      }
      if (e.key === 'Escape') return escape(e.target);
      if (typing(e.target) || e.metaKey || e.ctrlKey || e.altKey) return;
      if (goUntil > e.timeStamp) {
        goUntil = 0;
        const tab = listed(now.data).find((t) => t.letter !== '' && t.letter === e.key);
        if (tab && tab.missing(now.data) === null) now.change({ tab: tab.key });
        return;
      }
      if (e.key === 'g') goUntil = e.timeStamp + 1000;
      else if (e.key === '/') { e.preventDefault(); search.current?.focus(); search.current?.select(); }
      else if (e.key === '?') setOpen({ what: 'keys' });
      else if (now.view.tab === 'findings' && e.key === 'a' && now.live && now.view.selected?.f.signature) {
        const { f } = now.view.selected;
        if (now.live.acked.has(f.signature)) now.live.revoke(f.signature);
        else now.live.ack(f);
        e.preventDefault();
      } else if (now.view.tab === 'findings' && e.key === 'j') step(1);
      else if (now.view.tab === 'findings' && e.key === 'k') step(-1);
      else if (now.view.tab === 'findings' && e.key === 'Enter' && (e.target === document.body || (e.target as HTMLElement).role === 'option')) document.getElementById('finding-detail')?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

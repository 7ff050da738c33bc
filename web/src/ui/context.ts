// What every part of the page can reach: the data, the state of the view and the ways to change it.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Finding, Payload } from '../payload';
import type { Filters, Row, Sort } from '../rows';
import type { Sorts, SortStep } from '../tablesort';
import type { Live } from './live';

export type TabKey = 'overview' | 'findings' | 'pgstat' | 'mysqlstat' | 'diff' | 'correlations' | 'green' | 'acknowledgments';

export interface View {
  tab: TabKey;
  filters: Filters;
  sort: Sort;
  selected: Row | null;
  rankings: { pgstat: number; mysqlstat: number };
  pinned: string | null;  // template that pg_stat shows first
  sorts: Sorts;
}

export interface Page {
  data: Payload;
  all: Row[];    // every finding of the page
  rows: Row[];   // without those that a daemon has accepted, unless they are wanted
  hidden: number;
  live: Live | null;
  shown: Row[];  // after filters and sorting
  view: View;
  change: (part: Partial<View>) => void;
  go: (tab: TabKey, filters?: Partial<Filters>) => void;
  open: (finding: Finding) => void;
  jumpToPg: (template: string) => void;
  inPg: (template: string) => boolean;
  help: (id: string) => void;
  toast: (text: string) => void;
  link: () => string;
  setSort: (table: string, steps: SortStep[]) => void;
}

export const PageContext = createContext<Page>(null as unknown as Page);
export const usePage = () => useContext(PageContext);

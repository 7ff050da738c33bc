// The state of the page as a link (chapter 07 §7.8): #<tab>[&search=][&ranking=][&severity=][&service=][&type=][&grouping=].
import type { SortKey } from './rows';

export interface Link {
  tab: string;
  search?: string;
  ranking?: string;
  severity?: string;
  service?: string;
  type?: string;
  grouping?: string;
  finding?: string;  // signature
  tsort?: string;
  fsort?: { key: SortKey; dir: 'asc' | 'desc' };
}

const PLAIN = ['search', 'ranking', 'severity', 'service', 'type', 'grouping', 'finding', 'tsort'] as const;

export function parseHash(hash: string): Link {
  const [tab = '', ...parts] = hash.replace(/^#/, '').split('&');
  const link: Link = { tab };
  for (const part of parts) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    const name = part.slice(0, at);
    let value: string;
    try {
      value = decodeURIComponent(part.slice(at + 1));
    } catch {
      continue;
    }
    if ((PLAIN as readonly string[]).includes(name)) link[name as (typeof PLAIN)[number]] = value;
    const m = name === 'fsort' ? /^(severity|impact|saving)\.(asc|desc)$/.exec(value) : null;
    if (m) link.fsort = { key: m[1] as SortKey, dir: m[2] as 'asc' | 'desc' };
  }
  return link;
}

export function writeHash(link: Link): string {
  let out = `#${link.tab}`;
  for (const name of PLAIN) if (link[name]) out += `&${name}=${encodeURIComponent(link[name]!)}`;
  if (link.fsort) out += `&fsort=${link.fsort.key}.${link.fsort.dir}`;
  return out;
}

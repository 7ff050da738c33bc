// Splits a statement template into coloured pieces. Nothing is lost: the pieces joined are the template.

export interface Piece { text: string; kind: 'keyword' | 'string' | 'number' | 'mark' | 'plain' }

const KEYWORDS = new Set(('select from where and or not in is null like between exists as on join left right inner outer full cross ' +
  'group by order having limit offset insert into values update set delete returning union all distinct with case when then else ' +
  'end asc desc count sum min max avg begin commit rollback get post put patch head options').split(' '));

const TOKEN = /('(?:[^']|'')*')|(\?|\$\d+|\{[^}\s]*\}|:[a-z_]\w*)|(\b\d+(?:\.\d+)?\b)|([A-Za-z_]\w*)/gi;

export function pieces(template: string): Piece[] {
  const out: Piece[] = [];
  let at = 0;
  const plain = (to: number) => {
    if (to > at) out.push({ text: template.slice(at, to), kind: 'plain' });
  };
  for (const m of template.matchAll(TOKEN)) {
    const kind = m[1] ? 'string' : m[2] ? 'mark' : m[3] ? 'number' : KEYWORDS.has(m[4]!.toLowerCase()) ? 'keyword' : 'plain';
    if (kind === 'plain') continue;
    plain(m.index);
    out.push({ text: m[0], kind });
    at = m.index + m[0].length;
  }
  plain(template.length);
  return out;
}

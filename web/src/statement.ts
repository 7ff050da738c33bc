// One statement, written by a database server and by an instrumented client: the same key (src/dbstat/trace_match.h has the full rules).

export function statementKey(template: string): string {
  return template.replace(/\$(?:\d+|\?)/g, '?').replace(/`/g, '').replace(/\s+/g, ' ').trim().toLowerCase();
}

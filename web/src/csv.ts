// CSV files: RFC 4180, safe to open in a spreadsheet (chapter 07 §7.8).

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

export function cell(value: unknown): string {
  let text = value === undefined || value === null ? '' : String(value);
  // A spreadsheet would take these for a formula.
  if (/^[=+\-@\t]/.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function csv(header: string[], rows: unknown[][]): string {
  return [header, ...rows].map((row) => row.map(cell).join(',') + '\r\n').join('');
}

export function fileName(label: string, tab: string, now: Date): string {
  const clean = label.replace(/[^A-Za-z0-9-]+/g, '-').replace(/^-+|-+$/g, '');
  const two = (n: number) => String(n).padStart(2, '0');
  const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-` +
    `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `perf-sentinel${clean ? `-${clean}` : ''}-${tab}-${stamp}.csv`;
}

export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

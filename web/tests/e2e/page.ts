// Opens the built page with given data, as the program writes it, from a file on disk.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { Payload } from '../../src/payload';

const folder = join(tmpdir(), `dashboard-${process.pid}`);
const page = readFileSync('dist/dashboard.html', 'utf8');

export function write(name: string, data: Payload): string {
  mkdirSync(folder, { recursive: true });
  const json = JSON.stringify(data).replace(/</g, '\\u003c').replace(/\u2028/g, '\\u2028').replace(/\u2029/g, '\\u2029');
  const at = page.indexOf('<!--sentinel:data-->');
  const connect = data.daemon ? `; connect-src 'self' ${data.daemon.url}` : '';
  const html = page.slice(0, at).replace('<!--sentinel:connect-->', connect).replace('<!--sentinel:title-->', 'perf-sentinel report') + `\n${json}\n` + page.slice(at + '<!--sentinel:data-->'.length);
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html);
  return `file://${path}`;
}

/** Fails the test on anything the page logs as an error, and on any request. */
export function watch(tab: Page): void {
  tab.on('pageerror', (error) => { throw new Error(String(error.message).slice(0, 400)); });
  tab.on('console', (message) => { expect(message.type(), message.text()).not.toBe('error'); });
  tab.on('request', (request) => { expect(request.url()).toMatch(/^(file|blob|data):/); });
}

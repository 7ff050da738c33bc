// The page beside a running daemon: its state, accepting and revoking, the key, and a daemon that goes away.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import { Daemon, serve } from './daemon';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ANY = ['*'];

let daemon: Daemon;
test.beforeEach(() => { daemon = new Daemon(); });
test.afterEach(async () => { await daemon.end(); });

async function openLive(page: Page, hash = ''): Promise<void> {
  page.on('pageerror', (error) => { throw error; });
  page.on('request', (request) => { expect(request.url().startsWith('file:') || request.url().startsWith(daemon.url), request.url()).toBe(true); });
  await page.goto(`file://${await daemon.page()}${hash}`);
}

const status = (page: Page) => page.locator('#live-status');
const rows = (page: Page) => page.locator('#findings-list [role=option]');

async function accept(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Ack', exact: true }).click();
  await page.locator('#ack-reason').fill(reason);
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
}

test('a finding is accepted, hidden, shown again and revoked, and the daemon knows', async ({ page }) => {
  await daemon.start(ANY);
  await daemon.feed();
  await openLive(page, '#findings');
  await expect(status(page)).toHaveText('Connected');
  const before = Number(await page.locator('#tab-findings .badge').textContent());
  await accept(page, 'fixed in the next release');
  await expect(page.locator('.toast')).toContainText('is accepted.');
  const acks = (await daemon.json('/api/acks')) as { signature: string; reason: string; by: string; expires_at: string }[];
  expect(acks.map((a) => [a.reason, a.by])).toEqual([['fixed in the next release', 'anonymous']]);
  const days = (Date.parse(acks[0]!.expires_at) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThan(7.1);
  await expect(page.locator('.counter')).toContainText('hidden');
  const after = Number(await page.locator('#tab-findings .badge').textContent());
  expect(after).toBeLessThan(before);
  await expect(page.locator('#tab-acknowledgments .badge')).toHaveText('1');

  await page.getByRole('button', { name: /Show acknowledged/ }).click();
  await expect(page.locator('#tab-findings .badge')).toHaveText(String(before));
  await page.locator('.finding-row', { hasText: 'accepted' }).first().click();
  await expect(page.locator('.accepted')).toContainText('Accepted by anonymous: fixed in the next release');

  await page.locator('#tab-acknowledgments').click();
  await expect(page.locator('#acknowledgments-table')).toContainText(acks[0]!.signature);
  await page.locator('#acknowledgments-table').getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(page.locator('#panel-acknowledgments')).toContainText('Nothing is accepted in this daemon');
  expect(await daemon.json('/api/acks')).toEqual([]);
});

test('an acceptance is undone from the message about it', async ({ page }) => {
  await daemon.start(ANY);
  await daemon.feed();
  await openLive(page, '#findings');
  await expect(status(page)).toHaveText('Connected');
  const count = await rows(page).count();
  await page.keyboard.press('a');
  await expect(page.locator('#ack-reason')).toBeFocused();
  await page.getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Say why');
  await page.locator('#ack-reason').fill('by mistake');
  await page.locator('#ack-expires').selectOption('never');
  await page.keyboard.press('Enter');
  await page.locator('.toast-undo').click();
  await expect(page.locator('.toast')).toContainText('revoked');
  await expect(rows(page)).toHaveCount(count);
  expect(await daemon.json('/api/acks')).toEqual([]);
});

test('a daemon that went away is said, keeps what was seen, and is found again', async ({ page }) => {
  await daemon.start(ANY);
  await daemon.feed();
  await openLive(page, '#findings');
  await expect(status(page)).toHaveText('Connected');
  await accept(page, 'seen before it went away');
  await expect(page.locator('#tab-acknowledgments .badge')).toHaveText('1');
  const left = await rows(page).count();
  await daemon.stop();
  await page.locator('#live-refresh').click();
  await expect(status(page)).toHaveText('Unreachable');
  await expect(page.locator('.live-note')).toContainText('acknowledgments are as last seen');
  await expect(rows(page)).toHaveCount(left);
  await accept(page, 'while it is away');
  await expect(page.getByRole('dialog').getByRole('alert')).toContainText('No answer from the daemon');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await daemon.start(ANY);
  await page.locator('#live-refresh').click();
  await expect(status(page)).toHaveText('Connected');
  await expect(page.locator('#tab-acknowledgments .badge')).toHaveText('1');
});

test('the key is asked for when the daemon wants it, stays in the tab, and can be forgotten', async ({ browser }) => {
  const { origin, server } = await serve(() => file);
  let file = '';
  await daemon.start([origin], 'correct-horse-battery');
  await daemon.feed();
  file = await daemon.page();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/#findings`);
  await expect(status(page)).toHaveText('Authentication required');
  await accept(page, 'with a key');
  await page.locator('#daemon-key').fill('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('does not take this key');
  await page.locator('#daemon-key').fill('correct-horse-battery');
  await page.keyboard.press('Enter');
  await expect(page.locator('.toast')).toContainText('is accepted.');
  await expect(status(page)).toHaveText('Connected');
  expect(await page.evaluate(() => [sessionStorage.getItem('perf-sentinel.daemon.api-key'), JSON.stringify(localStorage).includes('horse')])).toEqual(['correct-horse-battery', false]);
  const acks = (await daemon.json('/api/acks', { headers: { 'X-API-Key': 'correct-horse-battery' } })) as unknown[];
  expect(acks).toHaveLength(1);
  await page.locator('#live-forget-key').click();
  expect(await page.evaluate(() => sessionStorage.getItem('perf-sentinel.daemon.api-key'))).toBeNull();
  await page.locator('#live-refresh').click();
  await expect(status(page)).toHaveText('Authentication required');
  await context.close();
  server.close();
});

test('an origin that the daemon does not know is kept out', async ({ page }) => {
  await daemon.start(['https://ops.example']);
  await daemon.feed();
  await page.goto(`file://${await daemon.page()}`);
  await expect(status(page)).toHaveText('Unreachable');
  await expect(page.locator('.live-note')).toContainText('allowed_origins');
});

test('a page without a daemon has nothing of it', async ({ page }) => {
  await daemon.start(ANY);
  await daemon.feed();
  const file = await daemon.page();
  const text = readFileSync(file, 'utf8').replace(/,"daemon":\{[^}]*\}/, '').replace(/; connect-src[^"]*/, '');
  writeFileSync(file, text);
  await page.goto(`file://${file}`);
  await expect(page.locator('#tab-findings')).toBeVisible();
  await expect(page.locator('#live-status')).toHaveCount(0);
  await expect(page.locator('#tab-acknowledgments')).toHaveCount(0);
});

test('dialogs and the acknowledgments have enough contrast and names, and fit 360 px', async ({ browser }) => {
  test.setTimeout(600_000);
  await daemon.start(ANY);
  await daemon.feed();
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 1440]) {
      const context = await browser.newContext({ colorScheme: theme, bypassCSP: true, viewport: { width, height: width === 360 ? 740 : 900 } });
      const page = await context.newPage();
      await openLive(page, '#findings');
      await expect(status(page)).toHaveText('Connected');
      await page.addScriptTag({ content: axe });
      const check = async (what: string) => {
        await page.waitForTimeout(200);
        await page.screenshot({ path: `screenshots/live-${what}-${theme}-${width}.png` });
        expect(await page.evaluate(() => document.documentElement.scrollWidth), what).toBe(width);
        if (width === 360) return;
        const found = await page.evaluate(() => (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run());
        expect(found.violations.map((v) => `${what} ${theme} ${v.id}: ${v.nodes[0]!.html.slice(0, 160)}`)).toEqual([]);
      };
      await check('findings');
      await page.getByRole('button', { name: 'Ack', exact: true }).click();
      await check('ack');
      await page.locator('#ack-reason').fill('known, ticket 7');
      await page.locator('#ack-by').fill('mira');
      await page.getByRole('button', { name: 'Accept', exact: true }).click();
      await page.locator('#tab-acknowledgments').click();
      await expect(page.locator('#acknowledgments-table')).toBeVisible();
      await check('acknowledgments');
      await page.locator('#acknowledgments-table').getByRole('button', { name: /^Revoke/ }).click();
      await check('revoke');
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
      await expect(page.locator('#panel-acknowledgments')).toContainText('Nothing is accepted');
      await context.close();
    }
  }
});

// What the page promises, one test a promise. Data come from sample.ts; the page is opened from disk.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { createRequire } from 'node:module';
import { hostile, large, sample } from './sample';
import { watch, write } from './page';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TABS = ['overview', 'findings', 'pgstat', 'mysqlstat', 'diff', 'correlations', 'green'];

async function open(page: Page, hash = '', data = sample()): Promise<void> {
  watch(page);
  await page.goto('about:blank');
  await page.goto(write('page', data) + hash);
  await page.locator('h1').waitFor();
}

const rows = (page: Page) => page.locator('#findings-list [role=option]');

test('the first view says what to fix first and what that gains', async ({ page }) => {
  await open(page);
  const first = page.locator('.first-row').first();
  await expect(first).toContainText('N+1 SQL');
  await expect(first).toContainText('saves 120 ms of 480 ms a request');
  await expect(first).toContainText('when batched into one call');
  await expect(first).toContainText('SELECT * FROM order_item WHERE order_id = ?');
  await expect(page.locator('.lead')).toHaveText('Start with N+1 SQL in order-svc: fixed, one request to POST /api/orders/{id}/submit takes 360 ms instead of 480 ms, 25 % less.');
  await expect(page.locator('.verdict')).toHaveText('FAIL');
  await expect(page.locator('.kpi').nth(0)).toContainText('6');
  await first.click();
  await expect(page.locator('#panel-findings')).toBeVisible();
  await expect(page.locator('.detail h2')).toHaveText('N+1 SQL');
});

test('a problem seen in many traces takes one row of what to fix first', async ({ page }) => {
  const data = sample();
  const again = { ...data.report.findings[0]!, trace_id: 'trace-8', what_if: { fix: 'batch', trace_us: 470_000 } };
  data.report.findings.push(again);
  await open(page, '', data);
  await expect(page.locator('.first-row', { hasText: 'N+1 SQL' })).toHaveCount(1);
  await expect(page.locator('.first-row').first()).toContainText('in 2 traces');
  await expect(page.locator('.first-row').first()).toContainText('saves 120 ms');
  await page.locator('#tab-findings').click();
  await page.getByRole('button', { name: /^saving/ }).click();
  await expect(rows(page).first()).toContainText('−120 ms');
});

test('every tab opens, and those without data say what they need', async ({ page }) => {
  await open(page);
  for (const tab of TABS) {
    await page.locator(`#tab-${tab}`).click();
    await expect(page.locator(`#panel-${tab}`)).toBeVisible();
    await expect(page.locator(`#tab-${tab}`)).toHaveAttribute('aria-selected', 'true');
  }
  const bare = sample();
  delete bare.pg_stat;
  delete bare.diff;
  await open(page, '#pgstat', bare);
  await expect(page.locator('#panel-overview')).toBeVisible();
  await expect(page.locator('#tab-pgstat')).toHaveAttribute('aria-disabled', 'true');
  await page.locator('#tab-diff').hover();
  await expect(page.getByRole('tooltip')).toContainText('--before');
});

test('filters combine, count and clear', async ({ page }) => {
  await open(page, '#findings');
  await page.getByRole('radio', { name: /Warning/ }).click();
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: /order-svc/ }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.locator('.counter')).toHaveText('6 findings · 1 shown');
  await page.getByRole('radio', { name: /All/ }).click();
  await expect(rows(page)).toHaveCount(6);
});

test('a link brings the view back', async ({ page }) => {
  await open(page, '#findings&search=catalog&severity=warning&fsort=impact.asc');
  await expect(rows(page)).toHaveCount(1);
  await expect(page.locator('#topbar-search')).toHaveValue('catalog');
  await expect(page.getByRole('button', { name: /^impact/ })).toHaveAttribute('aria-pressed', 'true');
  await page.locator('#topbar-search').fill('');
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#findings&severity=warning');
  await page.evaluate(() => { location.hash = '#pgstat&ranking=calls'; });
  await expect(page.getByRole('radio', { name: 'Calls' })).toHaveAttribute('aria-checked', 'true');
  await open(page, '#findings&severity=nonsense&service=unheard');
  await expect(rows(page)).toHaveCount(6);
});

test('keys move, search, jump and explain themselves', async ({ page }) => {
  await open(page, '#findings');
  const selected = page.locator('[role=option][aria-selected=true]');
  await expect(selected).toContainText('N+1 SQL');
  await page.keyboard.press('j');
  await expect(selected).toContainText('N+1 HTTP');
  await page.keyboard.press('k');
  await page.keyboard.press('k');
  await expect(selected).toContainText('Redundant SQL');
  await page.keyboard.press('/');
  await expect(page.locator('#topbar-search')).toBeFocused();
  await page.keyboard.type('gateway');
  await expect(rows(page)).toHaveCount(2);
  await expect(page.locator('#findings-list mark').first()).toHaveText('gateway');
  await page.keyboard.press('Escape');
  await expect(page.locator('#topbar-search')).toHaveValue('');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page.locator('#panel-green')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.locator('#tab-green').focus();
  await page.keyboard.press('Home');
  await expect(page.locator('#panel-overview')).toBeVisible();
  await expect(page.locator('#tab-overview')).toBeFocused();
});

test('a trace shows its spans in time with the finding laid over them', async ({ page }) => {
  await open(page, '#findings');
  await expect(page.locator('.line.hit')).toHaveCount(12);
  await expect(page.locator('.lines .line')).toHaveCount(18);
  const bar = await page.locator('.line.hit .span-bar').nth(6).boundingBox();
  const track = await page.locator('.line.hit .line-time').nth(6).boundingBox();
  expect((bar!.x - track!.x) / track!.width).toBeCloseTo(82 / 480, 2);
  await expect(page.locator('.line', { hasText: 'stock WHERE' })).toContainText('×4');
  await page.locator('.line.hit button').first().click();
  await expect(page.locator('#panel-pgstat .banner')).toContainText('Filtered from Explain');
  await expect(page.locator('tr.pinned')).toHaveCount(2);  // written with ? by one client, with $1 by the server
});

test('tables sort by their headers and remember it', async ({ page }) => {
  await open(page, '#pgstat');
  const header = page.getByRole('columnheader', { name: 'Mean ms' });
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  await expect(page.locator('#pgstat-table tbody tr').first()).toContainText('table_9');
  await page.reload();
  await expect(header).toHaveAttribute('aria-sort', 'descending');
  await header.getByRole('button').click();
  await expect(header).toHaveAttribute('aria-sort', 'ascending');
  await header.getByRole('button').click();
  await expect(header).not.toHaveAttribute('aria-sort', /.*/);
});

test('CSV holds all filtered rows, safely', async ({ page }) => {
  const data = sample();
  data.report.findings[0]!.service = '=HYPERLINK("x")';
  data.report.findings[0]!.suggestion = 'one, "two"\nthree';
  await open(page, '#findings', data);
  const waiting = page.waitForEvent('download');
  await page.locator('#findings-export').click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^perf-sentinel-traces-main-json-findings-\d{8}-\d{6}\.csv$/);
  const text = readFileSync(await download.path(), 'utf8');
  const lines = text.split('\r\n');
  expect(lines[0]).toMatch(/^severity,type,service,grouping_key,/);
  expect(lines).toHaveLength(8);
  expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
  expect(lines[1]).toContain('"one, ""two""\nthree"');
});

test('a copied link holds the finding and the order', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '#findings');
  await page.getByRole('button', { name: /^impact/ }).click();
  await page.locator('#findings-copy-link').click();
  await expect(page.locator('#findings-copy-link')).toHaveText('Copied');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(/#findings&finding=n_plus_one_sql.*&fsort=impact\.desc$/);
});

test('text from outside stays text', async ({ page }) => {
  for (const tab of TABS) {
    await open(page, `#${tab}`, hostile());
    await expect(page.locator(`#panel-${tab}`)).toBeVisible();
  }
  await open(page, '#findings', hostile());
  await expect(page.locator('.template')).toContainText('</script><script>window.hacked=1</script><!--<script>');
  expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.locator('a[href^="javascript"], img, .detail script').count()).toBe(0);
});

test('themes cycle, and both have enough contrast in every tab', async ({ browser }) => {
  test.setTimeout(600_000);
  for (const theme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme: theme, bypassCSP: true });
    const page = await context.newPage();
    for (const tab of TABS) {
      await open(page, `#${tab}`);
      await page.addScriptTag({ content: axe });
      const found = await page.evaluate(() => (window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run());
      expect(found.violations.map((v) => `${tab} ${theme} ${v.id}: ${v.nodes[0]!.html.slice(0, 160)}`)).toEqual([]);
    }
    await context.close();
  }
  const page = await browser.newPage();
  await open(page);
  for (const name of ['Light', 'Dark', 'System']) {
    await page.getByRole('button', { name: /^Theme/ }).click();
    await expect(page.getByRole('button', { name: /^Theme/ })).toContainText(name);
  }
});

test('nothing scrolls sideways at 360 px', async ({ browser }) => {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  for (const data of [sample(), hostile(), large(300)]) {
    for (const tab of TABS) {
      await open(page, `#${tab}`, data);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBe(360);
    }
  }
});

/** Processor time of the page's main thread for the dearest step of a user: tabs, typing, sorting, filtering, scrolling, stepping. */
async function dearestStep(page: Page): Promise<number> {
  await open(page, '#overview', large(10_000));
  await page.waitForTimeout(500);
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => (await client.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration')!.value * 1000;
  let dearest = 0;
  const step = async (act: () => void) => {
    const before = await spent();
    await page.evaluate(act);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)))));
    dearest = Math.max(dearest, (await spent()) - before);
  };
  const press = (selector: string) => `(() => document.querySelector(${JSON.stringify(selector)}).click())()`;
  const click = (selector: string) => step(press(selector) as unknown as () => void);
  await click('#tab-findings');
  await expect(page.locator('.counter')).toContainText('10,000 findings');
  expect(await rows(page).count()).toBeLessThan(60);
  for (const text of ['t', 'ta', 'table_4', 'table_49', '']) {
    const type = `(() => { const box = document.querySelector('#topbar-search'); box.value = ${JSON.stringify(text)}; box.dispatchEvent(new Event('input')); })()`;
    await step(type as unknown as () => void);
  }
  await click('.toolbar [aria-label=Sort] button:nth-of-type(2)');
  await click('[role=radiogroup] [role=radio]:nth-of-type(2)');
  await click('[role=radiogroup] [role=radio]:nth-of-type(1)');
  for (const top of [200_000, 400_000, 0]) await step(`(() => { document.querySelector('#findings-list').scrollTop = ${top}; })()` as unknown as () => void);
  for (let i = 0; i < 5; ++i) await step(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true })));
  await click('#tab-overview');
  await click('#tab-findings');
  return dearest;
}

test('ten thousand findings never hold a frame for 100 ms', async ({ browser }) => {
  test.setTimeout(300_000);
  // Processor time, not time on the clock, and the best of three: whatever else the machine does must not count.
  let best = Infinity;
  for (let run = 0; run < 3 && best >= 100; ++run) {
    const page = await browser.newPage();
    best = Math.min(best, await dearestStep(page));
    await page.close();
  }
  console.log(`the dearest step took ${Math.round(best)} ms of processor time`);
  expect(best).toBeLessThan(100);
});

test('data that cannot be read is said, not hidden', async ({ page }) => {
  const url = write('broken', sample());
  const path = url.slice('file://'.length);
  writeFileSync(path, readFileSync(path, 'utf8').replace('\n{"version"', '\n{"version'));
  await page.goto(url);
  await expect(page.locator('body')).toContainText('cannot be read');
});

test('the page that the program writes opens under its own policy, filled in every section', async ({ page }) => {
  const file = join(mkdtempSync(join(tmpdir(), 'dashboard-')), 'demo.html');
  execFileSync('../build/release/perf-sentinel', ['demo', '--html', file]);
  watch(page);
  for (const tab of TABS) {
    await page.goto('about:blank');
    await page.goto(`file://${file}#${tab}`);
    await expect(page.locator(`#panel-${tab}`)).toBeVisible();
  }
  await page.goto('about:blank');
  await page.goto(`file://${file}#findings`);
  await expect(page.locator('.line.hit')).toHaveCount(14);
  await expect(page.getByRole('button', { name: 'Show in pg_stat' })).toBeVisible();
});

test('text from outside stays text on the page that the program writes', async ({ page }) => {
  const nasty = '</script><script>window.hacked=1</script><!--<script> \u2028\u2029 \u0007\u001b[31m <img src=x onerror="window.hacked=1">';
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const event = (i: number) => ({
    timestamp: `2026-07-10T14:00:00.0${10 + i}Z`, trace_id: `t ${nasty}`, span_id: `s${i}`, service: `svc ${nasty}`, type: 'sql', operation: 'SELECT',
    target: `SELECT * FROM "${nasty.replaceAll('"', '')}" WHERE id = ${i}`, duration_us: 800, source: { endpoint: `GET /${nasty}`, method: 'm' },
  });
  writeFileSync(join(folder, 'traces.json'), JSON.stringify(Array.from({ length: 12 }, (_, i) => event(i))));
  execFileSync('../build/release/perf-sentinel', ['report', '--input', join(folder, 'traces.json'), '--output', join(folder, 'report.html')], { stdio: 'pipe' });
  watch(page);
  for (const tab of ['overview', 'green', 'findings']) {
    await page.goto('about:blank');
    await page.goto(`file://${join(folder, 'report.html')}#${tab}`);
    await expect(page.locator(`#panel-${tab}`)).toBeVisible();
  }
  await expect(page.locator('.template')).toContainText('</script><script>window.hacked=1</script><!--<script>');
  expect(await page.locator('#finding-detail').textContent()).toContain(`Servicesvc ${nasty}Endpoint`);
  expect(await page.evaluate(() => (window as unknown as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.locator('img, .detail script').count()).toBe(0);
});

test('the list of findings is reached and walked by keyboard alone', async ({ page }) => {
  await open(page, '#findings');
  await page.locator('#findings-export').focus();
  for (let i = 0; i < 40 && !(await page.evaluate(() => document.activeElement?.getAttribute('role') === 'option')); ++i) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('.detail h2')).toHaveText('N+1 HTTP');
  await expect(page.locator('[role=option][aria-selected=true]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#finding-detail')).toBeFocused();
});

test('a "?" explains with the values of the run, and gives the focus back', async ({ page }) => {
  await open(page, '#findings');
  const help = page.locator('.detail-head .help');
  await help.click();
  await expect(page.getByRole('dialog')).toContainText('n_plus_one_threshold = 5');
  await expect(page.getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(help).toBeFocused();
});

test('correlations open their finding, or a stand-in for one that is not here', async ({ page }) => {
  await open(page, '#correlations');
  await page.locator('.end').nth(1).click();
  await expect(page.locator('.detail h2')).toHaveText('Pool saturation');
  await page.locator('#tab-correlations').click();
  await page.locator('.end').nth(0).click();
  await expect(page.locator('.detail h2')).toHaveText('N+1 SQL');
});

test('a report without findings says so calmly', async ({ page }) => {
  const data = sample();
  Object.assign(data.report, { findings: [], correlations: [] });
  data.report.quality_gate = { passed: true, rules: [] };
  delete data.report.green_summary.co2;
  await open(page, '', data);
  await expect(page.locator('.verdict')).toHaveText('PASS');
  await expect(page.locator('#first-title + p')).toHaveText('Nothing was found. Nothing needs fixing.');
  await page.locator('#tab-findings').click();
  await expect(page.locator('#panel-findings')).toContainText('No findings');
  await page.locator('#tab-green').click();
  await expect(page.locator('#panel-green')).toContainText('No carbon figures');
});

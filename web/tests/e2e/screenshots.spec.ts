// Every tab in both themes, narrow and wide, kept in screenshots/ for people to look at.
import { test } from '@playwright/test';
import { sample } from './sample';
import { watch, write } from './page';

const TABS = ['overview', 'findings', 'pgstat', 'mysqlstat', 'diff', 'correlations', 'green'];

for (const theme of ['light', 'dark'] as const) {
  for (const width of [360, 1440]) {
    test(`every tab, ${theme}, ${width} px`, async ({ browser }) => {
      const context = await browser.newContext({ colorScheme: theme, viewport: { width, height: width === 360 ? 740 : 900 } });
      const page = await context.newPage();
      watch(page);
      const url = write('sample', sample());
      for (const tab of TABS) {
        await page.goto('about:blank');
        await page.goto(`${url}#${tab}`);
        await page.locator(`#panel-${tab}`).waitFor();
        await page.waitForTimeout(150);
        await page.screenshot({ path: `screenshots/${tab}-${theme}-${width}.png`, fullPage: true });
      }
      await context.close();
    });
  }
}

import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds that keeps people out, as lines. */
export const faultsOf = async (page: Page): Promise<string[]> => {
  // Run as the tests' own script, which the page's policy says nothing of.
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
};

/** Waits until the page has loaded and nothing moves. */
export const settled = async (page: Page) => {
  await page.waitForLoadState('networkidle');
  await page.locator('.waiting').waitFor({ state: 'detached' });
  // Alerts and panels fade in; a colour half-way is no colour of the page's.
  await page.evaluate(`Promise.allSettled(document.getAnimations().map(({ finished }) =>
    Promise.race([finished, new Promise((done) => setTimeout(done, 600))])))`);
};

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Role } from '#core/contract/api/roles.ts';
import { newSystem, type System } from '#test/local/system/harness.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
/** Ignored by git: what the pages look like is for people to judge. */
export const pictures = join(import.meta.dirname, '../../.tenantry/pictures');

export interface Stage {
  system: System;
  browser: Browser;
  /** A page of a browser that knows nothing yet, in the size of a laptop unless told. */
  page(size?: { width: number; height: number }): Promise<Page>;
  /** Signs in and is where that role begins. */
  as(role: Role, tenant?: string): Promise<Page>;
}

/** What the pages complained of: a script that broke, or something the Content-Security-Policy stopped. */
export const complaints = new WeakMap<Page, string[]>();

/** The whole system and a browser, for all tests of a file. `prepare` may lay out the system's folder before it starts. */
export const stage = (prepare?: (folder: string) => Promise<void>): Stage => {
  const opened: { system?: System; browser?: Browser; contexts: BrowserContext[] } = { contexts: [] };
  const set = {} as Stage;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    set.browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    opened.browser = set.browser;
    set.system = await newSystem();
    opened.system = set.system;
    await prepare?.(set.system.folder);
    await set.system.start(['--no-examples']);
  });

  afterAll(async () => {
    await opened.browser?.close();
    await opened.system?.remove();
  });

  set.page = async (viewport = { width: 1280, height: 900 }) => {
    const context = await set.browser.newContext({ viewport, baseURL: set.system.url, acceptDownloads: true });
    opened.contexts.push(context);
    const page = await context.newPage();
    const heard: string[] = [];
    complaints.set(page, heard);
    page.on('pageerror', (error) => heard.push(error.message));
    page.on('console', (message) => {
      const isRefusedRequest = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusedRequest) heard.push(message.text());
    });
    return page;
  };

  set.as = async (role, tenant) => {
    const page = await set.page();
    await page.goto('/');
    await signIn(page, role, tenant);
    return page;
  };
  return set;
};

/** Chooses a role on the page that is shown to whoever is not signed in. */
export const signIn = async (page: Page, role: Role, tenant?: string): Promise<void> => {
  await page.getByText(role, { exact: true }).click();
  if (tenant !== undefined) await page.getByLabel('Tenant', { exact: true }).fill(tenant);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page
    .getByRole('button', { name: `Signed in as ${role}` })
    .first()
    .waitFor();
};

/** The status that the picture of the workflow shows for a state. */
export const stateIn = (page: Page, state: string) => page.locator(`[data-state="${state}"]`).first();

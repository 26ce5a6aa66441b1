import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsOf, settled } from './axe.ts';
import { complaints, pictures, signIn, stage } from './stage.ts';

const set = stage();

const paths = {
  fleet: '/fleet',
  tenants: '/tenants',
  'tenants-none': '/tenants?q=nobody-has-this',
  'create-tenant': '/tenants/new',
  tenant: '/tenants/acme',
  operations: '/tenants/acme/operations',
  audit: '/tenants/acme/audit',
  users: '/tenants/acme/users',
  secrets: '/tenants/acme/secrets',
  'tenant-flags': '/tenants/acme/flags',
  flags: '/flags',
  flag: '/flags/new-editor',
  'flag-schedule': '/flags/new-editor/schedule',
  'flag-history': '/flags/new-editor/history',
  'flag-overrides': '/flags/new-editor/overrides',
  'new-flag': '/flags/new',
  'all-operations': '/operations',
  'platform-audit': '/audit',
  failed: '',
  'not-found': '/no/such/page',
};

beforeAll(async () => {
  const { body } = await set.system.onboard({
    slug: 'acme',
    name: 'Acme Ltd',
    tier: 'growth',
    adminEmail: 'ada@acme.example',
    externalId: 'CRM-1',
    metadata: { segment: 'retail', seats: 40 },
  });
  await set.system.untilOperation(body.operation.id, 'succeeded');
  for (const tier of ['starter', 'enterprise']) {
    const other = await set.system.onboard({ tier });
    await set.system.untilOperation(other.body.operation.id, 'succeeded');
  }
  await set.system.fault({ function: 'health-check', kind: 'throw', error: 'HealthCheckFailed' });
  const failed = await set.system.onboard({ slug: 'globex', name: 'Globex', tier: 'growth' });
  await set.system.untilOperation(failed.body.operation.id, 'rolled-back');
  paths.failed = `/tenants/${failed.body.tenant.tenantId}/operations`;
});

const look = async (page: Page, name: string) => {
  await settled(page);
  await page.screenshot({ path: join(pictures, `${name}.png`) });
  return faultsOf(page);
};

test.for([
  { named: 'light', size: { width: 1280, height: 900 }, dark: false },
  { named: 'dark', size: { width: 1280, height: 900 }, dark: true },
  { named: 'phone', size: { width: 390, height: 844 }, dark: false },
])('no page keeps anybody out: $named', async ({ named, size, dark }) => {
  const page = await set.page(size);
  if (dark) await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('/');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const found: Record<string, string[]> = { 'sign-in': await look(page, `sign-in-${named}`) };
  await signIn(page, 'platform-admin');
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(path);
    await page.getByRole('main').waitFor();
    found[name] = await look(page, `${name}-${named}`);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  }
  expect(Object.entries(found).filter(([, faults]) => faults.length > 0)).toEqual([]);
  expect(complaints.get(page)).toEqual([]);
});

test('everything can be done by keyboard: from the sign-in to a tenant', async () => {
  const page = await set.page();
  await page.goto('/');
  const signInButton = page.getByRole('button', { name: 'Sign in' });
  await signInButton.waitFor();
  await reach(page, 'Sign in');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Fleet' }).waitFor();
  await reach(page, 'Tenants');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'acme' }).waitFor();
  await reach(page, 'acme');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /Acme Ltd/ }).waitFor();
});

/** Presses Tab until what has the focus says that. */
const reach = async (page: Page, text: string) => {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement.innerText')) === text) return;
  }
  throw new Error(`Tab does not come to ${text}.`);
};

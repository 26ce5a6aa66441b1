import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { faultsOf, settled } from './axe.ts';
import { complaints, stage } from './stage.ts';

const set = stage();

beforeAll(async () => {
  const { body } = await set.system.onboard({ slug: 'acme', name: 'Acme Ltd', adminEmail: 'ada@acme.example' });
  await set.system.untilOperation(body.operation.id, 'succeeded');
});

const isAccessible = async (page: Page) => {
  await settled(page);
  expect(await faultsOf(page)).toEqual([]);
};

const header = (page: Page, status: string) => page.getByText(status, { exact: true }).first();

test('a tenant is suspended and resumed, and each operation is seen to run to its end', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/tenants/acme');
  await page.getByRole('button', { name: 'Suspend', exact: true }).click();
  const modal = page.getByRole('dialog', { name: 'Suspend acme?' });
  for (const text of ['users are signed out', 'event streams', 'database login', 'AWS credentials', 'secrets']) {
    await modal.getByText(text).waitFor();
  }
  const confirm = modal.getByRole('button', { name: 'Suspend' });
  expect(await confirm.isDisabled()).toBe(true);
  await isAccessible(page);

  await modal.getByLabel('Reason').fill('unpaid for 60 days');
  await modal.getByLabel('To confirm, type acme').fill('acme');
  await confirm.click();
  await page.getByText('acme is suspended.').waitFor();
  await page.waitForURL(/\/operations$/);
  await page.getByRole('heading', { name: /Suspension/ }).waitFor();
  for (const state of ['close-database', 'revoke-sessions', 'succeeded']) {
    await page.locator(`[data-state="${state}"][data-status="succeeded"]`).first().waitFor();
  }
  await page.getByText('Suspended since').waitFor();
  await header(page, 'suspended').waitFor();
  await isAccessible(page);

  await page.getByRole('link', { name: 'See the suspension' }).click();
  await page.waitForURL(/\/operations\/op_/);
  await page.getByText('unpaid for 60 days').first().waitFor();
  await page.goBack();

  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('dialog', { name: 'Resume acme?' }).getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('heading', { name: /Resumption/ }).waitFor();
  for (const state of ['open-database', 'health-check', 'activate', 'succeeded']) {
    await page.locator(`[data-state="${state}"][data-status="succeeded"]`).first().waitFor();
  }
  await page.getByText('Suspended since').waitFor({ state: 'detached' });
  await header(page, 'active').waitFor();
  expect(complaints.get(page)).toEqual([]);
});

test('operations of every kind are listed, found by kind, and opened', async () => {
  const page = await set.as('platform-auditor');
  await page.getByRole('link', { name: 'Operations' }).click();
  await page.getByRole('link', { name: 'Resumption' }).waitFor();
  await page.goto('/operations?kind=suspend&tenant=acme');
  await page.getByRole('link', { name: 'Suspension' }).click();
  await page.getByText('unpaid for 60 days').waitFor();
  await isAccessible(page);

  await page.goto('/tenants/acme');
  await page.getByRole('heading', { name: /Acme Ltd/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Suspend' }).count()).toBe(0);
  await page.goto('/fleet');
  await page.getByRole('link', { name: 'Suspension' }).waitFor();
  expect(complaints.get(page)).toEqual([]);
});

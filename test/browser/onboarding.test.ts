import { expect, test } from 'vitest';
import { stepsOf } from '#core/operation/kinds.ts';
import { complaints, stage, stateIn } from './stage.ts';

const set = stage();

const fill = async (page: Awaited<ReturnType<typeof set.page>>, name: string, slug?: string) => {
  await page.goto('/tenants/new');
  await page.getByLabel('Name', { exact: true }).fill(name);
  if (slug !== undefined) await page.getByLabel('Slug').fill(slug);
  await page.getByLabel("Administrator's e-mail address").fill('ada@acme.example');
  await page.getByRole('button', { name: 'Onboard', exact: true }).click();
};

test('a tenant asked for by the form is seen to come up step by step, without reloading', async () => {
  const page = await set.as('platform-admin');
  // A step that must be tried three times is seen while it runs.
  await set.system.fault({ function: 'seed-schema', kind: 'throw', error: 'ShardUnreachable', times: 2 });
  await fill(page, 'Acme Ltd');
  await page.waitForURL(/\/tenants\/tn_.*\/operations$/);
  await page.evaluate('window.isStillThere = true');

  await stateIn(page, 'seed-schema').and(page.locator('[data-status="running"]')).waitFor();
  expect(await stateIn(page, 'activate').getAttribute('data-status')).toBe('pending');
  for (const state of [...stepsOf('onboard'), 'succeeded']) {
    await page.locator(`[data-state="${state}"][data-status="succeeded"]`).waitFor();
  }
  await page.getByText('3 attempts').first().waitFor();
  await page.getByText('active', { exact: true }).first().waitFor();
  expect(await page.evaluate('window.isStillThere')).toBe(true);
  expect(complaints.get(page)).toEqual([]);
});

test('what is wrong stands at its field: by the schema before it is sent, by the API after', async () => {
  const page = await set.as('platform-admin');
  await fill(page, 'Acme Ltd', 'Not A Slug');
  await page.getByText('must be 1–40 of a–z').waitFor();

  await page.getByLabel('Slug').fill('acme-ltd');
  await page.getByRole('button', { name: 'Onboard', exact: true }).click();
  const slug = page.getByLabel('Slug');
  await expect.poll(() => slug.getAttribute('aria-invalid')).toBe('true');
  expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).not.toBe('true');
  expect(page.url()).toMatch(/\/tenants\/new$/);
});

test('a failing step is seen to be rolled back, with its cause, and can be retried', async () => {
  const page = await set.as('sales');
  await set.system.fault({ function: 'health-check', kind: 'throw', error: 'HealthCheckFailed', times: 1 });
  await fill(page, 'Globex', 'globex');

  await page.locator('[data-state="health-check"][data-status="failed"]').waitFor();
  await page.locator('[data-state="rolled-back"][data-status="succeeded"]').waitFor();
  expect(await stateIn(page, 'provision').getAttribute('data-status')).toBe('undone');
  expect(await stateIn(page, 'activate').getAttribute('data-status')).toBe('skipped');
  await page.getByText('health-check failed: health_check_failed').first().waitFor();

  await page.getByRole('button', { name: 'Retry onboarding' }).click();
  await page.getByText('The onboarding of globex was restarted.').waitFor();
  await page.locator('[data-state="succeeded"][data-status="succeeded"]').waitFor();
  expect(await page.getByRole('button', { name: 'Retry onboarding' }).count()).toBe(0);
});

import { beforeAll, expect, test } from 'vitest';
import { stage } from './stage.ts';

const set = stage();

beforeAll(async () => {
  const { body } = await set.system.onboard({ slug: 'acme', name: 'Acme', adminEmail: 'ada@acme.example' });
  await set.system.untilOperation(body.operation.id, 'succeeded');
});

test('an administrator invites, promotes, disables and removes; the last administrator stays', async () => {
  const page = await set.as('tenant-admin', 'acme');
  await page.getByRole('tab', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'Invite a user' }).first().click();
  await page.getByLabel('E-mail address').fill('not an address');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText('Enter an e-mail address.').waitFor();
  await page.getByLabel('E-mail address').fill('bob@acme.example');
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText('bob@acme.example was invited.').waitFor();

  const row = page.getByRole('row', { name: /bob@acme\.example/ });
  const choose = async (whose: string, what: string) => {
    await page.getByRole('button', { name: `Actions for ${whose}` }).click();
    await page.getByRole('menuitem', { name: what }).click();
  };
  await row.getByText('tenant-member').waitFor();
  await choose('bob@acme.example', 'Make an administrator');
  await row.getByText('tenant-admin').waitFor();
  await choose('bob@acme.example', 'Disable');
  await row.getByText('disabled').waitFor();

  await choose('ada@acme.example', 'Disable');
  await page.getByText('A tenant must have at least one enabled administrator').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: /close/i }).first().click();

  await choose('bob@acme.example', 'Remove');
  const remove = page.getByRole('button', { name: 'Remove', exact: true });
  expect(await remove.isDisabled()).toBe(true);
  await page.getByLabel(/To confirm, type/).fill('acme');
  await remove.click();
  await row.waitFor({ state: 'detached' });
});

test('an auditor sees the users, and nothing to change them by', async () => {
  const page = await set.as('platform-auditor');
  await page.goto('/tenants/acme/users');
  await page.getByRole('row', { name: /ada@acme\.example/ }).waitFor();
  expect(await page.getByRole('button', { name: 'Invite a user' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: /^Actions for/ }).count()).toBe(0);
});

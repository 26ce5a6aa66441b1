import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { stage } from './stage.ts';

const set = stage();
const dialog = (page: Page) => page.getByRole('dialog');

beforeAll(async () => {
  for (const [slug, tier] of [
    ['acme', 'growth'],
    ['globex', 'starter'],
  ]) {
    const { body } = await set.system.onboard({ slug, tier, name: `The ${slug} company` });
    await set.system.untilOperation(body.operation.id, 'succeeded');
  }
  await set.system.call('/v1/flags/new-report', {
    method: 'PUT',
    body: {
      description: 'The new report',
      owner: 'insights team',
      state: 'ENABLED',
      variants: { on: true, off: false },
      defaultVariant: 'off',
    },
  });
});

const type = async (page: Page, change: (definition: Record<string, unknown>) => Record<string, unknown>) => {
  const field = page.getByLabel('JSON');
  await field.fill(JSON.stringify(change(JSON.parse(await field.inputValue()) as Record<string, unknown>), null, 2));
};

test('whoever changes a flag sees first whom it touches; the tenant has it within seconds; a revert takes it back', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/flags');
  const listed = page.getByRole('row', { name: /new-report/ });
  await listed.getByText('0% (0 of 2)').waitFor();
  await page.getByRole('link', { name: 'new-report' }).click();
  await type(page, (definition) => ({
    ...definition,
    targeting: { if: [{ '===': [{ var: 'tier' }, 'growth'] }, 'on', null] },
  }));
  await page.getByText('Tenants that will flip').waitFor();
  const flips = page.getByRole('row', { name: /off \(false\).*on \(true\)/ });
  await flips.first().waitFor();
  expect(await flips.count()).toBe(1);
  expect(await flips.innerText()).toContain('acme');

  const tenantPage = await set.as('tenant-admin', 'acme');
  await tenantPage.getByRole('tab', { name: 'Flags' }).click();
  const served = tenantPage.getByRole('row', { name: /new-report/ });
  await served.getByText('false').waitFor();

  await page.getByLabel('Reason').fill('growth pays for it');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('new-report was updated.').waitFor();
  const changedAt = Date.now();
  await served.getByText('true').waitFor();
  process.stdout.write(
    `${JSON.stringify({ measured: 'a change, on the tenant’s page', ms: Date.now() - changedAt })}\n`,
  );
  const flags = await set.as('platform-auditor');
  await flags.goto('/flags');
  await flags
    .getByRole('row', { name: /new-report/ })
    .getByText('50% (1 of 2)')
    .waitFor();

  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.getByRole('row', { name: /growth pays for it/ }).click();
  await page
    .getByRole('row', { name: /^added .*targeting/ })
    .first()
    .waitFor();

  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Revert to version 1' }).click();
  await page.getByText('new-report was reverted to version 1.').waitFor();
  await served.getByText('false').waitFor();
});

test('an invalid definition cannot be saved, and its errors are shown', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/flags/new-report');
  await page.getByLabel('JSON').waitFor();
  await type(page, (definition) => ({ ...definition, state: 'MAYBE' }));
  await page.getByText(/^state: /).waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await type(page, (definition) => ({ ...definition, state: 'ENABLED', defaultVariant: 'no-such-variant' }));
  await page
    .getByText(/no-such-variant/)
    .last()
    .waitFor();
});

test('an override with a reason applies to one tenant until it is removed', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/tenants/globex/flags');
  await page.getByRole('button', { name: 'Override new-report for globex' }).click();
  await dialog(page).getByRole('button', { name: 'Save override' }).click();
  await page.getByText('Enter a reason.').waitFor();
  const reason = '<img src="/none" onerror="window.isInjected = true">';
  await dialog(page).getByLabel('Reason').fill(reason);
  await dialog(page).getByRole('button', { name: 'Save override' }).click();
  await page.getByText('new-report is now “on” for globex.').waitFor();
  const row = page.getByRole('row', { name: /new-report/ });
  await row.getByText('override', { exact: true }).waitFor();

  await page.goto('/tenants/globex/audit?action=flag.override.changed');
  await page.getByText(reason).first().waitFor();
  expect(await page.evaluate('window.isInjected')).toBeUndefined();

  await page.goto('/tenants/globex/flags');
  await page.getByRole('button', { name: /Remove the override of new-report/ }).click();
  await row.getByText('override', { exact: true }).waitFor({ state: 'detached' });
});

test('the kill switch requires the key, disables the flag for everyone, and is audited', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/flags/new-report');
  await page.getByRole('button', { name: 'Kill', exact: true }).click();
  const kill = dialog(page).getByRole('button', { name: 'Kill', exact: true });
  expect(await kill.isDisabled()).toBe(true);
  await page.getByLabel(/To confirm, type/).fill('new-report');
  await kill.click();
  await page.getByText('new-report was disabled for everyone.').waitFor();
  await page.getByText('disabled', { exact: true }).first().waitFor();
  const { body } = await set.system.call<{ items: AuditEvent[] }>('/v1/flags/new-report/audit?limit=1');
  expect(body.items[0]?.after).toMatchObject({ state: 'DISABLED' });
});

test('a change is scheduled and cancelled', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/flags/new-report/schedule');
  await page.getByText('There are no scheduled changes.').waitFor();
  await page.getByRole('button', { name: 'Schedule a change' }).click();
  await dialog(page).getByRole('button', { name: 'Schedule', exact: true }).click();
  await page.getByText('Choose a date and time.').waitFor();
  await dialog(page).getByRole('textbox', { name: 'When Date' }).fill('2037/05/01');
  await dialog(page).getByRole('textbox', { name: 'When Time' }).fill('06:30:00');
  await dialog(page).getByText('Change the percentage').click();
  await dialog(page).getByLabel('Share of the first variant').fill('101');
  await dialog(page).getByRole('button', { name: 'Schedule', exact: true }).click();
  await page.getByText(/^schedule.0.percent: /).waitFor();
  await dialog(page).getByText('Change the default variant').click();
  await dialog(page).getByRole('button', { name: 'Schedule', exact: true }).click();
  const planned = page.getByRole('row', { name: /2037.*makes on the default/ });
  await planned.waitFor();
  const { body } = await set.system.call<{ schedule: { at: string }[] }>('/v1/flags/new-report');
  expect(body.schedule.map(({ at }) => at)).toEqual([new Date('2037-05-01T06:30:00').toISOString()]);
  await planned.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('There are no scheduled changes.').waitFor();
});

test('a change that needs approval becomes a proposal', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/flags/new');
  await page.getByLabel('Key').fill('careful');
  await page.getByRole('button', { name: 'Create flag' }).click();
  await page.waitForURL('/flags/careful');
  await page.getByText('Version 1, in flagd').waitFor();
  await type(page, (definition) => ({ ...definition, metadata: { approval: 'required' } }));
  await page.getByRole('button', { name: 'Save' }).click();
  await page
    .getByText('careful was updated.')
    .or(page.getByText(/needs another administrator/))
    .first()
    .waitFor();
  await page.getByRole('tab', { name: 'Definition' }).waitFor();
  await page.goto('/flags/careful');
  await page.getByLabel('JSON').waitFor();
  await type(page, (definition) => ({ ...definition, defaultVariant: 'on' }));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.goto('/flags');
  await page.getByText('Waiting for approval').waitFor();
  await page.getByRole('button', { name: 'Withdraw' }).first().click();
  await page.getByText('The change to careful was rejected.').waitFor();
});

test('an auditor can read flags but not change them', async () => {
  const page = await set.as('platform-auditor');
  await page.goto('/flags/new-report');
  await page.getByLabel('JSON').waitFor();
  for (const name of ['Save', 'Kill']) expect(await page.getByRole('button', { name }).count()).toBe(0);
});

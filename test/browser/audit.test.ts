import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import { complaints, stage } from './stage.ts';

const set = stage();

/** Markup that would show if a page took a text for anything else. */
const script = '<script>window.isInjected = true</script>';
const image = '<img src="/no-such-picture" onerror="window.isInjected = true">';

beforeAll(async () => {
  const { body } = await set.system.onboard({
    slug: 'acme',
    name: `Acme ${script}`,
    adminEmail: 'ada@acme.example',
    metadata: { note: image },
  });
  await set.system.untilOperation(body.operation.id, 'succeeded');
  await set.system.fault({ function: 'activate', kind: 'throw', error: 'HealthCheckFailed' });
  const failed = await set.system.onboard({ slug: 'globex', name: image, adminEmail: 'hank@globex.example' });
  await set.system.untilOperation(failed.body.operation.id, 'rolled-back');
  await set.system.call('/v1/tenants/acme', { method: 'PATCH', body: { name: `Acme Limited ${script}` } });
});

const pickFilter = async (page: Awaited<ReturnType<typeof set.page>>, text: string) => {
  await page.getByLabel('Find audit events').fill(text);
  await page.keyboard.press('Enter');
};

test('one event is found by its actor and its date, and tells what it changed', async () => {
  const page = await set.as('tenant-admin', 'acme');
  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.getByRole('row', { name: /tenant\.activated/ }).waitFor();
  await pickFilter(page, 'Actor = local-platform-admin');
  await page.getByRole('row', { name: /tenant\.activated/ }).waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /tenant\.updated/ }).waitFor();

  const [updated] = (await set.system.audited('acme', 'action=tenant.updated')) as [AuditEvent];
  const address = new URL(page.url());
  address.searchParams.set('from', updated.time);
  address.searchParams.set('to', updated.time);
  await page.goto(address.href);
  await page.getByRole('row', { name: /tenant\.updated/ }).waitFor();
  // The row of the headings and the one event.
  expect(await page.getByRole('row').count()).toBe(2);
  await page.getByRole('cell', { name: 'tenant.updated', exact: true }).click();
  const change = page.getByRole('row', { name: /^changed name/ });
  await change.waitFor();
  expect(await change.getByRole('deletion').innerText()).toBe(`Acme ${script}`);
  expect(await change.getByRole('insertion').innerText()).toBe(`Acme Limited ${script}`);
});

test('a record is edited, is not overwritten by who saw an older one, and tells in the audit log what changed', async () => {
  const { body } = await set.system.onboard({ slug: 'initech', name: 'Initech' });
  await set.system.untilOperation(body.operation.id, 'succeeded');
  const page = await set.as('platform-admin');
  await page.goto('/tenants/initech');
  await page.getByRole('button', { name: 'Edit' }).click();
  await set.system.call('/v1/tenants/initech', { method: 'PATCH', body: { metadata: { code: '40' } } });
  const form = page.getByRole('dialog', { name: 'Edit initech' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Initech Ltd');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText(/but the current version is .* Read it again/).waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('button', { name: 'Edit' }).click();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('');
  await form.getByRole('button', { name: 'Save' }).click();
  await form
    .getByText(/must be|Too small|1/)
    .first()
    .waitFor();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('Initech Ltd');
  await form.getByText('Use custom limits').click();
  await form.getByLabel('Requests per second').fill('7.5');
  await form.getByLabel('Burst').fill('20');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Initech Ltd' }).waitFor();
  await page.getByText('7.5 per second, bursts of 20').waitFor();

  await page.getByRole('tab', { name: 'Audit' }).click();
  await page.getByRole('cell', { name: 'tenant.updated', exact: true }).first().click();
  const change = page.getByRole('row', { name: /^changed name/ });
  expect(await change.getByRole('insertion').innerText()).toBe('Initech Ltd');

  const auditor = await set.as('platform-auditor');
  await auditor.goto('/tenants/initech');
  await auditor.getByRole('heading', { name: 'Initech Ltd' }).waitFor();
  expect(await auditor.getByRole('button', { name: 'Edit' }).count()).toBe(0);
});

test('the chain is verified, and the filtered events are exported', async () => {
  const page = await set.as('platform-auditor');
  await page.goto('/tenants/acme/audit?action=tenant.placed');
  await page.getByRole('row', { name: /tenant\.placed/ }).waitFor();
  await page.getByRole('button', { name: 'Verify' }).click();
  await page.getByText('Audit chain verified').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).click();

  await page.getByRole('button', { name: 'Export' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'JSON Lines' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('acme-audit.ndjson');
  const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as AuditEvent).action)).toEqual(['tenant.placed']);
});

test('markup in a name, in metadata and in the reason of an event is shown as the text it is', async () => {
  const page = await set.as('platform-admin');
  const { body } = await set.system.call<{ items: { tenantId: string }[] }>('/v1/tenants?status=failed');
  const failed = body.items[0]?.tenantId ?? '';
  for (const [path, text] of [
    ['/tenants', script],
    ['/tenants/acme', image],
    [`/tenants/${failed}`, image],
    [`/tenants/${failed}/audit?action=tenant.onboarding.failed`, 'activate'],
    ['/tenants/acme/audit?action=tenant.updated', 'tenant.updated'],
  ] as const) {
    await page.goto(path);
    await page.getByText(text).first().waitFor();
  }
  expect(await page.evaluate('window.isInjected')).toBeUndefined();
  expect(complaints.get(page)).toEqual([]);
});

test('a script that gets into a page all the same is stopped by the Content-Security-Policy', async () => {
  const page = await set.as('platform-admin');
  const stopped = page.evaluate<string>(`new Promise((resolve) => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
    document.body.append(document.createRange().createContextualFragment(${JSON.stringify(script)}));
  })`);
  expect(await stopped).toBe('script-src-elem');
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(image)})`);
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate('window.isInjected')).toBeUndefined();
});

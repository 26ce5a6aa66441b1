import { beforeAll, expect, test } from 'vitest';
import { setStatus } from '#test/local/system/set-status.ts';
import { complaints, signIn, stage } from './stage.ts';

const set = stage();
const tenants = { acme: '', globex: '' };

beforeAll(async () => {
  for (const slug of ['acme', 'globex'] as const) {
    const { body } = await set.system.onboard({ slug, name: `The ${slug} company`, adminEmail: `ada@${slug}.example` });
    await set.system.untilOperation(body.operation.id, 'succeeded');
    tenants[slug] = body.tenant.tenantId;
  }
});

const places = (page: Awaited<ReturnType<typeof set.page>>) =>
  page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();

test.for([
  { role: 'platform-admin', sees: ['Fleet', 'Tenants', 'Operations', 'Flags', 'Platform audit'], onboards: true },
  { role: 'platform-auditor', sees: ['Fleet', 'Tenants', 'Operations', 'Flags', 'Platform audit'], onboards: false },
  { role: 'sales', sees: ['Tenants'], onboards: true },
] as const)('$role finds what it may do, and nothing else', async ({ role, sees, onboards }) => {
  const page = await set.as(role);
  expect((await places(page)).filter((text) => text !== 'Tenantry' && text !== '')).toEqual(sees);
  await page.goto('/tenants');
  await page.getByRole('heading', { name: 'Tenants' }).waitFor();
  await page.waitForLoadState('networkidle');
  expect((await page.getByRole('button', { name: 'Onboard a tenant' }).count()) > 0).toBe(onboards);
});

test.for([
  { role: 'tenant-admin', tabs: ['Overview', 'Operations', 'Flags', 'Audit', 'Users', 'Secrets'] },
  { role: 'tenant-member', tabs: ['Overview', 'Flags'] },
] as const)('$role begins at its own tenant, and sees as much of it as it may', async ({ role, tabs }) => {
  const page = await set.as(role, 'acme');
  await page.getByRole('heading', { name: /The acme company/ }).waitFor();
  expect(await page.getByRole('tab').allTextContents()).toEqual(tabs);
});

test("another tenant's address is answered like one that leads nowhere", async () => {
  const page = await set.as('tenant-admin', 'acme');
  const seen: string[] = [];
  for (const path of [`/tenants/${tenants.globex}`, '/tenants/globex', '/tenants/no-such-tenant', '/no/such/page']) {
    await page.goto(path);
    await page.getByText('Not found').first().waitFor();
    seen.push(await page.getByRole('main').innerText());
  }
  expect(new Set(seen).size).toBe(1);
  expect(seen[0]).not.toContain('globex');
});

test('an invited user signs in as itself, and is signed out as soon as it is disabled', async () => {
  const page = await set.page();
  await page.goto('/');
  await page.getByText('A user of a tenant').click();
  await page.getByLabel('E-mail address').fill('ada@acme.example');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: /The acme company/ }).waitFor();

  await set.system.call(`/v1/tenants/acme/users`, {
    method: 'POST',
    body: { email: 'bob@acme.example', role: 'tenant-admin' },
  });
  await set.system.call(`/v1/tenants/acme/users/ada@acme.example`, { method: 'PATCH', body: { disabled: true } });
  // The next thing it asks for, within seconds, is refused.
  await page.getByText('You are signed out').waitFor();
});

test('a tenant that is suspended has its administrator signed out, and let in no more', async () => {
  const { body } = await set.system.onboard({ slug: 'initech', adminEmail: 'bill@initech.example' });
  await set.system.untilOperation(body.operation.id, 'succeeded');
  const page = await set.as('tenant-admin', 'initech');
  await page.getByRole('tab', { name: 'Audit' }).waitFor();
  await setStatus(set.system, body.tenant, 'suspended');
  await page.getByText('You are signed out').waitFor();
  await page.getByText('tenant-admin', { exact: true }).click();
  await page.getByLabel('Tenant', { exact: true }).fill('initech');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('You are signed out').waitFor();
  expect(await page.getByRole('tab').count()).toBe(0);
});

test('who is not let in is told why, and nobody is signed in', async () => {
  const page = await set.page();
  await page.goto('/');
  await page.getByText('tenant-admin', { exact: true }).click();
  await page.getByLabel('Tenant', { exact: true }).fill('nobody-knows');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('There is no tenant nobody-knows.').waitFor();
});

test('a reload keeps who one is, signing out does not, and no token is ever stored', async () => {
  const page = await set.as('platform-admin');
  await page.goto('/tenants?tier=starter');
  await page.getByRole('link', { name: 'acme' }).waitFor();
  const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
  expect(stored).not.toMatch(/eyJ/);

  await page.getByRole('button', { name: 'Signed in as platform-admin' }).first().click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await signIn(page, 'sales');
  // Of what the administrator was shown, nothing is left for whoever signs in next.
  await page.getByText('No tenants match the filter.').waitFor();
  expect(complaints.get(page)).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { revokedSessionsPolicy } from '#core/access/revoked-sessions.ts';
import { revokedSessionsPolicyName, tenantRoleName } from '#core/contract/platform/names.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { noon, tenantId } from '#test/builders.ts';
import { synthesised, target } from '#test/infra/synthesised.ts';
import { allows, type NamedPolicy } from './policies/evaluate.ts';
import { rolesOf } from './policies/role-policies.ts';
import { anyRead, isReader, mayRead, type SecretRead } from './policies/secret-search.ts';
import { anyQuestion, isOwn, searchTenantRole, type TenantQuestion } from './policies/tenant-search.ts';
import { type Attempt, anyAttempt, isForOneTenant, mayAssume } from './policies/trust-search.ts';
import { report, seeded } from './seeded.ts';

const made = synthesised();
const tenantRole = rolesOf(made, made.controlPlane).find(({ name }) => name === tenantRoleName);

test("the tenants' role reads its own tenant's items and secrets, and no question gets it more", async () => {
  const { asked, allowed, wrongAllows, wrongDenials } = await searchTenantRole(
    tenantRole?.policies ?? [],
    seeded(64),
    50_000,
  );
  report("the tenants' role", {
    asked,
    allowed,
    crossTenantAllows: wrongAllows.length,
    wrongDenials: wrongDenials.length,
  });
  expect(wrongAllows.slice(0, 10)).toEqual([]);
  expect(wrongDenials.slice(0, 10)).toEqual([]);
  expect(allowed).toBeGreaterThan(asked / 10);
});

test("the tenants' role is taken by functions that serve tenants, with the tag of one tenant, and by no other", async () => {
  if (!tenantRole) throw new Error(`There is no role ${tenantRoleName}.`);
  const random = seeded(7);
  const roles = rolesOf(made, made.controlPlane);
  const serving = new Set(
    made
      .resources(made.controlPlane, 'AWS::Lambda::Function')
      .filter(([, { Properties }]) =>
        functionNames.some(
          (name) =>
            functionSpecs[name].access.tenantScope === 'assume' && Properties.FunctionName === `tenantry-${name}`,
        ),
      )
      .map(([, { Properties }]) => target(Properties.Role)),
  );
  const wrong: { attempt: Omit<Attempt, 'role'>; by: string; allowed: boolean }[] = [];
  let taken = 0;
  const attempts = 5_000;
  for (let turn = 0; turn < attempts; turn += 1) {
    const { role, ...attempt } = anyAttempt(random, roles);
    const allowed = await mayAssume(tenantRole, { role, ...attempt });
    if (allowed) taken += 1;
    if (allowed !== (serving.has(role.id) && isForOneTenant({ role, ...attempt }))) {
      wrong.push({ attempt, by: role.id, allowed });
    }
  }
  report("trust of the tenants' role", { asked: attempts, taken, wrong: wrong.length });
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(taken).toBeGreaterThan(100);
});

test('sessions of a tenant that is revoked are denied everything, and those of others nothing that is their own', async () => {
  const document = revokedSessionsPolicy({ [tenantId]: noon, a: noon });
  if (!tenantRole || !document) throw new Error('There is no policy to ask.');
  const policies = [...tenantRole.policies, { name: revokedSessionsPolicyName, policy: document }];
  const random = seeded(13);
  const wrong: TenantQuestion[] = [];
  let [denied, allowed] = [0, 0];
  const asked = 10_000;
  for (let turn = 0; turn < asked; turn += 1) {
    const question = anyQuestion(random);
    const isRevoked = question.tag === tenantId || question.tag === 'a';
    const expected = isOwn(question) && !isRevoked;
    if (isOwn(question) && isRevoked) denied += 1;
    if (expected) allowed += 1;
    if ((await allows(policies, question)) !== expected) wrong.push(question);
  }
  report('revoked sessions', { asked, allowed, denied, wrong: wrong.length });
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(Math.min(denied, allowed)).toBeGreaterThan(50);
});

test("a tenant's secret is read by that tenant and the functions it names, whatever else a role may do", async () => {
  const random = seeded(11);
  const wrong: { read: SecretRead; allowed: boolean }[] = [];
  const asked = 5_000;
  for (let turn = 0; turn < asked; turn += 1) {
    const read = anyRead(random);
    const allowed = await mayRead(read);
    if (allowed !== isReader(read)) wrong.push({ read, allowed });
  }
  report("policy of a tenant's secret", { asked, wrong: wrong.length });
  expect(wrong.slice(0, 10)).toEqual([]);
});

/** Policies as they are found in samples and reviews: each lets one tenant read another's. */
describe('the same search finds what is wrong with', () => {
  const folder = path.join(import.meta.dirname, 'policies/known-bad');
  test.for(readdirSync(folder))('%s', async (file) => {
    const policy = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as NamedPolicy['policy'];
    const { asked, wrongAllows } = await searchTenantRole([{ name: file, policy }], seeded(64), 2_000);
    report(`known-bad: ${file}`, { asked, crossTenantAllows: wrongAllows.length });
    expect(wrongAllows.length).toBeGreaterThan(0);
  });
});

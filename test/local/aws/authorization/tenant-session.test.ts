import { expect, test } from 'vitest';
import type { Requirement } from '#local/aws/authorization/requirements.ts';
import { arns } from '#local/aws/authorization/resources.ts';
import { sessionAllows } from '#local/aws/authorization/tenant-session.ts';
import { anyQuestion, isOwn, type TenantQuestion } from '#test/proofs/policies/tenant-search.ts';
import { seeded } from '#test/proofs/seeded.ts';

/** The question as the endpoint would find it in a call; `undefined` for what the endpoint cannot be asked. */
const requirementOf = ({ action, resource, context }: TenantQuestion): Requirement | undefined => {
  const [, table, index] = /:111122223333:table\/([^/]+)(?:\/index\/(.+))?$/.exec(resource) ?? [];
  const leadingKeys = context['dynamodb:LeadingKeys'];
  const keys = Array.isArray(leadingKeys) ? { leadingKeys } : {};
  if (table && index) return { action, resource: arns.index(table, index), ...keys };
  if (table) return { action, resource: arns.table(table), ...keys };
  const [, secret] = /:secret:(.+)-AbCdEf$/.exec(resource) ?? [];
  return secret ? { action, resource: arns.secret(secret) } : undefined;
};

// `npm run prove` asks the policy of the role itself the same questions.
test('the local endpoint judges sessions of one tenant as the policy of their role does', () => {
  const random = seeded(3);
  let [asked, allowed] = [0, 0];
  while (asked < 20_000) {
    const question = anyQuestion(random);
    const requirement = requirementOf(question);
    // No session is opened without a tenant, neither here nor in AWS.
    if (!question.tag || !requirement) continue;
    const session = { role: 'tenantry-tenant', name: 'test', tenantId: question.tag, expiresAt: 0 };
    const answer = sessionAllows(session, requirement);
    asked += 1;
    if (answer) allowed += 1;
    if (answer !== isOwn(question)) expect({ question, answer }).toEqual({ question, answer: !answer });
  }
  expect(allowed).toBeGreaterThan(asked / 20);
});

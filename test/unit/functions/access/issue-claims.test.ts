import { expect, test } from 'vitest';
import { issueClaims } from '#functions/access/issue-claims.ts';

type Asked = Parameters<typeof issueClaims>[0];

const signIn = (userAttributes: Record<string, string>): Asked =>
  ({
    triggerSource: 'TokenGeneration_Authentication',
    callerContext: { awsSdkVersion: '', clientId: 'console' },
    request: { userAttributes, groupConfiguration: { groupsToOverride: ['platform-admin'] } },
  }) as unknown as Asked;

test('a user is identified by a verified e-mail address', async () => {
  expect(await issueClaims(signIn({ email: 'Ada@Acme.example', email_verified: 'true' }))).toEqual({
    tenantry_role: 'platform-admin',
    tenantry_user: 'ada@acme.example',
  });
});

test.for([
  { email: 'ada@acme.example', email_verified: 'false' },
  { email: 'ada@acme.example' },
  { email_verified: 'true' },
  {},
])('nobody is known by %j', async (attributes) => {
  await expect(issueClaims(signIn(attributes as Record<string, string>))).rejects.toMatchObject({
    code: 'not_authenticated',
  });
});

import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mostRevoked } from '#core/access/revoked-sessions.ts';
import { permissionsOf } from '#core/contract/platform/access.ts';
import { authorizeByManifest } from '#local/aws/authorization/access.ts';
import type { AwsService } from '#local/aws/endpoint/service.ts';
import { openRolePolicies, type RolePolicies } from '#local/aws/iam/role-policies.ts';
import { Sessions } from '#local/aws/sts/sessions.ts';
import { openSts } from '#local/aws/sts/sts.ts';
import { openState, type State } from '#local/state.ts';
import type * as SessionRevocation from '#stores/aws/session-revocation.ts';
import { as, toward } from '#test/local/aws/endpoint/endpoint-fixture.ts';
import { emptyTables } from '#test/local/stores/tables-fixture.ts';

const permissions = new Map([
  ['revoker', permissionsOf({ tables: { tenants: 'append' }, tenantScope: 'revoke' })],
  ['another', permissionsOf({ tables: { tenants: 'append' }, tenantScope: 'assume' })],
]);
const sessions = new Sessions();

let state: State;
let rolePolicies: RolePolicies;
let aws: Awaited<ReturnType<typeof emptyTables>>;
let store: typeof SessionRevocation;
let sts: STSClient;
let iam: IAMClient;
/** Holds up the policies that are put while it lasts. */
let gate = Promise.resolve();
let puts = 0;

beforeAll(async () => {
  state = await openState();
  rolePolicies = await openRolePolicies(state);
  const gated: AwsService = {
    ...rolePolicies.service,
    call: async (operation, input, context) => {
      puts += 1;
      await gate;
      return rolePolicies.service.call(operation, input, context);
    },
  };
  aws = await emptyTables({
    sessions,
    services: { sts: openSts(sessions), iam: gated },
    authorize: authorizeByManifest({ permissions, rolePolicies }),
  });
  store = await import('#stores/aws/session-revocation.ts');
  sts = new STSClient(toward(aws.url));
  iam = new IAMClient(toward(aws.url));
});
afterAll(async () => {
  sts.destroy();
  iam.destroy();
  await aws[Symbol.asyncDispose]();
  await state.close();
});

const hour = 3_600_000;
let time = Date.parse('2026-11-22T12:00:00Z');
/** Each test begins when all that was revoked before has expired. */
const muchLater = () => {
  time += 2 * hour;
  return new Date(time).toISOString();
};
let tenants = 0;
const aTenantId = () => {
  tenants += 1;
  return `tn_01jdaa00000000000000${String(tenants).padStart(6, '0')}`;
};
const revoke = (tenantId: string, now: string) => as('revoker', () => store.revokeSessions(tenantId, now));
const restore = (tenantId: string, now: string) => as('revoker', () => store.restoreSessions(tenantId, now));

/** Reads the tenant's partition by a session that was opened for it, as often as is asked. */
const aSessionOf = async (tenantId: string) => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: 'arn:aws:iam::000000000000:role/tenantry-tenant',
      RoleSessionName: 'test',
      Tags: [{ Key: 'tenant', Value: tenantId }],
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  const query = new QueryCommand({
    TableName: 'tenantry-tenants',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: `TENANT#${tenantId}` } },
  });
  return async () => {
    const client = new DynamoDBClient({ ...toward(aws.url), credentials });
    return client.send(query).finally(() => client.destroy());
  };
};
const denied = expect.objectContaining({
  name: 'AccessDeniedException',
  message: expect.stringContaining('with an explicit deny in an identity-based policy'),
});
const isDenied = (tenantId: string) =>
  rolePolicies.denies({ role: 'tenantry-tenant', name: 'test', tenantId, expiresAt: 0 }, 'dynamodb:Query');

describe('sessions of the tenants’ role', () => {
  test('are denied once their tenant’s are revoked, and work again once they are restored', async () => {
    const now = muchLater();
    const [own, other] = [aTenantId(), aTenantId()];
    const [readOwn, readOther] = [await aSessionOf(own), await aSessionOf(other)];
    await readOwn();

    await revoke(own, now);
    await expect(readOwn()).rejects.toEqual(denied);
    await expect((await aSessionOf(own))()).rejects.toEqual(denied);
    await readOther();

    await restore(own, now);
    await readOwn();
  });

  test('stay denied when it is done twice, over a restart, and while another tenant is restored', async () => {
    const now = muchLater();
    const [own, other] = [aTenantId(), aTenantId()];
    await revoke(own, now);
    await revoke(own, now);
    await revoke(other, now);
    await restore(other, now);
    expect([own, other].map(isDenied)).toEqual([true, false]);
    const afterRestart = await openRolePolicies(state);
    const session = { role: 'tenantry-tenant', name: 'test', tenantId: own, expiresAt: 0 };
    expect(afterRestart.denies(session, 'secretsmanager:GetSecretValue')).toBe(true);
  });

  test('are no longer named an hour later, when they have expired', async () => {
    const now = muchLater();
    const [first, second] = [aTenantId(), aTenantId()];
    await revoke(first, now);
    await revoke(second, new Date(Date.parse(now) + hour).toISOString());
    expect([first, second].map(isDenied)).toEqual([false, true]);
  });

  test('are revoked of every tenant when many are suspended and resumed at once', async () => {
    const now = muchLater();
    const suspended = Array.from({ length: 12 }, aTenantId);
    const resumed = Array.from({ length: 4 }, aTenantId);
    for (const tenantId of resumed) await revoke(tenantId, now);
    await Promise.all([
      ...suspended.map((tenantId) => revoke(tenantId, now)),
      ...resumed.map((tenantId) => restore(tenantId, now)),
    ]);
    expect(suspended.filter((tenantId) => !isDenied(tenantId))).toEqual([]);
    expect(resumed.filter(isDenied)).toEqual([]);
  });

  test('are not forgotten by a policy that was made before and put late', async () => {
    const now = muchLater();
    const [slow, fast] = [aTenantId(), aTenantId()];
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    const before = puts;
    const late = revoke(slow, now);
    await expect.poll(() => puts).toBe(before + 1);
    gate = Promise.resolve();
    await revoke(fast, now);
    held.resolve();
    await late;
    expect([slow, fast].map(isDenied)).toEqual([true, true]);
  });

  test('are revoked of as many tenants as the policy holds; one more is refused', async () => {
    const now = muchLater();
    const { documents } = await import('#stores/aws/clients.ts');
    const { PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const names = Array.from({ length: mostRevoked - 1 }, aTenantId);
    const Item = {
      pk: 'SESSIONS',
      sk: 'REVOKED',
      version: 1_000,
      tenants: Object.fromEntries(names.map((id) => [id, now])),
    };
    await as('revoker', () => documents.send(new PutCommand({ TableName: 'tenantry-tenants', Item })));
    const [last, tooMany] = [aTenantId(), aTenantId()];
    await revoke(last, now);
    await expect(revoke(tooMany, now)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect([names[0]!, last, tooMany].map(isDenied)).toEqual([true, true, false]);
  });
});

const put = (document: object, RoleName = 'tenantry-tenant') =>
  iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'test', PolicyDocument: JSON.stringify(document) }));
const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
const document = (statement: object) => ({ Version: '2012-10-17', Statement: [statement] });

describe('the policy', () => {
  test('is put by no function without that access', async () => {
    const denial = {
      name: 'AccessDenied',
      message: expect.stringContaining('iam:PutRolePolicy on resource: arn:aws:iam'),
    };
    await expect(as('another', () => put(document(deny)))).rejects.toMatchObject(denial);
    await expect(as('revoker', () => put(document(deny), 'another'))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('is refused where it could not be evaluated, is too long, or is of another role', async () => {
    const long = { ...deny, Condition: { StringEquals: { 'aws:PrincipalTag/tenant': ['x'.repeat(10_240)] } } };
    await expect(put(document({ ...deny, Effect: 'Allow' }))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await expect(put(document({ ...deny, NotAction: '*' }))).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await expect(put(document(long))).rejects.toMatchObject({ name: 'LimitExceededException' });
    await expect(put(document(deny), 'admin')).rejects.toMatchObject({ name: 'NoSuchEntityException' });
  });

  test('is all that IAM is asked for here', async () => {
    const list = iam.send(new ListRolePoliciesCommand({ RoleName: 'tenantry-tenant' }));
    await expect(list).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});

import type { Mistake } from './mistake.ts';

const role = 'lib/control-plane/tenant-role.ts';
const session = 'local/aws/authorization/tenant-session.ts';
const sessions = 'local/aws/sts/sessions.ts';
const store = 'stores/aws/tenant-scope.ts';
const roleTests = ['test/infra/templates.test.ts'];
const sessionTests = ['test/local/aws/authorization/tenant-session.test.ts'];
const storeTests = ['test/local/stores/aws/tenant-scope.test.ts'];
const grantTests = ['test/local/system/tenant-scope.test.ts'];

const revocationTests = ['test/local/stores/aws/session-revocation.test.ts'];

/** Mistakes about the credentials that reach one tenant only. */
export const tenantScopeMistakes: readonly Mistake[] = [
  {
    what: 'the Null check of the leading keys is gone',
    file: role,
    right: "Null: { 'dynamodb:LeadingKeys': 'false', ...hasTag },",
    wrong: 'Null: hasTag,',
    caughtBy: roleTests,
  },
  {
    what: 'the leading keys are compared by pattern',
    file: role,
    right: "'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [tenantPartition(taggedTenant)] },",
    wrong: "'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${tenantPartition(taggedTenant)}*`] },",
    caughtBy: roleTests,
  },
  {
    what: 'the condition key is misspelt',
    file: role,
    right: "'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys'",
    wrong: "'ForAllValues:StringEquals': { 'dynamodb: LeadingKeys'",
    caughtBy: roleTests,
  },
  {
    what: 'one own key is enough',
    file: role,
    right: "'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys'",
    wrong: "'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys'",
    caughtBy: roleTests,
  },
  {
    what: 'the role is taken without the tag',
    file: role,
    right: "Null: { [`aws:RequestTag/${tenantTag}`]: 'false', 'sts:TransitiveTagKeys': 'true' },",
    wrong: "Null: { 'sts:TransitiveTagKeys': 'true' },",
    caughtBy: roleTests,
  },
  {
    what: 'the tag goes on to other roles',
    file: role,
    right: "Null: { [`aws:RequestTag/${tenantTag}`]: 'false', 'sts:TransitiveTagKeys': 'true' },",
    wrong: "Null: { [`aws:RequestTag/${tenantTag}`]: 'false' },",
    caughtBy: roleTests,
  },
  {
    what: 'a tag need not look like a tenant’s id',
    file: role,
    right: 'StringLike: { [`aws:RequestTag/${tenantTag}`]: formOfTenantId },',
    wrong: "StringLike: { [`aws:RequestTag/${tenantTag}`]: 'tn_*' },",
    caughtBy: roleTests,
  },
  {
    what: 'the scope of a tenant includes Scan',
    file: 'core/contract/platform/tenant-scope.ts',
    right: "items: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],",
    wrong: "items: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:Scan'],",
    caughtBy: sessionTests,
  },
  {
    what: 'the scope of a tenant includes writing',
    file: 'core/contract/platform/tenant-scope.ts',
    right: "items: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],",
    wrong: "items: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],",
    caughtBy: sessionTests,
  },
  {
    what: 'the scope of a tenant includes indexes that mix tenants',
    file: 'core/contract/platform/tenant-scope.ts',
    right: "partition === 'pk'",
    wrong: "partition !== ''",
    caughtBy: sessionTests,
  },
  {
    what: 'the path of a tenant’s secrets is a mere prefix',
    file: 'core/contract/platform/names.ts',
    right: 'tenantSecretPrefix = (tenantId: string) => `${tenantSecretsPrefix}${tenantId}/`;',
    wrong: 'tenantSecretPrefix = (tenantId: string) => `${tenantSecretsPrefix}${tenantId}`;',
    caughtBy: sessionTests,
  },
  {
    what: 'locally, a batch needs one own key only',
    file: session,
    right: 'leadingKeys.every((key) => key === partition)',
    wrong: 'leadingKeys.some((key) => key === partition)',
    caughtBy: sessionTests,
  },
  {
    what: 'locally, partitions are compared by prefix',
    file: session,
    right: 'leadingKeys.every((key) => key === partition)',
    wrong: 'leadingKeys.every((key) => key.startsWith(partition))',
    caughtBy: sessionTests,
  },
  {
    what: 'locally, any index may be queried',
    file: session,
    right: 'return scoped.has(resource) && inPartition;',
    wrong: 'return inPartition;',
    caughtBy: sessionTests,
  },
  {
    what: 'locally, the role is given for any tag',
    file: sessions,
    right: '!tenantIdSchema.safeParse(tenantId).success || Object.keys(Tags).length !== 1',
    wrong: 'tenantId === undefined || Object.keys(Tags).length !== 1',
    caughtBy: grantTests,
  },
  {
    what: 'locally, credentials that nobody was given are those of a person',
    file: sessions,
    right:
      "if (!session) throw new AwsError('UnrecognizedClientException', 'The security token of the request is invalid.');",
    wrong: 'if (!session) return undefined;',
    caughtBy: grantTests,
  },
  {
    what: 'credentials are kept without regard to the tenant',
    file: store,
    right: 'sessions.get(tenantId, () => openSession(tenantId, requestId));',
    wrong: "sessions.get('tenant', () => openSession(tenantId, requestId));",
    caughtBy: storeTests,
  },
  {
    what: 'the session is opened without its tag',
    file: store,
    right: 'Tags: [{ Key: tenantTag, Value: tenantId }],',
    wrong: '',
    caughtBy: storeTests,
  },
  {
    what: 'a tenant is read with the function’s own credentials',
    file: 'stores/aws/clients.ts',
    right: 'if (!credentials) return own;',
    wrong: 'if (own) return own;',
    caughtBy: storeTests,
  },
  {
    what: 'credentials are used after they have expired',
    file: store,
    right: 'expiresAt: Expiration.getTime(),',
    wrong: 'expiresAt: Expiration.getTime() + tenantSessionSeconds * 1000,',
    caughtBy: storeTests,
  },
  {
    what: 'revoking the sessions of one tenant restores those of others',
    file: 'core/access/revoked-sessions.ts',
    right: '{ ...unexpired(revoked, now), [tenantId]: now }',
    wrong: '{ [tenantId]: now }',
    caughtBy: ['test/unit/core/access/revoked-sessions.test.ts'],
  },
  {
    what: 'a tenant’s sessions are restored before they expire',
    file: 'core/access/revoked-sessions.ts',
    right: '< tenantSessionSeconds * 1_000',
    wrong: '< tenantSessionSeconds',
    caughtBy: ['test/unit/core/access/revoked-sessions.test.ts'],
  },
  {
    what: 'a policy that was made before another is put after it, and stays',
    file: 'stores/aws/session-revocation.ts',
    right: 'current = await read();',
    wrong: '',
    caughtBy: revocationTests,
  },
  {
    what: 'of two suspensions at once, one is forgotten',
    file: 'stores/aws/session-revocation.ts',
    right: '...conditionExpression(condition) }',
    wrong: '}',
    caughtBy: revocationTests,
  },
  {
    what: 'locally, revoked sessions go on',
    file: 'local/aws/authorization/access.ts',
    right: 'if (denied) return refusal(call, denied, true);',
    wrong: '',
    caughtBy: revocationTests,
  },
  {
    what: 'a call that meets revoked sessions fails without saying that its tenant is suspended',
    file: 'functions/shell/as-caller.ts',
    right: 'if (!isRevoked(error)) throw error;',
    wrong: 'if (error) throw error;',
    caughtBy: ['test/local/system/suspension.test.ts'],
  },
];

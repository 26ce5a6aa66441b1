import type { Mistake } from './mistake.ts';

const contract = 'core/contract/platform/access.ts';
const local = 'local/aws/authorization/access.ts';
const resources = 'local/aws/authorization/resources.ts';
const localTests = ['test/local/aws/authorization/access.test.ts'];
const templateTests = ['test/infra/templates.test.ts'];
/** What cdk-nag refuses stops every synthesis: its own test says so. */
const nagTests = ['test/infra/synthesis.test.ts'];

/** Mistakes about what functions may touch, in IAM and in its local stand-in. */
export const permissionMistakes: readonly Mistake[] = [
  {
    what: 'reading includes Scan',
    file: contract,
    right: "'dynamodb:BatchGetItem', 'dynamodb:Query'];",
    wrong: "'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'];",
    caughtBy: localTests,
  },
  {
    what: 'reading includes PartiQL',
    file: contract,
    right: "'dynamodb:BatchGetItem', 'dynamodb:Query'];",
    wrong: "'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PartiQLSelect'];",
    caughtBy: ['test/unit/core/contract/platform/access.test.ts'],
  },
  {
    what: 'appending to the audit log includes changing it',
    file: contract,
    right: "'dynamodb:ConditionCheckItem', 'dynamodb:PutItem'];",
    wrong: "'dynamodb:ConditionCheckItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];",
    caughtBy: localTests,
  },
  {
    what: 'reading a secret includes changing it',
    file: contract,
    right: "read: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],",
    wrong: "read: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'],",
    caughtBy: ['test/unit/core/contract/platform/access.test.ts'],
  },
  {
    what: 'the path of tenants’ secrets is a mere prefix',
    file: 'core/contract/platform/names.ts',
    right: "tenantSecretsPrefix = 'tenantry/tenants/';",
    wrong: "tenantSecretsPrefix = 'tenantry/tenants';",
    caughtBy: localTests,
  },
  {
    what: 'secrets of tenants and of shards are one',
    file: contract,
    right: "shards: 'tenantry/shards/',",
    wrong: "shards: 'tenantry/',",
    caughtBy: ['test/unit/core/contract/platform/access.test.ts'],
  },
  {
    what: 'starting one workflow is starting all',
    file: 'lib/iam/arns.ts',
    right: "return colon('states', 'stateMachine', resource.name);",
    wrong: "return colon('states', 'stateMachine', '*');",
    caughtBy: nagTests,
  },
  {
    what: 'statements hold for every resource',
    file: 'lib/iam/statements.ts',
    right: 'return { actions, resources: [arnOf(stack, resource, existing)],',
    wrong: "return { actions, resources: ['*'],",
    caughtBy: templateTests,
  },
  {
    what: 'statements hold for every action of the service',
    file: 'lib/iam/statements.ts',
    right: 'new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions],',
    wrong: "new PolicyStatement({ effect: Effect.ALLOW, actions: actions.map((name) => name.replace(/:.*/, ':*')),",
    caughtBy: nagTests,
  },
  {
    what: 'code of a function may use the network rights of Lambda',
    file: 'lib/control-plane/execution-role.ts',
    right: 'effect: Effect.DENY,',
    wrong: 'effect: Effect.ALLOW,',
    caughtBy: templateTests,
  },
  {
    what: 'anyone in the account may take a function’s role',
    file: 'lib/control-plane/execution-role.ts',
    right: "assumedBy: new ServicePrincipal('lambda.amazonaws.com'),",
    wrong: "assumedBy: new ServicePrincipal('*'),",
    caughtBy: templateTests,
  },
  {
    what: 'a route of the API has no authorizer',
    file: 'lib/control-plane/http-api.ts',
    right: '...(!isPublic && { authorizer }),',
    wrong: "...(!isPublic && route.method !== 'PATCH' && { authorizer }),",
    caughtBy: nagTests,
  },
  {
    what: 'locally, secrets are told apart by a part of the name',
    file: resources,
    right: 'arn.startsWith(arns.secret(granted.prefix))',
    wrong: 'arn.startsWith(arns.secret(granted.prefix.slice(0, -1)))',
    caughtBy: localTests,
  },
  {
    what: 'locally, an index is judged as its table',
    file: resources,
    right: 'arn === arns.index(granted.table, granted.name)',
    wrong: "arn.startsWith(arns.index(granted.table, ''))",
    caughtBy: localTests,
  },
  {
    what: 'locally, what runs outside a function may do anything',
    file: local,
    right: 'if (caller === undefined) return undefined;',
    wrong: "if (caller === undefined || caller === 'none') return undefined;",
    caughtBy: localTests,
  },
  {
    what: 'locally, only the first part of a transaction is judged',
    file: 'local/aws/authorization/requirements.ts',
    right: "return list(input['TransactItems']).flatMap(transactionRequirements);",
    wrong: "return list(input['TransactItems']).slice(0, 1).flatMap(transactionRequirements);",
    caughtBy: localTests,
  },
];

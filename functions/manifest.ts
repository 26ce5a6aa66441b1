import { definitionOperations, type OperationId } from '#core/contract/api/routes.ts';
import { inboundEventNames } from '#core/contract/events/catalogue.ts';
import type { Access } from '#core/contract/platform/access.ts';
import type { WorkflowName } from '#core/contract/platform/names.ts';
import { kindsOnFailure, kindsWithStep, operationWorkflows, type StepName, workflowOf } from '#core/operation/kinds.ts';
import type { FunctionSpec, Trigger } from './function-spec.ts';

const task = (...workflows: WorkflowName[]): Trigger => ({ kind: 'task', workflows });

/** Operations of the HTTP API: counts and judges the caller, reads as its tenant, writes refusals down. */
const api = (name: string, operations: readonly OperationId[], spec: Partial<FunctionSpec> = {}): FunctionSpec => ({
  entry: `functions/http/${name}.ts`,
  trigger: { kind: 'http', operations },
  seconds: 15,
  memoryMb: 512,
  ...spec,
  access: {
    ...spec.access,
    tenantScope: 'assume',
    tables: { tenants: 'read', audit: 'append', limits: 'update', ...spec.access?.tables },
  },
});

/** A step of tenants' operations: reads and writes the tenant's record, and appends to its audit stream. */
const step = (
  folder: WorkflowName,
  name: StepName,
  spec: Partial<FunctionSpec> & { access?: Access } = {},
): FunctionSpec => ({
  entry: `functions/${folder}/${name}.ts`,
  trigger: task(...kindsWithStep(name).map(workflowOf)),
  seconds: 20,
  memoryMb: 512,
  ...spec,
  access: { ...spec.access, tables: { tenants: 'write', audit: 'append', ...spec.access?.tables } },
});

const undoneWorkflows = kindsOnFailure('undo', 'discard').map(workflowOf);
const undoingWorkflows: WorkflowName[] = [...undoneWorkflows, 'roll-back-tenant'];

const executionsOf = (workflows: readonly WorkflowName[], ...verbs: ('start' | 'read')[]) =>
  Object.fromEntries(workflows.map((name) => [name, verbs])) as NonNullable<Access['executions']>;
const readsExecutions = executionsOf(undoneWorkflows, 'read');
/** What people and events ask for by themselves. */
const requestableWorkflows = (['onboard', 'suspend', 'resume'] as const).map(workflowOf);
/** What settling an operation may take: its workflow started, its history read, its roll-back started. */
const settlesOperations: Access = {
  tables: { tenants: 'write', audit: 'append' },
  executions: { ...executionsOf(operationWorkflows, 'start', 'read'), 'roll-back-tenant': ['start'] },
  tenantScope: 'revoke',
};

/** Every function there is: what calls it, how big it is, what it may touch. */
const manifest = {
  provision: step('onboard-tenant', 'provision', {
    network: 'shards',
    concurrency: 50,
    access: { secrets: { tenants: ['create', 'read', 'guard', 'rotate'], shards: ['read'] } },
  }),
  'seed-schema': step('onboard-tenant', 'seed-schema', {
    network: 'shards',
    concurrency: 50,
    seconds: 60,
    migrates: true,
    access: { secrets: { shards: ['read'] } },
  }),
  'load-flags': step('onboard-tenant', 'load-flags', { access: { tables: { flags: 'write' } } }),
  'bind-access': step('onboard-tenant', 'bind-access', { access: { identities: 'manage' } }),
  'health-check': step('onboard-tenant', 'health-check', {
    network: 'shards',
    concurrency: 50,
    access: { tables: { flags: 'read' }, secrets: { tenants: ['read'] } },
  }),
  activate: step('onboard-tenant', 'activate'),
  'close-database': step('suspend-tenant', 'close-database', {
    network: 'shards',
    concurrency: 10,
    access: { secrets: { shards: ['read'] } },
  }),
  'revoke-sessions': step('suspend-tenant', 'revoke-sessions', { access: { tenantScope: 'revoke' } }),
  'open-database': step('resume-tenant', 'open-database', {
    network: 'shards',
    concurrency: 10,
    access: { secrets: { shards: ['read'] } },
  }),
  'roll-back': {
    entry: 'functions/operation/roll-back.ts',
    trigger: task(...undoingWorkflows),
    network: 'shards',
    concurrency: 50,
    seconds: 60,
    memoryMb: 512,
    access: {
      tables: { tenants: 'write', audit: 'append', flags: 'write' },
      secrets: { tenants: ['delete'], shards: ['read'] },
      executions: readsExecutions,
      identities: 'manage',
    },
  },
  'fail-roll-back': {
    entry: 'functions/operation/fail-roll-back.ts',
    trigger: task(...undoingWorkflows),
    seconds: 20,
    memoryMb: 512,
    access: { tables: { tenants: 'write', audit: 'append' }, executions: readsExecutions },
  },
  'intake-events': {
    entry: 'functions/intake/intake-events.ts',
    trigger: { kind: 'event', pattern: { bus: 'tenantry', detailTypes: inboundEventNames } },
    seconds: 20,
    memoryMb: 512,
    access: {
      tables: { tenants: 'write', audit: 'append' },
      executions: executionsOf(requestableWorkflows, 'start'),
      deadLetters: 'send',
    },
  },
  'settle-operation': {
    entry: 'functions/operation/settle-operation.ts',
    trigger: {
      kind: 'event',
      pattern: {
        bus: 'default',
        executionsOf: operationWorkflows,
        statuses: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    seconds: 20,
    memoryMb: 512,
    access: settlesOperations,
  },
  'reconcile-operations': {
    entry: 'functions/operation/reconcile-operations.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 55,
    memoryMb: 512,
    access: settlesOperations,
  },
  'rotate-secret': {
    entry: 'functions/secrets/rotate-secret.ts',
    trigger: { kind: 'rotation' },
    seconds: 30,
    memoryMb: 512,
    network: 'shards',
    concurrency: 50,
    access: {
      tables: { tenants: 'write', audit: 'append' },
      secrets: { tenants: ['read', 'renew'], shards: ['read'] },
    },
  },
  'settle-rotation': {
    entry: 'functions/secrets/settle-rotation.ts',
    trigger: { kind: 'event', pattern: { bus: 'default', secretEvents: ['RotationFailed'] } },
    seconds: 30,
    memoryMb: 512,
    network: 'shards',
    access: {
      tables: { tenants: 'write', audit: 'append' },
      secrets: { tenants: ['read'], shards: ['read'] },
    },
  },
  'record-secret-read': {
    entry: 'functions/secrets/record-secret-read.ts',
    trigger: { kind: 'event', pattern: { bus: 'default', secretCalls: ['GetSecretValue'] } },
    seconds: 20,
    memoryMb: 256,
    // One who reads without end fills its own audit stream, at this pace, and holds up nobody else's work.
    concurrency: 10,
    access: { tables: { audit: 'append' } },
  },
  'guard-locks': {
    entry: 'functions/shards/guard-locks.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 65,
    memoryMb: 256,
    network: 'shards',
    access: { tables: { tenants: 'read' }, secrets: { shards: ['read'] } },
  },
  'propagate-to-tenants': {
    entry: 'functions/propagate-flag-change/propagate-to-tenants.ts',
    trigger: task('propagate-flag-change'),
    seconds: 60,
    memoryMb: 1024,
    access: { tables: { tenants: 'append', flags: 'write', audit: 'append' } },
  },
  'apply-flag-schedule': {
    entry: 'functions/flags/apply-flag-schedule.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 55,
    memoryMb: 512,
    access: {
      tables: { tenants: 'append', flags: 'write', audit: 'append' },
      executions: { 'propagate-flag-change': ['start'] },
    },
  },
  'publish-audit': {
    entry: 'functions/audit/publish-audit.ts',
    trigger: {
      kind: 'stream',
      table: 'audit',
      batchSize: 100,
      windowSeconds: 1,
      // Only an event names its actor for an index; each comes with a new head of its stream.
      filter: [{ added: { actorKey: [{ exists: true }] } }],
    },
    seconds: 60,
    memoryMb: 512,
    access: { bus: 'put', archive: { audit: 'write' } },
  },
  'issue-claims': {
    entry: 'functions/access/issue-claims.ts',
    trigger: { kind: 'sign-in' },
    // Cognito waits five seconds for it.
    seconds: 5,
    memoryMb: 512,
    access: { tables: { tenants: 'write', audit: 'append' } },
  },
  'tenants-api': api(
    'tenants',
    ['createTenant', 'listTenants', 'getTenant', 'updateTenant', 'retryTenant', 'suspendTenant', 'resumeTenant'],
    { access: { tables: { tenants: 'write' }, executions: executionsOf(requestableWorkflows, 'start') } },
  ),
  'operations-api': api('operations', ['listAllOperations', 'listOperations', 'getOperation']),
  'users-api': api('users', ['listUsers', 'inviteUser', 'updateUser', 'removeUser'], {
    access: { tables: { tenants: 'write' }, identities: 'manage' },
  }),
  'secrets-api': api('secrets', ['listSecrets', 'rotateSecrets'], {
    access: { tables: { tenants: 'write' }, secrets: { tenants: ['describe', 'rotate'] } },
  }),
  'audit-api': api('audit', ['listTenantAudit', 'verifyTenantAudit', 'exportTenantAudit', 'listSystemAudit'], {
    seconds: 30,
    memoryMb: 1024,
  }),
  'flags-api': api('flags', definitionOperations, {
    seconds: 25,
    memoryMb: 1024,
    access: { tables: { tenants: 'append', flags: 'write' }, executions: { 'propagate-flag-change': ['start'] } },
  }),
  'tenant-flags-api': api('tenant-flags', ['listTenantFlags'], { access: { tables: { flags: 'read' } } }),
  'shards-api': api('shards', ['listShards', 'createShard', 'updateShard'], {
    seconds: 30,
    network: 'shards',
    access: { tables: { tenants: 'write' }, secrets: { shards: ['create', 'read'] } },
  }),
  'fleet-api': api('fleet', ['getFleet'], { seconds: 30, memoryMb: 1024 }),
  'ofrep-api': api('ofrep', ['evaluateFlag', 'evaluateFlags'], {
    seconds: 10,
    memoryMb: 1024,
    access: { tables: { flags: 'read' }, secrets: { flags: ['read'] } },
    announces: 'flag-events',
  }),
  'flag-events': {
    entry: 'functions/flags/flag-events.ts',
    trigger: { kind: 'response-stream', path: '/ofrep/v1/events' },
    // Lambda goes on, and is paid, when a client has left: five minutes bound that; a client that stays connects again.
    seconds: 300,
    memoryMb: 256,
    // One copy a stream; beyond them clients poll.
    concurrency: 250,
    access: { tables: { tenants: 'read', flags: 'read', audit: 'read' }, secrets: { flags: ['read'] } },
  },
  'about-api': api('about', ['getMe', 'getOpenApi', 'getHealth'], { seconds: 10, memoryMb: 256 }),
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof manifest;
export const functionNames = Object.keys(manifest) as FunctionName[];
export const functionSpecs: Readonly<Record<FunctionName, FunctionSpec>> = manifest;

/** The functions that read tenants' secrets: the policy on each secret names them. */
export const secretReaders = functionNames.filter((name) =>
  functionSpecs[name].access.secrets?.tenants?.includes('read'),
);

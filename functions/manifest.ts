import { definitionOperations, type OperationId } from '#core/contract/api/routes.ts';
import { closedStatuses } from '#core/contract/model/tenant.ts';
import type { Access } from '#core/contract/platform/access.ts';
import type { WorkflowName } from '#core/contract/platform/names.ts';
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

/** A task of `onboard-tenant`: reads and writes the tenant's record, and appends to its audit stream. */
const step = (name: string, spec: Partial<FunctionSpec> & { access?: Access } = {}): FunctionSpec => ({
  entry: `functions/onboard-tenant/${name}.ts`,
  trigger: task('onboard-tenant'),
  seconds: 20,
  memoryMb: 512,
  ...spec,
  access: { ...spec.access, tables: { tenants: 'write', audit: 'append', ...spec.access?.tables } },
});

/** Every function there is: what calls it, how big it is, what it may touch. */
const manifest = {
  provision: step('provision', {
    network: 'shards',
    concurrency: 50,
    access: { secrets: { tenants: ['create', 'read', 'guard', 'rotate'], shards: ['read'] } },
  }),
  'seed-schema': step('seed-schema', {
    network: 'shards',
    concurrency: 50,
    seconds: 60,
    access: { secrets: { shards: ['read'] } },
  }),
  'load-flags': step('load-flags', { access: { tables: { flags: 'write' } } }),
  'bind-access': step('bind-access', { access: { identities: 'manage' } }),
  'health-check': step('health-check', {
    network: 'shards',
    concurrency: 50,
    access: { tables: { flags: 'read' }, secrets: { tenants: ['read'] } },
  }),
  activate: step('activate'),
  'roll-back': step('roll-back', {
    entry: 'functions/operation/roll-back.ts',
    trigger: task('onboard-tenant', 'roll-back-tenant'),
    network: 'shards',
    concurrency: 50,
    seconds: 60,
    access: {
      tables: { flags: 'write' },
      secrets: { tenants: ['delete'], shards: ['read'] },
      executions: { 'onboard-tenant': ['read'] },
      identities: 'manage',
    },
  }),
  'fail-roll-back': step('fail-roll-back', {
    entry: 'functions/operation/fail-roll-back.ts',
    trigger: task('onboard-tenant', 'roll-back-tenant'),
    access: { executions: { 'onboard-tenant': ['read'] } },
  }),
  'intake-events': {
    entry: 'functions/intake/intake-events.ts',
    trigger: { kind: 'event', pattern: { bus: 'tenantry', detailTypes: ['tenant.onboarding.requested'] } },
    seconds: 20,
    memoryMb: 512,
    access: {
      tables: { tenants: 'write', audit: 'append' },
      executions: { 'onboard-tenant': ['start'] },
      deadLetters: 'send',
    },
  },
  'settle-operation': {
    entry: 'functions/operation/settle-operation.ts',
    trigger: {
      kind: 'event',
      pattern: {
        bus: 'default',
        executionsOf: ['onboard-tenant'],
        statuses: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
      },
    },
    seconds: 20,
    memoryMb: 512,
    access: { tables: { tenants: 'write' }, executions: { 'roll-back-tenant': ['start'] } },
  },
  'reconcile-operations': {
    entry: 'functions/operation/reconcile-operations.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 55,
    memoryMb: 512,
    access: {
      tables: { tenants: 'write' },
      executions: { 'onboard-tenant': ['start', 'read'], 'roll-back-tenant': ['start', 'read'] },
    },
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
  'tell-tenants': {
    entry: 'functions/propagate-flag-change/tell-tenants.ts',
    trigger: task('spread-flag-change'),
    seconds: 60,
    memoryMb: 1024,
    access: { tables: { tenants: 'read', flags: 'write', audit: 'append' } },
  },
  'tend-flags': {
    entry: 'functions/flags/tend-flags.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 55,
    memoryMb: 512,
    access: { tables: { flags: 'write', audit: 'append' }, executions: { 'spread-flag-change': ['start'] } },
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
  'enforce-status': {
    entry: 'functions/access/enforce-status.ts',
    trigger: {
      kind: 'stream',
      table: 'tenants',
      batchSize: 100,
      windowSeconds: 0,
      filter: [
        { before: { status: [{ 'anything-but': closedStatuses }] }, after: { sk: ['TENANT'], status: closedStatuses } },
        { before: { status: closedStatuses }, after: { sk: ['TENANT'], status: ['active'] } },
      ],
    },
    seconds: 60,
    memoryMb: 512,
    network: 'shards',
    access: { tables: { tenants: 'read' }, secrets: { shards: ['read'] } },
  },
  'issue-claims': {
    entry: 'functions/access/issue-claims.ts',
    trigger: { kind: 'sign-in' },
    // Cognito waits five seconds for it.
    seconds: 5,
    memoryMb: 512,
    access: { tables: { tenants: 'write', audit: 'append' } },
  },
  'tenants-api': api('tenants', ['createTenant', 'listTenants', 'getTenant', 'updateTenant', 'retryTenant'], {
    access: { tables: { tenants: 'write' }, executions: { 'onboard-tenant': ['start'] } },
  }),
  'operations-api': api('operations', ['listOperations', 'getOperation'], { access: { tables: { flags: 'read' } } }),
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
    access: { tables: { flags: 'write' }, executions: { 'spread-flag-change': ['start'] } },
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

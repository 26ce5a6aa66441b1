import type { Access } from '#core/contract/access.ts';
import type { InboundEventName } from '#core/contract/events.ts';
import { type TableName, type WorkflowName } from '#core/contract/names.ts';
import type { OperationId } from '#core/contract/routes.ts';

/** What calls a function. `lib/` and `local/` are both made from it, so neither can have a trigger of its own. */
export type Trigger =
  | { kind: 'http'; operations: readonly OperationId[] }
  | { kind: 'task'; workflows: readonly WorkflowName[] }
  | { kind: 'event'; pattern: EventPattern }
  | { kind: 'stream'; table: TableName; batchSize: number; windowSeconds: number }
  | { kind: 'schedule'; rate: string };

/** An EventBridge pattern; `bus` says whose bus it listens on. */
export type EventPattern =
  | { bus: 'tenantry'; detailTypes: readonly InboundEventName[] }
  | {
      bus: 'default';
      executionsOf: readonly WorkflowName[];
      statuses: readonly ('SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED')[];
    };

export interface FunctionSpec {
  entry: string;
  trigger: Trigger;
  /** Time-out. */
  seconds: number;
  memoryMb: number;
  /** Most copies running at once, to keep the shards' connections bounded. */
  concurrency?: number;
  /** `shards`: runs inside the VPC of the database shards. */
  network?: 'shards';
  access: Access;
}

const task = (...workflows: WorkflowName[]): Trigger => ({ kind: 'task', workflows });
const http = (...operations: OperationId[]): Trigger => ({ kind: 'http', operations });

/** A task of `onboard-tenant`: reads and writes the tenant's record, and appends to its audit stream. */
const step = (name: string, spec: Partial<FunctionSpec> & { access?: Access } = {}): FunctionSpec => ({
  entry: `functions/onboarding/${name}.ts`,
  trigger: task('onboard-tenant'),
  seconds: 20,
  memoryMb: 512,
  ...spec,
  access: { ...spec.access, tables: { tenants: 'write', audit: 'append', ...spec.access?.tables } },
});

/** Every function behind the API counts each request against its caller's limits before it does anything. */
const counting = (spec: FunctionSpec): FunctionSpec =>
  spec.trigger.kind === 'http'
    ? { ...spec, access: { ...spec.access, tables: { tenants: 'read', ...spec.access.tables, limits: 'update' } } }
    : spec;

const manifest = {
  provision: step('provision', {
    network: 'shards',
    concurrency: 50,
    access: { secrets: { tenants: ['create', 'read'], shards: ['read'] } },
  }),
  'seed-schema': step('seed-schema', {
    network: 'shards',
    concurrency: 50,
    seconds: 60,
    access: { secrets: { shards: ['read'] } },
  }),
  'load-flags': step('load-flags', { access: { tables: { flags: 'write' } } }),
  'bind-access': step('bind-access'),
  'health-check': step('health-check', {
    network: 'shards',
    concurrency: 50,
    access: { tables: { flags: 'read' }, secrets: { tenants: ['read'] } },
  }),
  activate: step('activate'),
  'roll-back': step('roll-back', {
    trigger: task('onboard-tenant', 'roll-back-tenant'),
    network: 'shards',
    concurrency: 50,
    seconds: 60,
    access: {
      tables: { flags: 'write' },
      secrets: { tenants: ['delete'], shards: ['read'] },
      executions: { 'onboard-tenant': ['read'] },
    },
  }),
  'fail-roll-back': step('fail-roll-back', {
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
    entry: 'functions/onboarding/settle-operation.ts',
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
    entry: 'functions/onboarding/reconcile-operations.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 55,
    memoryMb: 512,
    access: {
      tables: { tenants: 'write' },
      executions: { 'onboard-tenant': ['start', 'read'], 'roll-back-tenant': ['start', 'read'] },
    },
  },
  'guard-locks': {
    entry: 'functions/shards/guard-locks.ts',
    trigger: { kind: 'schedule', rate: 'rate(1 minute)' },
    seconds: 65,
    memoryMb: 256,
    network: 'shards',
    access: { tables: { tenants: 'read' }, secrets: { shards: ['read'] } },
  },
  'publish-audit': {
    entry: 'functions/audit/publish-audit.ts',
    trigger: { kind: 'stream', table: 'audit', batchSize: 100, windowSeconds: 1 },
    seconds: 60,
    memoryMb: 512,
    access: { bus: 'put', archive: { audit: 'write' } },
  },
  'tenants-api': {
    entry: 'functions/http/tenants.ts',
    trigger: http('createTenant', 'listTenants', 'getTenant', 'updateTenant', 'retryTenant'),
    seconds: 15,
    memoryMb: 512,
    access: {
      tables: { tenants: 'write', audit: 'append' },
      executions: { 'onboard-tenant': ['start'] },
    },
  },
  'operations-api': {
    entry: 'functions/http/operations.ts',
    trigger: http('listOperations', 'getOperation'),
    seconds: 15,
    memoryMb: 512,
    access: { tables: { tenants: 'read', audit: 'append' } },
  },
  'audit-api': {
    entry: 'functions/http/audit.ts',
    trigger: http('listTenantAudit', 'verifyTenantAudit', 'exportTenantAudit', 'listSystemAudit'),
    seconds: 30,
    memoryMb: 1024,
    access: { tables: { tenants: 'read', audit: 'append' } },
  },
  'shards-api': {
    entry: 'functions/http/shards.ts',
    trigger: http('listShards', 'createShard', 'updateShard'),
    seconds: 30,
    memoryMb: 512,
    network: 'shards',
    access: {
      tables: { tenants: 'write', audit: 'append' },
      secrets: { shards: ['create', 'read'] },
    },
  },
  'about-api': {
    entry: 'functions/http/about.ts',
    trigger: http('getMe', 'getOpenApi', 'getHealth'),
    seconds: 10,
    memoryMb: 256,
    access: {},
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof manifest;
export const functionNames = Object.keys(manifest) as FunctionName[];
export const functionSpecs = Object.fromEntries(
  Object.entries(manifest).map(([name, spec]) => [name, counting(spec)]),
) as Readonly<Record<FunctionName, FunctionSpec>>;

import type { AuditEvent } from '#core/contract/events/catalogue.ts';
import type { Limits } from '#core/contract/model/limits.ts';
import type { Operation } from '#core/contract/model/operation.ts';
import { detailTexts, progressText } from '#core/contract/model/operation-texts.ts';
import type { Secret } from '#core/contract/model/secret.ts';
import type { Shard } from '#core/contract/model/shard.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';
import { duration, time } from './format.ts';
import { type Column, facts, table } from './table.ts';

type Failure = NonNullable<Tenant['failure']>;
const failureText = (failure: Failure | undefined) => failure && `${failure.step}: ${failure.code}: ${failure.message}`;

const listText = (record: Readonly<Record<string, unknown>>) => {
  const entries = Object.entries(record).map(([key, value]) => `${key}=${String(value)}`);
  return entries.length > 0 ? entries.join(' ') : undefined;
};

export const limitsText = ({ requestsPerSecond, burst }: Limits) =>
  `${requestsPerSecond} per second, bursts of ${burst}`;

const suspensionText = ({ since, operationId, reason }: NonNullable<Tenant['suspension']>) =>
  [`since ${time(since)}`, operationId, reason].filter((part) => part !== undefined).join(', ');

export const tenantView = (tenant: Tenant) =>
  facts({
    Tenant: tenant.slug,
    Id: tenant.tenantId,
    Name: tenant.name,
    Status: tenant.status,
    Suspended: tenant.suspension && suspensionText(tenant.suspension),
    Failure: failureText(tenant.failure),
    Tier: `${tenant.tier} (${tenant.isolation})`,
    Region: tenant.region,
    Shard: tenant.placement?.shardId,
    Namespace: tenant.placement?.namespace,
    Administrator: tenant.adminEmail,
    'External id': tenant.externalId,
    Metadata: listText(tenant.metadata),
    'Own limits': tenant.limits && limitsText(tenant.limits),
    Version: tenant.version,
    Created: time(tenant.createdAt),
    Updated: time(tenant.updatedAt),
  });

const tenantColumns: readonly Column<Tenant>[] = [
  { title: 'Slug', value: ({ slug }) => slug, flexible: true },
  { title: 'Id', value: ({ tenantId }) => tenantId },
  { title: 'Tier', value: ({ tier }) => tier },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Shard', value: ({ placement }) => placement?.shardId, flexible: true },
  { title: 'Created', value: ({ createdAt }) => time(createdAt) },
];
export const tenantsView = (tenants: readonly Tenant[], width: number) => table(tenants, tenantColumns, width);

export const operationView = (operation: Operation, width: number) => {
  const summary = facts({
    Operation: operation.id,
    Kind: operation.kind,
    [operation.subject.type === 'tenant' ? 'Tenant' : 'Subject']: operation.subject.id,
    Status: operation.status,
    Progress: progressText(operation),
    Restarts: operation.restarts,
    Reason: operation.reason,
    ...detailTexts(operation),
    Failure: failureText(operation.failure),
    Started: time(operation.startedAt),
    Duration: duration(operation),
  });
  const steps = table(
    operation.steps,
    [
      { title: 'Step', value: ({ name }) => name },
      { title: 'Status', value: ({ status }) => status },
      { title: 'Attempts', value: ({ attempts }) => attempts },
      { title: 'Time', value: (step) => duration(step) },
    ],
    width,
  );
  return `${summary}\n\n${steps}`;
};

const operationColumns: readonly Column<Operation>[] = [
  { title: 'Operation', value: ({ id }) => id },
  { title: 'Kind', value: ({ kind }) => kind },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Started', value: ({ startedAt }) => time(startedAt) },
  { title: 'Duration', value: (operation) => duration(operation) },
  { title: 'Failed step', value: ({ failure }) => failure?.step, flexible: true },
];
export const operationsView = (operations: readonly Operation[], width: number) =>
  table(operations, operationColumns, width);

/** Columns for operations of all subjects: as many as fit beside two ids. */
const allOperationColumns: readonly Column<Operation>[] = [
  { title: 'Operation', value: ({ id }) => id },
  { title: 'Subject', value: ({ subject }) => subject.id },
  { title: 'Kind', value: ({ kind }) => kind },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Started', value: ({ startedAt }) => time(startedAt) },
];
export const allOperationsView = (operations: readonly Operation[], width: number) =>
  table(operations, allOperationColumns, width);

const userColumns: readonly Column<User>[] = [
  { title: 'User', value: ({ userId }) => userId, flexible: true },
  { title: 'Role', value: ({ role }) => role },
  { title: 'Status', value: ({ status }) => status },
  { title: 'Invited', value: ({ invitedAt }) => time(invitedAt) },
];
export const usersView = (users: readonly User[], width: number) => table(users, userColumns, width);

export const userView = ({ userId, role, status, invitedAt, updatedAt }: User) =>
  facts({ User: userId, Role: role, Status: status, Invited: time(invitedAt), Updated: time(updatedAt) });

const auditColumns: readonly Column<AuditEvent>[] = [
  { title: 'Seq', value: ({ seq }) => seq },
  { title: 'Time', value: (event) => time(event.time) },
  { title: 'Action', value: ({ action }) => action },
  { title: 'Actor', value: ({ actor }) => `${actor.type} ${actor.id}`, flexible: true },
  {
    title: 'Target',
    value: ({ target, tenantId }) => (target.id === tenantId ? target.type : `${target.type} ${target.id}`),
    flexible: true,
  },
];
export const auditView = (events: readonly AuditEvent[], width: number) => table(events, auditColumns, width);

const versionColumns: readonly Column<Secret['versions'][number]>[] = [
  { title: 'Version', value: ({ versionId }) => versionId },
  { title: 'Stages', value: ({ stages }) => stages.join(' '), flexible: true },
  { title: 'Created', value: ({ createdAt }) => time(createdAt) },
];

const secretView = (secret: Secret, width: number) => {
  const summary = facts({
    Secret: secret.name,
    Path: secret.path,
    Created: time(secret.createdAt),
    'Last rotated': secret.lastRotatedAt && time(secret.lastRotatedAt),
    'Next rotation': secret.nextRotationAt && time(secret.nextRotationAt),
    Every: secret.rotationDays === undefined ? undefined : `${secret.rotationDays} days`,
  });
  return `${summary}\n\n${table(secret.versions, versionColumns, width)}`;
};
export const secretsView = (secrets: readonly Secret[], width: number) =>
  secrets.length === 0
    ? 'This tenant has no secrets.'
    : secrets.map((secret) => secretView(secret, width)).join('\n\n');

const shardColumns: readonly Column<Shard>[] = [
  { title: 'Shard', value: ({ shardId }) => shardId },
  { title: 'Class', value: (shard) => shard.class },
  { title: 'Region', value: ({ region }) => region },
  { title: 'Range', value: ({ range }) => range && `${range.from}-${range.to}` },
  { title: 'Tenants', value: ({ count }) => count },
  { title: 'Capacity', value: ({ capacity }) => capacity },
  { title: 'State', value: ({ state }) => state },
  { title: 'Endpoint', value: ({ endpoint }) => `${endpoint.host}:${endpoint.port}`, flexible: true },
];
export const shardsView = (shards: readonly Shard[], width: number) => table(shards, shardColumns, width);

export const shardView = ({ range, endpoint, ...shard }: Shard) =>
  facts({
    Shard: shard.shardId,
    Class: shard.class,
    Region: shard.region,
    Range: range && `${range.from}-${range.to}`,
    Tenants: `${shard.count} of ${shard.capacity}`,
    State: shard.state,
    Endpoint: `${endpoint.host}:${endpoint.port}/${endpoint.database}`,
  });

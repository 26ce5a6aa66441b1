import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Operation } from '#core/contract/model/operation.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';
import { tableNames } from '#core/contract/platform/names.ts';
import { type OperationKind, operationKinds, workflowOf } from '#core/operation/kinds.ts';
import { newOperation } from '#core/operation/operation.ts';
import { beginOperation } from '#core/operation/writes.ts';
import { deps } from '#functions/deps.ts';
import { aFlag } from '#test/builders.ts';
import type { System } from '#test/local/system/harness.ts';

/** An operation that was begun, and how to make the same request again. */
export interface Begun {
  operationId: string;
  /** Of kinds whose subject is a tenant. */
  tenantId?: string;
  repeat: () => Promise<{ status: number; body: { operation?: { id: string }; operationId?: string } }>;
}

/** A tenant in a state in which an operation of the kind may begin. */
export const tenantFor = async (system: System, kind: OperationKind): Promise<string> => {
  const spec = operationKinds[kind];
  if (spec.subject !== 'tenant') throw new Error(`${kind} is not about a tenant.`);
  const { tenant, operation } = (await system.onboard({ tier: 'growth' })).body;
  await system.untilOperation(operation.id, 'succeeded');
  const [from] = spec.tenant.from;
  return bringTo(system, tenant.tenantId, from ?? 'active');
};

const bringTo = async (system: System, tenantId: string, status: TenantStatus): Promise<string> => {
  if (status === 'suspended') {
    const { body } = await system.call<{ operation: Operation }>(`/v1/tenants/${tenantId}/suspend`, post({}));
    await system.untilOperation(body.operation.id, 'succeeded');
  }
  return tenantId;
};

const post = (body: unknown, key?: string) => ({
  method: 'POST',
  body,
  ...(key !== undefined && { headers: { 'idempotency-key': key } }),
});

type Starter = (system: System, tenantId: string | undefined) => Promise<Begun>;

/** As people and events ask for it. */
const byRequest =
  (path: (tenantId: string) => string): Starter =>
  async (system, tenantId = '') => {
    const key = `key-${tenantId}-${path('')}`;
    const request = () => system.call<{ operation: Operation }>(path(tenantId), post({ reason: 'for a test' }, key));
    return { operationId: (await request()).body.operation.id, tenantId, repeat: request };
  };

const starters: Partial<Record<OperationKind, Starter>> = {
  onboard: async (system) => {
    const body = system.request({ tier: 'growth', flags: { 'new-editor': 'on' } });
    const request = () =>
      system.call<{ operation: Operation; tenant: { tenantId: string } }>(
        '/v1/tenants',
        post(body, `key-${body.slug}`),
      );
    const { operation, tenant } = (await request()).body;
    return { operationId: operation.id, tenantId: tenant.tenantId, repeat: request };
  },
  suspend: byRequest((tenantId) => `/v1/tenants/${tenantId}/suspend`),
  resume: byRequest((tenantId) => `/v1/tenants/${tenantId}/resume`),
  'propagate-flag-change': async (system) => {
    const key = `flag-${deps.newOperationId()}`;
    const put = () =>
      system.call<{ operationId: string }>(`/v1/flags/${key}`, { method: 'PUT', body: aFlag({ description: key }) });
    return { operationId: (await put()).body.operationId, repeat: put };
  },
};

/** For a kind that has no way in of its own: its records and its execution are what a request would have made. */
const byRecord =
  (kind: OperationKind): Starter =>
  async (system, tenantId) => {
    const { subject: type } = operationKinds[kind];
    const subject = { type, id: tenantId ?? type };
    const operationId = deps.newOperationId();
    const facts = { kind, subject, operationId, requestId: 'request-1', now: deps.now() };
    await putAll(system, beginOperation(newOperation(facts)));
    const start = async () => {
      const states = new SFNClient(system.aws);
      const input = JSON.stringify({ operationId, subject, tenantId, requestId: 'request-1' });
      const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${workflowOf(kind)}`;
      try {
        await states.send(new StartExecutionCommand({ stateMachineArn, name: operationId, input }));
      } catch (error) {
        // As the product does: the execution is there already.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
      states.destroy();
      return { status: 200, body: { operation: { id: operationId } } };
    };
    await start();
    return { operationId, ...(tenantId !== undefined && { tenantId }), repeat: start };
  };

/** Puts items as they are, past all guards. */
export const putAll = async (system: System, writes: ReturnType<typeof beginOperation>): Promise<void> => {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(system.aws));
  for (const write of writes) {
    if (write.kind !== 'put') throw new Error('Only new items are put.');
    await documents.send(new PutCommand({ TableName: tableNames[write.table], Item: write.item }));
  }
  documents.destroy();
};

/** Begins an operation of the kind, on a tenant that is ready for it. */
export const begin = async (system: System, kind: OperationKind, ready?: string): Promise<Begun> => {
  const needsTenant = operationKinds[kind].subject === 'tenant' && kind !== 'onboard';
  const tenantId = ready ?? (needsTenant ? await tenantFor(system, kind) : undefined);
  return (starters[kind] ?? byRecord(kind))(system, tenantId);
};

/** Stops the operation's first execution, as an operator may. */
export const stop = async (system: System, kind: OperationKind, operationId: string): Promise<void> => {
  const states = new SFNClient(system.aws);
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:${workflowOf(kind)}:${operationId}`;
  await states.send(new StopExecutionCommand({ executionArn, cause: 'an operator stopped it' }));
  states.destroy();
};

/** Holds the workflow at a step for some seconds: it fails for a passing reason, and is tried again and again. */
export const hold = (system: System, step: string, where?: Record<string, string>) =>
  system.fault({ function: step, kind: 'throw', error: 'ShardUnreachable', times: 100, ...(where && { where }) });

export const untilHeld = (system: System, operationId: string, step: string) =>
  system.until(`operation ${operationId} to be held at ${step}`, async () => {
    const operation = await system.operation(operationId);
    return operation.steps.find(({ name }) => name === step)?.status === 'running' ? true : { not: operation };
  });

/** What there is of a tenant that may not change while something else fails beside it. */
export const wholeOf = async (system: System, tenantId: string) => {
  const { status, placement } = await system.tenant(tenantId);
  return { status, placement, traces: await system.tracesOf(tenantId) };
};

const isForward = (kind: OperationKind) => ['resume', 'alarm'].includes(operationKinds[kind].onFailure);

/** How an operation ends whose work a failure has stopped: undone, or finished by the schedule once that comes. */
export const untilSettled = async (system: System, kind: OperationKind, operationId: string): Promise<Operation> => {
  if (isForward(kind)) {
    await system.until(`operation ${operationId} to have stopped or ended`, async () => {
      const operation = await system.operation(operationId);
      return operation.failure !== undefined || operation.status !== 'running' ? true : { not: operation };
    });
  }
  return untilEnded(system, kind, operationId);
};

/**
 * Waits for the end of an operation. A forward-only one that has stopped is started again by the schedule of the next
 * minute; to move the clock under one that may be undone could make its workflow run out of time.
 */
export const untilEnded = (system: System, kind: OperationKind, operationId: string): Promise<Operation> =>
  system.until<Operation>(`operation ${operationId} (${kind}) to end`, async () => {
    const operation = await system.operation(operationId);
    if (operation.endedAt !== undefined) return operation;
    if (isForward(kind)) await system.advance(60);
    return { not: operation };
  });

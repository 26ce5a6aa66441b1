import type { OperationId } from '#core/contract/api/routes.ts';
import type { InboundEventName } from '#core/contract/events/catalogue.ts';
import type { Access } from '#core/contract/platform/access.ts';
import { environment, type TableName, type WorkflowName, workflowNames } from '#core/contract/platform/names.ts';

/** What calls a function. `lib/` and `local/` are both made from it, so neither can have a trigger of its own. */
export type Trigger =
  | { kind: 'http'; operations: readonly OperationId[] }
  | { kind: 'task'; workflows: readonly WorkflowName[] }
  | { kind: 'event'; pattern: EventPattern }
  /** Secrets Manager calls it, once for each step of a rotation. */
  | { kind: 'rotation' }
  | { kind: 'stream'; table: TableName; batchSize: number; windowSeconds: number; filter: readonly ItemFilter[] }
  | { kind: 'schedule'; rate: string }
  /** Somebody signs in: the user pool asks what the token is to say. */
  | { kind: 'sign-in' }
  /** Called by its own URL, and answering with a stream. `path` is where the local run has it. */
  | { kind: 'response-stream'; path: `/${string}` };

/** An EventBridge pattern; `bus` says whose bus it listens on. */
export type EventPattern =
  | { bus: 'tenantry'; detailTypes: readonly InboundEventName[] }
  | {
      bus: 'default';
      executionsOf: readonly WorkflowName[];
      statuses: readonly ('SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED')[];
    }
  /** Calls about tenants' secrets that succeeded, as CloudTrail tells of them. */
  | { bus: 'default'; secretCalls: readonly 'GetSecretValue'[] }
  /** What Secrets Manager does by itself with tenants' secrets, as CloudTrail tells of it. */
  | { bus: 'default'; secretEvents: readonly 'RotationFailed'[] };

type Alternatives = readonly (string | { 'anything-but': readonly string[] } | { exists: true })[];

type Attributes = Readonly<Record<string, Alternatives>>;

/** What a new item, or a change of one, must be like to be of interest: attribute → its alternatives. */
export type ItemFilter = { added: Attributes } | { before: Attributes; after: Attributes };

/** The filter in the words that event source mappings and rules share. */
export const filterPattern = (filter: ItemFilter) =>
  'added' in filter
    ? { eventName: ['INSERT'], dynamodb: { NewImage: asTexts(filter.added) } }
    : { eventName: ['MODIFY'], dynamodb: { OldImage: asTexts(filter.before), NewImage: asTexts(filter.after) } };
const asTexts = (attributes: Attributes) =>
  Object.fromEntries(Object.entries(attributes).map(([name, alternatives]) => [name, { S: alternatives }]));

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
  /** Learns the address of these streams, for its callers. */
  announces?: 'flag-events';
  /** Carries the application's SQL migrations. */
  migrates?: true;
}

/** The variables that a function reads, by its access and its work: it gets these, in AWS and on one machine, and no others. */
export const variablesOf = ({ access, trigger, announces, migrates }: FunctionSpec): string[] => {
  const secretVerbs: readonly string[] = access.secrets?.tenants ?? [];
  const needs: readonly (readonly [reason: unknown, ...variables: string[]])[] = [
    [secretVerbs.includes('rotate'), environment.rotationFunctionArn],
    [secretVerbs.includes('guard'), environment.tenantRoleArn, environment.secretReaderArns],
    [access.tenantScope === 'assume', environment.tenantRoleArn],
    [access.archive, environment.archiveBucket],
    [access.deadLetters, environment.deadLetterQueueUrl],
    [access.identities, environment.userPoolId],
    [trigger.kind === 'response-stream', environment.flagEventsPollMs],
    [announces, environment.flagEventsUrl],
    [migrates, environment.applicationSchema],
    ...workflowNames.map((name) => [access.executions?.[name], environment.workflowArn(name)] as const),
  ];
  return [...new Set(needs.flatMap(([reason, ...variables]) => (reason ? variables : [])))];
};

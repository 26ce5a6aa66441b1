import type { TenantStatus } from '#core/contract/model/tenant.ts';

/** What an operation works on. */
export const subjectTypes = ['tenant', 'flagset', 'shard', 'fleet'] as const;
export type SubjectType = (typeof subjectTypes)[number];

/** The tenant's states that an operation goes through. */
interface TenantStates {
  /** In which it may begin. */
  from: readonly TenantStatus[];
  /** In which its steps may run: from the transaction that records it until its last step. */
  during: readonly TenantStatus[];
  /** Where its last step leaves the tenant; absent where it leaves the state alone. */
  to?: TenantStatus;
}

/** The tenant's states while the operation is undone, once it is, and where undoing it failed. */
interface UndoStates {
  during: TenantStatus;
  to: TenantStatus;
  failed: TenantStatus;
}

/**
 * What a failure means, once the retries of its step are used up:
 * - `undo`: all that the operation made is undone, and the tenant goes back; it ends `rolled-back`.
 * - `discard`: what it made is undone, the tenant stays as it is; it ends `failed`.
 * - `resume`: forward only; it is restarted every minute until it succeeds.
 * - `alarm`: it is restarted `mostRestarts` times, then ends `failed` and raises the alarm.
 */
type Undoable = { onFailure: 'undo'; undo: UndoStates } | { onFailure: 'discard' };
type Forward = { onFailure: 'resume' | 'alarm' };
export type FailurePolicy = (Undoable | Forward)['onFailure'];

interface Described {
  /** As a heading: "Onboarding". */
  title: string;
  /** What it does, in one sentence. */
  about: string;
  /** The state machine that runs it. */
  workflow: `${string}-${string}`;
  /** In their order; each is a state of the workflow and a function of the same name. */
  steps: readonly [string, ...string[]];
  /** Time-out of one execution. */
  timeoutSeconds: number;
  /** Its steps work in chunks, and are run again until all of these are done. */
  progress?: { unit: string };
}

export type OperationKindSpec = Described &
  (
    | ({ subject: 'tenant'; tenant: TenantStates; exclusive: boolean } & (Undoable | Forward))
    | ({ subject: Exclude<SubjectType, 'tenant'>; exclusive: false } & Forward)
  );

/**
 * Everything that is done over more than one step: the one table from which the record, the workflows, the step shell,
 * settling, reconciling, undoing, the counts, the console, the dashboard, the alarms and the docs take what they need.
 * `exclusive`: no other exclusive operation of the tenant may run at the same time.
 */
const kinds = {
  onboard: {
    title: 'Onboarding',
    about: 'Makes a tenant: place, secret, database, schema, flags and administrator.',
    workflow: 'onboard-tenant',
    subject: 'tenant',
    steps: ['provision', 'seed-schema', 'load-flags', 'bind-access', 'health-check', 'activate'],
    tenant: { from: ['failed'], during: ['requested', 'provisioning'], to: 'active' },
    exclusive: true,
    onFailure: 'undo',
    undo: { during: 'rolling-back', to: 'failed', failed: 'rollback-failed' },
    timeoutSeconds: 600,
  },
  suspend: {
    title: 'Suspension',
    about: "Refuses the tenant's users, its database login and its AWS sessions; its data stays.",
    workflow: 'suspend-tenant',
    subject: 'tenant',
    steps: ['close-database', 'revoke-sessions'],
    tenant: { from: ['active'], during: ['suspended'], to: 'suspended' },
    exclusive: true,
    onFailure: 'resume',
    timeoutSeconds: 600,
  },
  resume: {
    title: 'Resumption',
    about: 'Puts a suspended tenant back into service, once it passes its health check.',
    workflow: 'resume-tenant',
    subject: 'tenant',
    steps: ['open-database', 'health-check', 'activate'],
    tenant: { from: ['suspended'], during: ['suspended'], to: 'active' },
    exclusive: true,
    onFailure: 'undo',
    undo: { during: 'suspended', to: 'suspended', failed: 'suspended' },
    timeoutSeconds: 600,
  },
  'propagate-flag-change': {
    title: 'Flag change',
    about: 'Writes a change of the flag set into the audit stream of every tenant it touches.',
    workflow: 'propagate-flag-change',
    subject: 'flagset',
    steps: ['propagate-to-tenants'],
    exclusive: false,
    onFailure: 'resume',
    timeoutSeconds: 7_200,
    progress: { unit: 'tenants' },
  },
} as const satisfies Record<string, OperationKindSpec>;

export type OperationKind = keyof typeof kinds;
export const operationKindNames = Object.keys(kinds) as [OperationKind, ...OperationKind[]];
/** As general rows, for code that serves every kind alike. */
export const operationKinds: Readonly<Record<OperationKind, OperationKindSpec>> = kinds;

/** Every name that a step of any kind has. */
export type StepName = (typeof kinds)[OperationKind]['steps'][number];
/** The steps of one kind. */
export type StepOf<Kind extends OperationKind> = (typeof kinds)[Kind]['steps'][number];
export const stepsOf = <Kind extends OperationKind>(kind: Kind): readonly StepOf<Kind>[] => kinds[kind].steps;

export type OperationWorkflow = (typeof kinds)[OperationKind]['workflow'];
export const workflowOf = (kind: OperationKind): OperationWorkflow => kinds[kind].workflow;
export const operationWorkflows = operationKindNames.map(workflowOf);

export const kindsOnFailure = (...policies: readonly FailurePolicy[]) =>
  operationKindNames.filter((kind) => policies.includes(operationKinds[kind].onFailure));

/** How often an operation whose policy is `alarm` is restarted before it ends `failed`. */
export const mostRestarts = 3;

/** The kinds that a step of this name belongs to. */
export const kindsWithStep = (step: string) =>
  operationKindNames.filter((kind) => (operationKinds[kind].steps as readonly string[]).includes(step));

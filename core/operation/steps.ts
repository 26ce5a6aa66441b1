import { AppError } from '#core/contract/api/errors.ts';
import { type OnboardingStep, onboardingSteps, type Step } from '#core/contract/model/operation.ts';
import type { OperationRecord } from '#core/tenant/tenant-record.ts';

interface NewOperation {
  operationId: string;
  tenantId: string;
  requestId: string;
  now: string;
}

/** An onboarding that is about to run: its first step counts as running from now. */
export const newOperation = ({ operationId, tenantId, requestId, now }: NewOperation): OperationRecord => ({
  id: operationId,
  kind: 'onboard',
  tenantId,
  requestId,
  status: 'running',
  steps: onboardingSteps.map((name, index) =>
    index === 0 ? { name, status: 'running', startedAt: now, attempts: 0 } : { name, status: 'pending', attempts: 0 },
  ),
  startedAt: now,
  version: 1,
});

/** Read back from the registry, a kind may be one that this version does not know. */
export const isOnboarding = ({ kind }: { kind: string }) => kind === 'onboard';

/** Throws `internal` for an operation of another kind: what follows would harm its tenant. */
export const assertOnboarding = (operation: { id: string; kind: string }) => {
  if (!isOnboarding(operation)) {
    throw new AppError('internal', `Operation ${operation.id} is not an onboarding but "${operation.kind}".`);
  }
};

export const stepOf = (operation: OperationRecord, name: string) => operation.steps.find((step) => step.name === name);

/** Marks the step succeeded and the next one running: one write says both. */
export const completeStep = (
  operation: OperationRecord,
  name: OnboardingStep,
  attempts: number,
  now: string,
): OperationRecord => {
  const index = onboardingSteps.indexOf(name);
  return {
    ...operation,
    steps: operation.steps.map((step, position): Step => {
      if (position === index) return { ...step, status: 'succeeded', attempts, endedAt: now };
      if (position === index + 1) return { ...step, status: 'running', startedAt: now };
      return step;
    }),
  };
};

/** Records what a step found out, before it is marked done. */
export const withStepResult = (
  operation: OperationRecord,
  name: OnboardingStep,
  result: Record<string, unknown>,
): OperationRecord => ({
  ...operation,
  steps: operation.steps.map((step) => (step.name === name ? { ...step, result } : step)),
});

/** Every step succeeded: nothing is left but to know that the workflow ended without undoing them. */
export const isDone = ({ steps }: OperationRecord) => steps.every(({ status }) => status === 'succeeded');

/** Ends an operation for good, once no roll-back can follow: it ended when its last step did. */
export const completeOperation = (operation: OperationRecord, now: string): OperationRecord => ({
  ...operation,
  status: 'succeeded',
  endedAt: operation.steps.at(-1)?.endedAt ?? now,
});

/** Records that a step which had succeeded was called again: its answer was lost, its effect was not. */
export const recountAttempts = (
  operation: OperationRecord,
  name: OnboardingStep,
  attempts: number,
): OperationRecord => ({
  ...operation,
  steps: operation.steps.map((step) => (step.name === name ? { ...step, attempts } : step)),
});

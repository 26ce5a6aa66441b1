import { type OnboardingStep, onboardingSteps, type Step } from '#core/contract/operation.ts';
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

export const stepOf = (operation: OperationRecord, name: string) => operation.steps.find((step) => step.name === name);

/** Marks the step succeeded and the next one running: one write says both. */
export const completeStep = (
  operation: OperationRecord,
  name: OnboardingStep,
  attempts: number,
  now: string,
): OperationRecord => {
  const index = onboardingSteps.indexOf(name);
  const isLast = index === onboardingSteps.length - 1;
  return {
    ...operation,
    ...(isLast && { status: 'succeeded', endedAt: now }),
    steps: operation.steps.map((step, position): Step => {
      if (position === index) return { ...step, status: 'succeeded', attempts, endedAt: now };
      if (position === index + 1) return { ...step, status: 'running', startedAt: now };
      return step;
    }),
  };
};

/** Records that a step which had succeeded was called again: its answer was lost, its effect was not. */
export const recountAttempts = (
  operation: OperationRecord,
  name: OnboardingStep,
  attempts: number,
): OperationRecord => ({
  ...operation,
  steps: operation.steps.map((step) => (step.name === name ? { ...step, attempts } : step)),
});

import type { Arns } from './arns.ts';
import type { Execution } from './executions.ts';

/** The `detail` of “Step Functions Execution Status Change”; times in milliseconds since 1970. */
export interface ExecutionStatusChange {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: Execution['status'];
  startDate: number;
  stopDate: number | null;
  input: string;
  inputDetails: { included: boolean };
  output: string | null;
  outputDetails: { included: boolean } | null;
  error: string | null;
  cause: string | null;
}

export const statusChangeOf = (execution: Execution, arns: Arns): ExecutionStatusChange => ({
  executionArn: execution.arn,
  stateMachineArn: arns.stateMachine(execution.workflow),
  name: execution.name,
  status: execution.status,
  startDate: execution.startDate,
  stopDate: execution.stopDate ?? null,
  input: execution.input,
  inputDetails: { included: true },
  output: execution.output ?? null,
  outputDetails: execution.output === undefined ? null : { included: true },
  error: execution.error ?? null,
  cause: execution.cause ?? null,
});

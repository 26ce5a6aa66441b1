import { arnOf } from '#local/aws/endpoint/names.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import type { Execution } from './executions.ts';

export const stateMachineArn = (workflow: string) => arnOf('states', `stateMachine:${workflow}`);

const seconds = (ms: number) => ms / 1000;
const whole = { included: true };

/** An execution as `ListExecutions` has it. */
export const listed = ({ arn, workflow, name, status, startDate, stopDate }: Execution) => ({
  executionArn: arn,
  stateMachineArn: stateMachineArn(workflow),
  name,
  status,
  startDate: seconds(startDate),
  ...(stopDate !== undefined && { stopDate: seconds(stopDate) }),
  redriveCount: 0,
});

/** An execution as `DescribeExecution` has it. */
export const described = (execution: Execution) => {
  const { input, output, error, cause } = execution;
  return {
    ...listed(execution),
    input,
    inputDetails: whole,
    ...(output !== undefined && { output, outputDetails: whole }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
};

/** The `detail` of “Step Functions Execution Status Change”; times in milliseconds since 1970. */
export const statusChangeOf = (execution: Execution) => ({
  executionArn: execution.arn,
  stateMachineArn: stateMachineArn(execution.workflow),
  name: execution.name,
  status: execution.status,
  startDate: execution.startDate,
  stopDate: execution.stopDate ?? null,
  input: execution.input,
  inputDetails: whole,
  output: execution.output ?? null,
  outputDetails: execution.output === undefined ? null : whole,
  error: execution.error ?? null,
  cause: execution.cause ?? null,
});
export type ExecutionStatusChange = ReturnType<typeof statusChangeOf>;

interface Paging {
  maxResults?: number | undefined;
  nextToken?: string | undefined;
}

/**
 * A page of a list as Step Functions cuts it: 0 means the default of 100. The token names the last item given,
 * so that a list which grows meanwhile neither repeats nor skips one.
 */
export function pageOf<T>(items: readonly T[], { maxResults, nextToken }: Paging, keyOf: (item: T) => string) {
  const tokenOf = (item: T) => Buffer.from(keyOf(item)).toString('base64url');
  const start = nextToken === undefined ? 0 : items.findIndex((item) => tokenOf(item) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const page = items.slice(start, start + (maxResults || 100));
  const last = page.at(-1);
  const isMore = last !== undefined && start + page.length < items.length;
  return { page, ...(isMore && { nextToken: tokenOf(last) }) };
}

import * as z from 'zod';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { maxPayloadBytes } from './data.ts';

const paging = { maxResults: z.int().min(0).max(1000).optional(), nextToken: z.string().optional() };
const text = z.string().max(32_768).optional();

/** The input of each operation; a field that would be ignored here is refused. */
export const requests = {
  StartExecution: z.strictObject({
    stateMachineArn: z.string(),
    name: z.string().optional(),
    input: z.string().default('{}'),
  }),
  StopExecution: z.strictObject({ executionArn: z.string(), error: text, cause: text }),
  DescribeExecution: z.strictObject({ executionArn: z.string() }),
  GetExecutionHistory: z.strictObject({
    executionArn: z.string(),
    reverseOrder: z.boolean().default(false),
    includeExecutionData: z.literal(true).optional(),
    ...paging,
  }),
  ListExecutions: z.strictObject({
    stateMachineArn: z.string(),
    statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']).optional(),
    ...paging,
  }),
} as const;
export type Request<O extends keyof typeof requests> = z.infer<(typeof requests)[O]>;

/** Throws `InvalidName` unless Step Functions takes this as an execution's name. */
export function checkName(name: string): void {
  // oxlint-disable-next-line no-control-regex -- Step Functions forbids control characters by these codes
  const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/u;
  if (name.length < 1 || name.length > 80 || forbidden.test(name))
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

/** Throws `InvalidExecutionInput` unless this is JSON, and `ValidationException` when it is too large. */
export function checkInput(input: string): void {
  if (Buffer.byteLength(input) > maxPayloadBytes)
    throw new AwsError('ValidationException', `The input is larger than ${maxPayloadBytes} bytes.`);
  try {
    JSON.parse(input);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${String(error)}'`);
  }
}

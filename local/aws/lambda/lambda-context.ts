import type { Context } from 'aws-lambda';
import { arnOf } from '#local/aws/endpoint/names.ts';

interface Invocation {
  functionName: string;
  requestId: string;
  memoryMb: number;
  /** When its time is up, in milliseconds since 1970. */
  deadline: number;
}

const noCallbacks = () => {
  throw new Error('The Node.js 24 runtime of Lambda has no callbacks: return a promise.');
};

/** The second argument of a handler, as Lambda's Node runtime makes it. */
export const lambdaContext = ({ functionName, requestId, memoryMb, deadline }: Invocation): Context => ({
  awsRequestId: requestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: arnOf('lambda', `function:${functionName}`),
  memoryLimitInMB: String(memoryMb),
  logGroupName: `/aws/lambda/${functionName}`,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  done: noCallbacks,
  fail: noCallbacks,
  succeed: noCallbacks,
});

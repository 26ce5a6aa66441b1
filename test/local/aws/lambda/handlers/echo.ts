import type { Context } from 'aws-lambda';

export const handler = async (event: Record<string, unknown>, context: Context) => {
  event['changedByHandler'] = true;
  return {
    event,
    gone: undefined,
    at: new Date(0),
    context: {
      functionName: context.functionName,
      memoryLimitInMB: context.memoryLimitInMB,
      hasTime: context.getRemainingTimeInMillis() > 0,
      requestId: context.awsRequestId,
    },
  };
};

import { once } from 'node:events';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** What lets streams go on that have said their first words. */
export const held: (() => void)[] = [];

/** What the streams that ended were ended by. */
export const ended: string[] = [];

export const handler = awslambda.streamifyResponse<LambdaFunctionURLEvent>(async (event, output, context) => {
  const does = event.queryStringParameters?.['does'];
  if (does === 'throw') throw new Error('before the first byte');
  if (does === 'plain') {
    output.setContentType('text/plain');
    output.end('just text');
    return;
  }
  const body = awslambda.HttpResponseStream.from(output, {
    statusCode: 206,
    headers: { 'x-of': context.functionName },
  });
  body.write(`${event.requestContext.http.method} ${event.rawPath} ${event.routeKey}\n`);
  if (does === 'wait') {
    await once(output, 'close');
    ended.push(event.rawQueryString);
    return;
  }
  await new Promise<void>((goOn) => held.push(goOn));
  body.end('the end\n');
});

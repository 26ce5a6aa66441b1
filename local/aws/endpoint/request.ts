import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as z from 'zod';
import { AwsError, type CallContext } from './service.ts';

/** What DynamoDB takes, the most of any JSON service. */
const maxBodyBytes = 16 * 1024 * 1024;

const servicesByTarget: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  DynamoDBStreams_20120810: 'dynamodbstreams',
  AWSStepFunctions: 'states',
  AWSEvents: 'events',
  secretsmanager: 'secretsmanager',
  AmazonSQS: 'sqs',
  AWSCognitoIdentityProviderService: 'cognito-idp',
};

type Addressed = Pick<IncomingMessage, 'headers' | 'url'>;

/** The first value of a header, where one is sent. */
const headerOf = (headers: IncomingHttpHeaders, name: string) => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** The scope of an AWS signature: `<key>/<date>/<region>/<service>/aws4_request`. */
const scopeOf = ({ headers, url = '/' }: Addressed): string[] => {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ??
    new URL(url, 'http://local').searchParams.get('X-Amz-Credential');
  return credential?.split('/') ?? [];
};

/** The access key that a request is signed with. */
export const accessKeyOf = (request: Addressed) => scopeOf(request).at(-5);

/** Which service and, where `x-amz-target` says it, which operation a request is for. */
export const addresseeOf = (request: Addressed): { service?: string; operation?: string } => {
  const target = headerOf(request.headers, 'x-amz-target');
  if (!target) {
    const service = scopeOf(request).at(-2);
    return service ? { service } : {};
  }
  const dot = target.lastIndexOf('.');
  const service = servicesByTarget[target.slice(0, dot)];
  return service ? { service, operation: target.slice(dot + 1) } : { operation: target };
};

export const contextOf = ({ headers }: Addressed): Required<Omit<CallContext, 'session'>> => ({
  caller: headerOf(headers, 'x-local-function'),
  invocationId: headerOf(headers, 'amz-sdk-invocation-id'),
  requestId: headerOf(headers, 'x-local-run'),
  userAgent: headerOf(headers, 'user-agent'),
});

/** The client left before its request was whole. */
export const hasHungUp = (request: IncomingMessage) => request.destroyed && !request.complete;

/** The whole body as text; refuses one that no service would take. */
export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Not destroyed when refused half-way: the answer goes over the same socket.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBodyBytes) throw new AwsError('RequestEntityTooLargeException', 'The request is too large.', 413);
    }
  } catch (error) {
    throw hasHungUp(request) && !(error instanceof AwsError) ? hungUp() : error;
  }
  return Buffer.concat(chunks).toString('utf8');
};

const hungUp = () => new AwsError('RequestTimeout', 'The client left before its request was whole.');

const inputSchema = z.record(z.string(), z.unknown());

/** The JSON object in a body; an empty body counts as one without fields. */
export const inputOf = (body: string): Record<string, unknown> => {
  let input: unknown;
  try {
    input = body === '' ? {} : JSON.parse(body);
  } catch (cause) {
    throw new AwsError('SerializationException', `The request is not JSON: ${String(cause)}`);
  }
  const { success, data } = inputSchema.safeParse(input);
  if (!success) throw new AwsError('SerializationException', 'The request is not a JSON object.');
  return data;
};

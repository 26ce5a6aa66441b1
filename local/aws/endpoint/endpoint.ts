import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Sessions } from '#local/aws/sts/sessions.ts';
import { answerXml, errorXml, readForm, speaksQuery } from './query-protocol.ts';
import { accessKeyOf, addresseeOf, bodyOf, contextOf, hasHungUp, inputOf } from './request.ts';
import { AwsError, type AwsService, type CallContext, unknownOperation } from './service.ts';
import { s3ErrorXml } from './xml.ts';

/** One call as the endpoint sees it, before a service does. */
export interface AwsCall extends Required<Omit<CallContext, 'session'>>, Pick<CallContext, 'session'> {
  service: string;
  operation: string;
  /** The JSON of the call; for S3 `{Bucket?, Key?}`. */
  input: Record<string, unknown>;
}

/** S3 is called by method and path: it names the operation itself, then answers on the socket. */
export interface S3Handler {
  /** Throws an AwsError for what it does not support. */
  identify(request: IncomingMessage): { operation: string; input: { Bucket?: string; Key?: string } };
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface EndpointOptions {
  /** 0 takes any free port. */
  port: number;
  /** By the names that signatures carry: `dynamodb`, `states`, `events`, `secretsmanager`, `sqs`, `sts`, `iam`. */
  services: Readonly<Record<string, AwsService>>;
  s3Handler?: S3Handler;
  /** The roles that callers have assumed; a key of one of these is refused where they are not known. */
  sessions?: Pick<Sessions, 'of'>;
  /** Refuses a call that the caller may not make. */
  authorize?: (call: AwsCall) => AwsError | undefined;
  /** Makes an authorized call fail, for trying out failures. */
  intercept?: (call: AwsCall) => AwsError | undefined;
  /** Called with an error that no service meant to give: the caller gets a 500. */
  onBug?: (error: unknown, request: string) => void;
}

/** A call as it came; its body is not read yet. */
export interface AwsRequest extends Pick<IncomingMessage, 'headers' | 'method' | 'url'> {
  body: () => Promise<string>;
}

export interface AwsAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Endpoint {
  url: string;
  port: number;
  /** Answers a call as on the port, refusals included; not for S3. */
  answer(request: AwsRequest): Promise<AwsAnswer>;
  close(): Promise<void>;
}

const reportBug = (error: unknown, request: string) => console.error(`Bug in the local run, at ${request}:`, error);

const answerOf = (status: number, contentType: string, body: string): AwsAnswer => ({
  status,
  headers: {
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    'x-amzn-requestid': randomUUID(),
  },
  body,
});

const jsonAnswer = ({ headers }: AwsRequest, status: number, body: unknown) =>
  answerOf(status, headers['content-type'] ?? 'application/x-amz-json-1.0', JSON.stringify(body));

const internalFailure = () => new AwsError('InternalFailure', 'The local run failed; its log says why.', 500);

/** In the form of the service; anything but an AwsError is a bug, and is reported. */
const refusalOf = (options: EndpointOptions, request: AwsRequest, error: unknown): AwsAnswer => {
  const { service } = addresseeOf(request);
  const isRefusal = error instanceof AwsError;
  if (!isRefusal) (options.onBug ?? reportBug)(error, `${request.method} ${request.url} for ${service}`);
  const { name, message, statusCode, fields } = isRefusal ? error : internalFailure();
  if (service === 's3') return answerOf(statusCode, 'application/xml', s3ErrorXml(name, message));
  if (speaksQuery(service)) return answerOf(statusCode, 'text/xml', errorXml(name, message));
  const { headers, ...answer } = jsonAnswer(request, statusCode, { __type: name, message, ...fields });
  return { ...answer, headers: { ...headers, 'x-amzn-errortype': name } };
};

const unaddressed = () =>
  new AwsError(
    'MissingAuthenticationToken',
    'Neither x-amz-target nor a signature names a service: use an AWS SDK or the AWS CLI with this endpoint.',
    403,
  );

const contextWithin = (options: EndpointOptions, request: AwsRequest) => ({
  ...contextOf(request),
  session: options.sessions?.of(accessKeyOf(request)),
});

const admit = (options: EndpointOptions, call: AwsCall) => {
  const refusal = options.authorize?.(call) ?? options.intercept?.(call);
  if (refusal) throw refusal;
};

const call = async (options: EndpointOptions, request: AwsRequest): Promise<AwsAnswer> => {
  const { service, operation } = addresseeOf(request);
  const context = contextWithin(options, request);
  if (!service && !operation) throw unaddressed();
  const target = service ? options.services[service] : undefined;
  if (target && speaksQuery(service)) {
    const form = readForm(await request.body());
    admit(options, { ...context, service, ...form });
    const result = await target.call(form.operation, form.input, context);
    return answerOf(200, 'text/xml', answerXml(service, form.operation, result));
  }
  if (!service || !target || !operation) throw unknownOperation(operation ?? `the service ${service}`);

  const input = inputOf(await request.body());
  admit(options, { ...context, service, operation, input });
  return jsonAnswer(request, 200, await target.call(operation, input, context));
};

const answer = async (options: EndpointOptions, request: AwsRequest): Promise<AwsAnswer> => {
  try {
    return await call(options, request);
  } catch (error) {
    return refusalOf(options, request, error);
  }
};

const send = (response: ServerResponse, { status, headers, body }: AwsAnswer) => {
  response.writeHead(status, headers);
  response.end(body);
};

/** S3's bodies may be large: it reads and writes the socket itself. */
const serveS3 = async (s3: S3Handler, options: EndpointOptions, message: IncomingMessage, response: ServerResponse) => {
  const request = requestOf(message);
  try {
    admit(options, { ...contextWithin(options, request), service: 's3', ...s3.identify(message) });
    await s3.handle(message, response);
  } catch (error) {
    if (hasHungUp(message)) return;
    const refusal = refusalOf(options, request, error);
    if (response.headersSent) response.destroy();
    else send(response, refusal);
  }
};

const requestOf = (message: IncomingMessage): AwsRequest => ({
  headers: message.headers,
  method: message.method,
  url: message.url,
  body: () => bodyOf(message),
});

/** Makes a server listen on loopback; 0 takes any free port, which is the answer. Rejects with the system's error. */
export const listen = async (server: Server, port: number): Promise<number> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
};

const portInUse = (port: number, cause: unknown): unknown => {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) return cause;
  const advice = `Port ${port} on 127.0.0.1 is in use: stop what uses it, or choose another with --aws-port.`;
  return new Error(advice, { cause });
};

/** Opens the one port on which every AWS-shaped service answers; closing it does not close the services. */
export const startEndpoint = async (options: EndpointOptions): Promise<Endpoint> => {
  const server = createServer((message, response) => {
    const request = requestOf(message);
    if (options.s3Handler && addresseeOf(request).service === 's3')
      return void serveS3(options.s3Handler, options, message, response);
    return void answer(options, request).then((answered) => send(response, answered));
  });
  const port = await listen(server, options.port).catch((error: unknown) => {
    throw portInUse(options.port, error);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    answer: (request) => answer(options, request),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Sessions } from '#local/sts/sessions.ts';
import { answerXml, errorXml, readForm, speaksQuery } from './query-protocol.ts';
import { accessKeyOf, addresseeOf, bodyOf, contextOf, inputOf } from './request.ts';
import { AwsError, type AwsService, type CallContext, unknownOperation } from './service.ts';
import { s3ErrorXml } from './xml.ts';

/** One call as the endpoint sees it, before a service does. */
export interface AwsCall extends Required<Omit<CallContext, 'session'>>, Pick<CallContext, 'session'> {
  service: string;
  operation: string;
  /** The JSON of the call; for S3 `{Bucket?, Key?}`. */
  input: Record<string, unknown>;
}

/** S3 speaks by method and path: it names the call itself, then answers it whole. */
export interface S3Handler {
  /** Throws an AwsError for what it does not support. */
  identify(request: IncomingMessage): { operation: string; input: { Bucket?: string; Key?: string; Source?: string } };
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface EndpointOptions {
  /** 0 takes any free port. */
  port: number;
  /** By the names that signatures carry: `dynamodb`, `states`, `events`, `secretsmanager`, `sqs`, `sts`. */
  services: Readonly<Record<string, AwsService>>;
  s3Handler?: S3Handler;
  /** The roles that callers have assumed; a key of one of these is refused where they are not known. */
  sessions?: Pick<Sessions, 'of'>;
  /** Refuses a call that the caller may not make. */
  authorize?: (call: AwsCall) => AwsError | undefined;
  /** Makes a call fail that would not: for trying out failures. Asked after `authorize`. */
  intercept?: (call: AwsCall) => AwsError | undefined;
  /** Is told of an error that no service meant to give: the caller gets a 500. */
  onBug?: (error: unknown, request: string) => void;
}

export interface Endpoint {
  url: string;
  port: number;
  close(): Promise<void>;
}

const reportBug = (error: unknown, request: string) => console.error(`Bug in the local run, at ${request}:`, error);

const asAwsError = (error: unknown) =>
  error instanceof AwsError ? error : new AwsError('InternalFailure', 'The local run failed; its log says why.', 500);

const answer = (response: ServerResponse, status: number, contentType: string, body: string) => {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
};

const answerJson = (request: IncomingMessage, response: ServerResponse, status: number, body: unknown) =>
  answer(response, status, request.headers['content-type'] ?? 'application/x-amz-json-1.0', JSON.stringify(body));

const refuse = (request: IncomingMessage, response: ServerResponse, service: string | undefined, error: AwsError) => {
  const { name, message, statusCode, fields } = error;
  if (service === 's3') return answer(response, statusCode, 'application/xml', s3ErrorXml(name, message));
  if (speaksQuery(service)) return answer(response, statusCode, 'text/xml', errorXml(name, message));
  response.setHeader('x-amzn-errortype', name);
  return answerJson(request, response, statusCode, { __type: name, message, ...fields });
};

const unaddressed = () =>
  new AwsError(
    'MissingAuthenticationToken',
    'Neither x-amz-target nor a signature names a service: use an AWS SDK or the AWS CLI with this endpoint.',
    403,
  );

const route = async (options: EndpointOptions, request: IncomingMessage, response: ServerResponse) => {
  const { service, operation } = addresseeOf(request);
  const context = { ...contextOf(request), session: options.sessions?.of(accessKeyOf(request)) };
  const admit = (call: AwsCall) => {
    const refusal = options.authorize?.(call) ?? options.intercept?.(call);
    if (refusal) throw refusal;
  };

  if (service === 's3' && options.s3Handler) {
    admit({ ...context, service, ...options.s3Handler.identify(request) });
    return options.s3Handler.handle(request, response);
  }
  if (!service && !operation) throw unaddressed();
  const target = service ? options.services[service] : undefined;
  if (service && target && speaksQuery(service)) {
    const asked = readForm(await bodyOf(request));
    admit({ ...context, service, ...asked });
    const result = await target.call(asked.operation, asked.input, context);
    return answer(response, 200, 'text/xml', answerXml(asked.operation, result));
  }
  if (!service || !target || !operation) throw unknownOperation(operation ?? `the service ${service}`);

  const input = inputOf(await bodyOf(request));
  admit({ ...context, service, operation, input });
  return answerJson(request, response, 200, await target.call(operation, input, context));
};

const listen = (server: Server, port: number) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      const advice = `Port ${port} on 127.0.0.1 is in use: stop what uses it, or choose another with --aws-port.`;
      reject(taken ? new Error(advice, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });

/** Opens the one port on which every AWS-shaped service answers; closing it does not close the services. */
export const startEndpoint = async (options: EndpointOptions): Promise<Endpoint> => {
  const server = createServer((request, response) => {
    route(options, request, response).catch((error: unknown) => {
      // The caller hung up: nobody is left to answer, and nothing is wrong here.
      if (request.destroyed && !request.complete) return;
      const { service } = addresseeOf(request);
      const refusal = asAwsError(error);
      if (refusal !== error) (options.onBug ?? reportBug)(error, `${request.method} ${request.url} for ${service}`);
      if (response.headersSent) response.destroy();
      else refuse(request, response, service, refusal);
    });
  });
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

import { AsyncLocalStorage } from 'node:async_hooks';
import { callerHeaders } from '#local/aws/lambda/caller.ts';
import type { documents } from '#stores/aws/clients.ts';
import type { Endpoint } from './endpoint.ts';

type RequestHandler = typeof documents.config.requestHandler;

/** What a service starts of its own accord, such as the delivery of an event, is not the caller's. */
const outsideCaller = AsyncLocalStorage.snapshot();

/** Who calls is known within a process: a signature, which took a tenth of a call, would be judged by nobody. */
const unsigned: typeof documents.config.signer = () => Promise.resolve({ sign: (request) => Promise.resolve(request) });

/**
 * Hands what the functions ask of AWS by their own roles to the endpoint without a socket, which took a third of the
 * work of a call: the SDK serialises, tries again and reads as ever. S3, STS and IAM stay on the port, and what is asked by
 * a tenant's credentials is signed with them.
 */
export const callDirectly = async (endpoint: Pick<Endpoint, 'answer'>): Promise<void> => {
  const requestHandler: RequestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle({ method, path, headers, body }) {
      const asked = { ...headers, ...callerHeaders() };
      const text = typeof body === 'string' ? body : Buffer.from(body ?? '').toString('utf8');
      const answer = await outsideCaller(() =>
        endpoint.answer({ method, url: path, headers: asked, body: () => Promise.resolve(text) }),
      );
      const response = { statusCode: answer.status, headers: answer.headers, body: Buffer.from(answer.body) };
      return { response };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  // Not before: clients are made when they are first imported, and must find out then that this is no AWS.
  const { documents, events, identities, secrets, states } = await import('#stores/aws/clients.ts');
  for (const { config } of [documents, events, identities, secrets, states]) {
    config.requestHandler = requestHandler;
    config.signer = unsigned;
  }
};

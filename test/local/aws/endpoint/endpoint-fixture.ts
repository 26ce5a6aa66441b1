import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type EndpointOptions, startEndpoint } from '#local/aws/endpoint/endpoint.ts';
import { openFauxqs } from '#local/aws/fauxqs.ts';
import { openObjects } from '#local/aws/s3/objects.ts';
import type { RotationOptions } from '#local/aws/secrets-manager/rotations.ts';
import { openSecretsManager } from '#local/aws/secrets-manager/secrets-manager.ts';
import type { SecretRead } from '#local/aws/secrets-manager/trail.ts';
import { openQueues } from '#local/aws/sqs/queues.ts';
import { VirtualClock } from '#local/clock.ts';
import { openState } from '#local/state.ts';

export const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-aws-'));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
};

const caller = new AsyncLocalStorage<string>();
subscribe('http.client.request.created', (message) => {
  const name = caller.getStore();
  if (name) (message as { request: ClientRequest }).request.setHeader('x-local-function', name);
});

/** Makes the calls of `run` as the named function; calls outside are those of a person. */
export const as = <T>(name: string, run: () => Promise<T>): Promise<T> => caller.run(name, run);

/** Settings of an SDK client for the endpoint. */
export const toward = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

/** The services of this folder behind an endpoint, with clients for them. */
export const aLocalAws = async (
  options: { folder?: string; rotation?: RotationOptions } & Partial<EndpointOptions> = {},
) => {
  const { folder, rotation, ...endpointOptions } = options;
  const state = await openState(folder);
  const clock = new VirtualClock(state);
  const reads: SecretRead[] = [];
  let url = '';
  const fauxqs = await openFauxqs(folder && join(folder, 'objects'));
  const queues = openQueues({ fauxqs, names: ['letters'], endpointUrl: () => url });
  const secretsManager = openSecretsManager({
    state,
    clock,
    onRead: async (read) => void reads.push(read),
    ...(rotation && { rotation }),
  });
  const endpoint = await startEndpoint({
    port: 0,
    ...endpointOptions,
    services: { secretsmanager: secretsManager, sqs: queues, ...endpointOptions.services },
    s3Handler: openObjects(fauxqs, ['archive', 'tenantry-archive']),
  });
  url = endpoint.url;
  const clients = {
    secrets: new SecretsManagerClient(toward(url)),
    queue: new SQSClient(toward(url)),
    objects: new S3Client(toward(url)),
  };
  return {
    url,
    port: endpoint.port,
    state,
    clock,
    secretsManager,
    queues,
    reads,
    ...clients,
    async [Symbol.asyncDispose]() {
      for (const client of Object.values(clients)) client.destroy();
      await endpoint.close();
      await secretsManager.close();
      await fauxqs.close();
      clock.close();
      await state.close();
    },
  };
};

/** A secret of this name with the value `first`. */
export const aSecret = (aws: { secrets: SecretsManagerClient }, Name: string) =>
  aws.secrets.send(new CreateSecretCommand({ Name, SecretString: 'first' }));

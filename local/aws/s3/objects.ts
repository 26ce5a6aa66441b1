import type { IncomingMessage, ServerResponse } from 'node:http';
import type { S3Handler } from '#local/aws/endpoint/endpoint.ts';
import { headerOf } from '#local/aws/endpoint/request.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import { openFauxqs } from './fauxqs.ts';
import { identifyS3 } from './requests.ts';

export interface ObjectsOptions {
  /** In memory where none is given. */
  folder?: string;
  /** Made where they are not there yet. */
  buckets: readonly string[];
}

export interface Objects extends S3Handler {
  close(): Promise<void>;
}

/** Operations that change what a key holds. */
const writing = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'DeleteObject']);

const unmet = () =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);

const unquoted = (etag: string) => etag.replace(/^"|"$/g, '');

/** Refuses a write whose If-None-Match or If-Match does not hold for what is there. */
const checkConditions = ({ headers }: IncomingMessage, etagNow: () => string | undefined) => {
  const noneMatch = headerOf(headers, 'if-none-match');
  const match = headerOf(headers, 'if-match');
  if (noneMatch === undefined && match === undefined) return;
  if (noneMatch !== undefined && noneMatch !== '*')
    throw new AwsError('NotImplemented', 'A write takes no If-None-Match but *.', 501);
  const etag = etagNow();
  if (noneMatch === '*' && etag !== undefined) throw unmet();
  if (match === undefined) return;
  if (etag === undefined) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (match !== '*' && unquoted(match) !== unquoted(etag)) throw unmet();
};

/** S3 on this machine: fauxqs behind a guard that lets through only what it does rightly. */
export const openObjects = async ({ folder, buckets }: ObjectsOptions): Promise<Objects> => {
  const { store, app, close } = await openFauxqs(folder);
  for (const bucket of buckets) store.createBucket(bucket);

  const etagOf = (bucket: string, key: string) =>
    store.hasBucket(bucket)
      ? store.listObjects(bucket, { prefix: key }).objects.find((object) => object.key === key)?.etag
      : undefined;

  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const over = new Promise<void>((resolve) => response.once('close', resolve));
    app.routing(request, response);
    await over;
  };

  /** Writes of one key wait for each other, so that a condition holds from its check to its write. */
  const writes = new Map<string, Promise<unknown>>();
  const inTurn = async (place: string, write: () => Promise<void>) => {
    const before = writes.get(place) ?? Promise.resolve();
    const turn = before.then(write, write);
    writes.set(place, turn);
    await turn.finally(() => {
      if (writes.get(place) === turn) writes.delete(place);
    });
  };

  return {
    identify: identifyS3,
    async handle(request, response) {
      const { operation, input } = identifyS3(request);
      const { Bucket, Key } = input;
      if (!writing.has(operation) || !Bucket || !Key) return pass(request, response);
      return inTurn(`${Bucket}/${Key}`, async () => {
        checkConditions(request, () => etagOf(Bucket, Key));
        await pass(request, response);
      });
    },
    close,
  };
};

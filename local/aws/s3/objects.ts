import type { IncomingMessage } from 'node:http';
import type { S3Handler } from '#local/aws/endpoint/endpoint.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';
import type { Fauxqs } from '#local/aws/fauxqs.ts';

interface Shape {
  method: string;
  level: 'service' | 'bucket' | 'object';
  /** Query parameters that the operation has. */
  parameters?: readonly string[];
}

const listing = ['list-type', 'prefix', 'delimiter', 'max-keys', 'encoding-type', 'continuation-token', 'start-after'];

/** What the product calls, and what `aws s3 ls`, `cp` and `rm` call. */
const shapes: Readonly<Record<string, Shape>> = {
  ListBuckets: { method: 'GET', level: 'service' },
  ListObjectsV2: { method: 'GET', level: 'bucket', parameters: [...listing, 'fetch-owner'] },
  PutObject: { method: 'PUT', level: 'object' },
  GetObject: { method: 'GET', level: 'object' },
  HeadObject: { method: 'HEAD', level: 'object' },
  DeleteObject: { method: 'DELETE', level: 'object' },
};

/** What every signed URL may carry, and the name that the SDK adds to a request for logs. */
const ofSigning =
  /^(x-id|x-amz-(algorithm|credential|date|expires|signedheaders|signature|content-sha256|security-token|checksum-mode))$/i;

/** Headers that would change what is stored, and that fauxqs ignores. */
const unsupportedHeader =
  /^(if-(none-)?match|x-amz-(copy-source|tagging|acl|grant-|object-lock-|website-|write-offset|server-side-encryption-customer).*)$/;

const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `The local run does not support ${what}; see local/SUPPORT.md.`, 501);

const decode = (path: string) => {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AwsError('InvalidURI', `Could not parse the specified URI: ${String(cause)}`);
  }
};

const placeOf = (url: string): { level: Shape['level']; Bucket?: string; Key?: string } => {
  const [, Bucket = '', ...rest] = (url.split('?')[0] ?? '').split('/');
  const Key = decode(rest.join('/'));
  if (Bucket === '') return { level: 'service' };
  return Key === '' ? { level: 'bucket', Bucket } : { level: 'object', Bucket, Key };
};

/** Names the operation of an S3 request; refuses any parameter or header that fauxqs would ignore. */
const identify = ({ method, url = '/', headers }: IncomingMessage) => {
  const { level, ...input } = placeOf(url);
  const parameters = [...new URL(url, 'http://local').searchParams.keys()].filter((name) => !ofSigning.test(name));
  const found = Object.entries(shapes).find(([, shape]) => shape.method === method && shape.level === level);
  const unknown = parameters.find((name) => !found?.[1].parameters?.includes(name));
  if (!found || unknown !== undefined) throw notImplemented(`${method} of ${level} with ${parameters.join(', ')}`);
  const header = method === 'PUT' && Object.keys(headers).find((name) => unsupportedHeader.test(name));
  if (header) throw notImplemented(`the header ${header}`);
  return { operation: found[0], input };
};

/** S3 on this machine: fauxqs, behind a guard that lets through only what it does as S3 does. */
export const openObjects = ({ s3Store, app }: Fauxqs, buckets: readonly string[]): S3Handler => {
  for (const bucket of buckets) if (!s3Store.hasBucket(bucket)) s3Store.createBucket(bucket);
  return {
    identify,
    handle: (request, response) =>
      new Promise((resolve) => {
        response.once('close', resolve);
        app.routing(request, response);
      }),
  };
};

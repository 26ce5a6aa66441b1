import type { IncomingMessage } from 'node:http';
import { headerOf } from '#local/aws/endpoint/request.ts';
import { AwsError } from '#local/aws/endpoint/service.ts';

export interface S3Call {
  operation: string;
  input: { Bucket?: string; Key?: string; Source?: string };
}

interface Shape {
  method: string;
  level: 'service' | 'bucket' | 'object';
  /** Query parameters that make a request this operation. */
  needs?: readonly string[];
  /** Query parameters that may be there as well. */
  takes?: readonly string[];
  /** A request with `x-amz-copy-source` is a copy, and no other is. */
  copies?: boolean;
}

const listing = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** The operations let through, those that need the most parameters first. */
const shapes: Readonly<Record<string, Shape>> = {
  ListBuckets: { method: 'GET', level: 'service' },
  CreateBucket: { method: 'PUT', level: 'bucket' },
  HeadBucket: { method: 'HEAD', level: 'bucket' },
  DeleteBucket: { method: 'DELETE', level: 'bucket' },
  ListObjectsV2: {
    method: 'GET',
    level: 'bucket',
    needs: ['list-type'],
    takes: [...listing, 'continuation-token', 'start-after', 'fetch-owner'],
  },
  ListObjects: { method: 'GET', level: 'bucket', takes: [...listing, 'marker'] },
  UploadPart: { method: 'PUT', level: 'object', needs: ['uploadId', 'partNumber'] },
  CopyObject: { method: 'PUT', level: 'object', copies: true },
  PutObject: { method: 'PUT', level: 'object' },
  GetObject: { method: 'GET', level: 'object', takes: ['partNumber'] },
  HeadObject: { method: 'HEAD', level: 'object', takes: ['partNumber'] },
  AbortMultipartUpload: { method: 'DELETE', level: 'object', needs: ['uploadId'] },
  DeleteObject: { method: 'DELETE', level: 'object' },
  CreateMultipartUpload: { method: 'POST', level: 'object', needs: ['uploads'] },
  CompleteMultipartUpload: { method: 'POST', level: 'object', needs: ['uploadId'] },
};

/** What every signed URL may carry, and the name that the SDK adds to a request for logs. */
const ofSigning =
  /^(x-id|x-amz-(algorithm|credential|date|expires|signedheaders|signature|content-sha256|security-token|checksum-mode))$/i;

/** Headers that would change what is stored, and that fauxqs lets fall. */
const unsupportedHeader =
  /^x-amz-(tagging|acl|grant-|object-lock-|website-|write-offset|server-side-encryption-customer)/;

const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `The local run does not support ${what}; see local/SUPPORT.md.`, 501);

const maxSegmentBytes = 200;

const decode = (path: string) => {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new AwsError('InvalidURI', `Could not parse the specified URI: ${String(cause)}`);
  }
};

/** Refuses a key that as a path of files would leave its folder, meet another key, or have no room. */
const checkedKey = (key: string) => {
  const segments = key.replace(/\/$/, '').split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    throw notImplemented("a key with an empty part, '.' or '..'");
  if (segments.some((segment) => Buffer.byteLength(encodeURIComponent(segment)) > maxSegmentBytes))
    throw new AwsError('KeyTooLongError', `The local run takes at most ${maxSegmentBytes} bytes between two slashes.`);
  return key;
};

const placeOf = (url: string): { level: Shape['level']; Bucket?: string; Key?: string } => {
  const [, Bucket = '', ...rest] = (url.split('?')[0] ?? '').split('/');
  if (Bucket === '') return { level: 'service' };
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(Bucket))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.');
  const key = decode(rest.join('/'));
  return key === '' ? { level: 'bucket', Bucket } : { level: 'object', Bucket, Key: checkedKey(key) };
};

/** Names the operation of an S3 request; refuses any parameter or header that would be overlooked further on. */
export const identifyS3 = ({ method, url = '/', headers }: IncomingMessage): S3Call => {
  const { level, ...place } = placeOf(url);
  const parameters = [...new URL(url, 'http://local').searchParams.keys()].filter((name) => !ofSigning.test(name));
  const source = headerOf(headers, 'x-amz-copy-source');
  const found = Object.entries(shapes).find(
    ([, shape]) =>
      shape.method === method &&
      shape.level === level &&
      (shape.copies ?? false) === (source !== undefined) &&
      (shape.needs ?? []).every((name) => parameters.includes(name)) &&
      parameters.every((name) => shape.needs?.includes(name) || shape.takes?.includes(name)),
  );
  if (!found) throw notImplemented(`${method} of ${level} with ${parameters.join(', ') || 'this method'}`);
  const header = Object.keys(headers).find((name) => unsupportedHeader.test(name));
  if (header) throw notImplemented(`the header ${header}`);
  return { operation: found[0], input: { ...place, ...(source ? { Source: decode(source).replace(/^\//, '') } : {}) } };
};

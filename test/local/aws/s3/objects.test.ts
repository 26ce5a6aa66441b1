import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { aFolder, aLocalAws } from '#test/local/aws/endpoint/endpoint-fixture.ts';

const Bucket = 'archive';
const Key = 'audit/2026/11/22/1.ndjson';
const put = (Body: string, more = {}) => new PutObjectCommand({ Bucket, Key, Body, ...more });
const bodyOf = async (client: S3Client, key = Key) =>
  (await client.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString();

/** One request as raw text, for paths that no client would send; gives the status. */
const raw = (port: number, path: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const scope = 'Credential=k/20261122/us-east-1/s3/aws4_request';
      socket.end(`DELETE ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${scope}\r\nconnection: close\r\n\r\n`);
    });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('end', () => resolve(text.split(' ')[1] ?? ''));
    socket.on('error', reject);
  });

describe('an object', () => {
  test('is there after a restart, with its type', async () => {
    using place = aFolder();
    {
      await using before = await aLocalAws(place);
      await before.objects.send(put('{"seq":1}\n', { ContentType: 'application/x-ndjson' }));
    }
    await using after = await aLocalAws(place);
    expect(await bodyOf(after.objects)).toBe('{"seq":1}\n');
    const head = await after.objects.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head.ContentType).toBe('application/x-ndjson');
    const listed = await after.objects.send(new ListObjectsV2Command({ Bucket, Prefix: 'audit/' }));
    expect(listed.Contents?.map((object) => object.Key)).toEqual([Key]);
  });

  test('may be empty, and have a key with spaces and percent signs', async () => {
    await using aws = await aLocalAws();
    const key = 'audit/50 % of ü+.txt';
    await aws.objects.send(new PutObjectCommand({ Bucket, Key: key, Body: '' }));
    expect(await bodyOf(aws.objects, key)).toBe('');
    await aws.objects.send(new DeleteObjectCommand({ Bucket, Key: key }));
    await expect(bodyOf(aws.objects, key)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('is put in parts', async () => {
    await using aws = await aLocalAws();
    const { UploadId } = await aws.objects.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await aws.objects.send(new UploadPartCommand({ ...part, Body: 'whole' }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await aws.objects.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    expect(await bodyOf(aws.objects)).toBe('whole');
  });
});

describe('a conditional write', () => {
  test('of a new object succeeds once, however many try at once', async () => {
    await using aws = await aLocalAws();
    const tries = Array.from({ length: 10 }, (_, n) => aws.objects.send(put(`try ${n}`, { IfNoneMatch: '*' })));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = results.find((result) => result.status === 'rejected');
    expect(refused?.reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  test('over a known version is refused once the object has changed', async () => {
    await using aws = await aLocalAws();
    const { ETag } = await aws.objects.send(put('first'));
    await aws.objects.send(put('second', { IfMatch: ETag }));
    await expect(aws.objects.send(put('third', { IfMatch: ETag }))).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
    expect(await bodyOf(aws.objects)).toBe('second');
  });
});

describe('what S3 has and the local run has not', () => {
  test('is refused, and the object stays what it was', async () => {
    await using aws = await aLocalAws();
    await aws.objects.send(put('untouched'));
    const refused = [
      () => aws.objects.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [] } })),
      () => aws.objects.send(new PutObjectRetentionCommand({ Bucket, Key, Retention: { Mode: 'COMPLIANCE' } })),
      () => aws.objects.send(new GetObjectCommand({ Bucket, Key, VersionId: 'old' })),
      () => aws.objects.send(new PutBucketPolicyCommand({ Bucket, Policy: '{}' })),
      () => aws.objects.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } })),
      () => aws.objects.send(put('tagged', { Tagging: 'a=b' })),
      () =>
        aws.objects.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
    ];
    for (const call of refused)
      await expect(call()).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
    expect(await bodyOf(aws.objects)).toBe('untouched');
  });

  test.each(['..%2f..%2f..%2f..%2fprecious', '../../../../precious', 'a//b', '%2e%2e/%2e%2e/%2e%2e/%2e%2e/precious'])(
    'a key is never a path out of its folder: %s',
    async (key) => {
      using place = aFolder();
      await using aws = await aLocalAws(place);
      const precious = join(place.folder, 'precious.data');
      writeFileSync(precious, 'here');
      expect(['400', '501']).toContain(await raw(aws.port, `/${Bucket}/${key}`));
      expect(existsSync(precious)).toBe(true);
    },
  );
});

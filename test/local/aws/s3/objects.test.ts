import {
  CopyObjectCommand,
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
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { aFolder, aLocalAws } from '#test/local/aws/endpoint/endpoint-fixture.ts';

const Bucket = 'archive';
const Key = 'audit/2026/11/22/1.ndjson';
const put = (Body: string, more = {}) => new PutObjectCommand({ Bucket, Key, Body, ...more });
const bodyOf = async (client: S3Client, key = Key) =>
  (await client.send(new GetObjectCommand({ Bucket, Key: key }))).Body?.transformToString();

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
      () => aws.objects.send(put('conditional', { IfNoneMatch: '*' })),
      () => aws.objects.send(new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/other` })),
      () => aws.objects.send(new CreateMultipartUploadCommand({ Bucket, Key })),
      () =>
        aws.objects.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
    ];
    for (const call of refused)
      await expect(call()).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
    expect(await bodyOf(aws.objects)).toBe('untouched');
  });
});

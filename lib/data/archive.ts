import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { deployedBucketName } from '#lib/iam/arns.ts';

/** Properties of every bucket: no public access, TLS only, retained when the stack is deleted. */
export const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

/** The audit archive and its access log; both are retained when the stack is deleted. */
export class Archive extends Construct {
  readonly bucket: Bucket;
  readonly accessLog: IBucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.accessLog = new Bucket(this, 'AccessLog', {
      ...closed,
      bucketName: deployedBucketName(Stack.of(this), 'tenantry-access-log'),
      // S3 delivers access logs only to buckets encrypted with its own keys.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(365) }],
    }) as IBucket;
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed,
      bucketName: deployedBucketName(Stack.of(this)),
      encryption: BucketEncryption.KMS_MANAGED,
      bucketKeyEnabled: true,
      versioned: true,
      serverAccessLogsBucket: this.accessLog,
      serverAccessLogsPrefix: 'archive/',
      lifecycleRules: [
        {
          transitions: [
            { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: Duration.days(30) },
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(180) },
          ],
          noncurrentVersionExpiration: Duration.days(365),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
  }
}

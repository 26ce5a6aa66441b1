import { Duration, Stack } from 'aws-cdk-lib';
import { Trail as CloudTrail, ReadWriteType } from 'aws-cdk-lib/aws-cloudtrail';
import { Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { deployedBucketName } from '#lib/iam/arns.ts';
import { closed } from './archive.ts';

/**
 * The trail of this region's management events, without which EventBridge receives no reads of secrets. One per account
 * and region is enough; the first one is free of charge.
 */
export class Trail extends Construct {
  readonly trail: CloudTrail;

  constructor(scope: Construct, id: string, { accessLog }: { accessLog: IBucket }) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      ...closed,
      bucketName: deployedBucketName(Stack.of(this), 'tenantry-trail'),
      // CloudTrail cannot write to buckets encrypted with the AWS managed KMS key of S3.
      encryption: BucketEncryption.S3_MANAGED,
      serverAccessLogsBucket: accessLog,
      serverAccessLogsPrefix: 'trail/',
      lifecycleRules: [{ expiration: Duration.days(365) }],
    });
    this.trail = new CloudTrail(this, 'Trail', {
      trailName: 'tenantry',
      bucket: bucket as IBucket,
      managementEvents: ReadWriteType.ALL,
      enableFileValidation: true,
      isMultiRegionTrail: false,
      includeGlobalServiceEvents: false,
    });
  }
}

import { Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { ConsoleConfig } from '#core/contract/api/console.ts';
import type { ConsolePages } from './pages.ts';

export interface UploadedPagesProps {
  pages: ConsolePages;
  settings: ConsoleConfig;
  bucket: Bucket;
}

/** Uploads the pages and their configuration into the bucket, with their cache headers. */
export class UploadedPages extends Construct {
  constructor(scope: Construct, id: string, { pages, settings, bucket }: UploadedPagesProps) {
    super(scope, id);
    const target = { destinationBucket: bucket as IBucket, prune: false };
    const assets = new BucketDeployment(this, 'Assets', {
      ...target,
      sources: [Source.asset(pages.folder, { exclude: ['*', '!assets', '!assets/**'] })],
      // Names contain content hashes. Files of earlier deployments stay, for pages that are still open.
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...target,
      sources: [Source.asset(pages.folder, { exclude: ['assets'] }), Source.jsonData('config.json', settings)],
      // Revalidated on each request, so the uploader needs no permission to invalidate.
      cacheControl: [CacheControl.noCache()],
    });
    page.node.addDependency(assets);
    this.acknowledge(page.handlerRole.node.scope, bucket);
  }

  /** The uploader is the CDK's own function; its permissions and runtime cannot be changed here. */
  private acknowledge(uploader: Construct | undefined, bucket: Bucket): void {
    if (!uploader) throw new Error('The uploader is not a function of this stack.');
    const { region } = Stack.of(this);
    const [name] = Object.values<readonly string[]>(Stack.of(this).resolve(bucket.bucketArn));
    const objects = [`arn:aws:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-${region}/*`, `<${name?.join('.')}>/*`];
    const ids = [
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      ...['GetBucket', 'GetObject', 'List', 'Abort', 'DeleteObject'].map(
        (verb) => `AwsSolutions-IAM5[Action::s3:${verb}*]`,
      ),
      ...objects.map((arn) => `AwsSolutions-IAM5[Resource::${arn}]`),
      'AwsSolutions-L1',
    ];
    const reason =
      "The CDK's own uploader, which reads the deployment's assets and only writes to the console's bucket.";
    for (const id of ids) Validations.of(uploader).acknowledge({ id, reason });
  }
}

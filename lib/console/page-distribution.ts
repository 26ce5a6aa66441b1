import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersReferrerPolicy,
  HttpVersion,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { consoleHeaders } from '#core/contract/api/console.ts';

export interface PageDistributionProps {
  /** Whom the pages may ask besides themselves: the API and the issuer. */
  origins: readonly string[];
  domain?: { name: string; certificateArn: string };
}

/** Every address of the console that is no file is its one page. */
const toPage = `function handler({ request }) {
  const isFile = request.uri.startsWith('/assets/') || request.uri === '/config.json' || request.uri === '/icon.svg';
  return isFile ? request : Object.assign(request, { uri: '/index.html' });
}`;

/** A private bucket, and the distribution that alone may read it and says how its pages may be used. */
export class PageDistribution extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { origins, domain }: PageDistributionProps) {
    super(scope, id);
    const logs = this.addLogs();
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      serverAccessLogsBucket: logs as IBucket,
      serverAccessLogsPrefix: 'bucket/',
      // Built from the sources: nothing is lost with it.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'Tenantry console',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      enableLogging: true,
      logBucket: logs as IBucket,
      logFilePrefix: 'distribution/',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket as IBucket),
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.addHeaders(origins),
        functionAssociations: [{ function: this.addRewrite(), eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    this.acknowledge(domain !== undefined);
  }

  private addLogs(): Bucket {
    const logs = new Bucket(this, 'Logs', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      // CloudFront delivers its logs by an access control list.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(logs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the logs of the pages itself: logging who reads it would write into it for ever.',
    });
    return logs;
  }

  private addRewrite(): EdgeFunction {
    return new EdgeFunction(this, 'ToPage', {
      code: FunctionCode.fromInline(toPage),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'Every address of the console that is no file is its one page',
    });
  }

  /** The same headers as in the local run; those that CloudFront knows by name must be given by name. */
  private addHeaders(origins: readonly string[]): ResponseHeadersPolicy {
    const { 'content-security-policy': contentSecurityPolicy = '', ...others } = consoleHeaders(origins);
    const custom = ['cross-origin-opener-policy', 'permissions-policy'];
    return new ResponseHeadersPolicy(this, 'Headers', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(730),
          includeSubdomains: true,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: custom.map((header) => ({ header, value: others[header] ?? '', override: true })),
      },
    });
  }

  private acknowledge(hasCertificate: boolean): void {
    const reasons: [string, string][] = [
      ['AwsSolutions-CFR1', 'Operators travel: where a product may be used from is for those who run it to say.'],
      ['AwsSolutions-CFR2', 'Static files that anybody may read; the API behind them judges every token itself.'],
      ...(hasCertificate
        ? []
        : ([
            ['AwsSolutions-CFR4', "CloudFront's own name has its own certificate; -c consoleDomain names another."],
          ] as [string, string][])),
    ];
    for (const [id, reason] of reasons) Validations.of(this.distribution).acknowledge({ id, reason });
  }
}

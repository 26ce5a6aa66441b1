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
  /** Further origins that the pages may connect to: the API and the issuer. */
  origins: readonly string[];
  domain?: { name: string; certificateArn: string };
}

/** Rewrites every path that is not a file to the single page. */
const toPage = `function handler({ request }) {
  const isFile = request.uri.startsWith('/assets/') || request.uri === '/config.json' || request.uri === '/icon.svg';
  return isFile ? request : Object.assign(request, { uri: '/index.html' });
}`;

/** A private bucket, and the only distribution that may read it, which also sets the security headers. */
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
      // Built from the sources, so nothing is lost when it is deleted.
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
      // CloudFront needs an access control list to deliver its logs.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(logs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the access logs itself: logging its own accesses would create an endless loop.',
    });
    return logs;
  }

  private addRewrite(): EdgeFunction {
    return new EdgeFunction(this, 'ToPage', {
      code: FunctionCode.fromInline(toPage),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'Rewrites every path that is not a file to the single page',
    });
  }

  /** The same headers as in the local run; CloudFront requires the standard ones as named properties. */
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
      ['AwsSolutions-CFR1', 'Geo restriction is left to the operator, who knows where the product may be used.'],
      ['AwsSolutions-CFR2', 'The files are public and static; the API validates every token.'],
      ...(hasCertificate
        ? []
        : ([
            [
              'AwsSolutions-CFR4',
              "The default certificate covers CloudFront's own domain name; -c consoleDomain sets another.",
            ],
          ] as [string, string][])),
    ];
    for (const [id, reason] of reasons) Validations.of(this.distribution).acknowledge({ id, reason });
  }
}

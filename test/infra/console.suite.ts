import { describe, expect, test } from 'vitest';
import { consoleHeaders } from '#core/contract/api/console.ts';
import { asText, synthesised } from './synthesised.ts';

const { resources, console: stack } = synthesised();
const only = (type: string) => {
  const [[, resource] = []] = resources(stack, type);
  if (!resource) throw new Error(`There is no ${type}.`);
  return resource.Properties;
};

describe('the console', () => {
  test('lies in buckets that nobody may read without the right to, over TLS only', () => {
    const buckets = resources(stack, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(2);
    for (const [, { Properties }] of buckets) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    }
    const policies = resources(stack, 'AWS::S3::BucketPolicy').flatMap(
      ([, { Properties }]) => Properties.PolicyDocument.Statement,
    );
    const allowed = policies.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Action, Principal }) => [Action, Principal.Service])).toContainEqual([
      's3:GetObject',
      'cloudfront.amazonaws.com',
    ]);
    expect(policies.filter(({ Effect, Action }) => Effect === 'Allow' && Action === 's3:GetObject')).toHaveLength(1);
    expect(policies.filter(({ Effect }) => Effect === 'Deny')).not.toHaveLength(0);
  });

  test('is read through its distribution alone, by origin access control', () => {
    const { DistributionConfig } = only('AWS::CloudFront::Distribution');
    const [origin] = DistributionConfig.Origins;
    expect(asText(origin.OriginAccessControlId)).toMatch(/OriginAccessControl/);
    expect(DistributionConfig.DefaultCacheBehavior).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https',
      AllowedMethods: ['GET', 'HEAD'],
    });
  });

  test('has the headers of the local run, and may ask the API and the issuer besides itself', () => {
    const { ResponseHeadersPolicyConfig: policy } = only('AWS::CloudFront::ResponseHeadersPolicy');
    const local = consoleHeaders([])['content-security-policy'] ?? '';
    const deployed = asText(policy.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy);
    const [before, after] = local.split("connect-src 'self'") as [string, string];
    expect(deployed.startsWith(before)).toBe(true);
    expect(deployed.endsWith(after)).toBe(true);
    expect(deployed).not.toMatch(/unsafe|\*/);
    expect(deployed).toMatch(
      /connect-src 'self' <[^>]+ApiEndpoint[^>]+> https:\/\/cognito-idp\S+ https:\/\/[^;]+amazoncognito\.com;/,
    );
    const custom = policy.CustomHeadersConfig.Items.map(({ Header }: { Header: string }) => Header);
    const named = ['content-security-policy', 'referrer-policy', 'strict-transport-security', 'x-content-type-options'];
    expect(new Set([...custom, ...named])).toEqual(new Set(Object.keys(consoleHeaders([]))));
  });

  test('answers every address that is no file with its one page', () => {
    const { FunctionCode } = only('AWS::CloudFront::Function');
    // oxlint-disable-next-line typescript/no-implied-eval -- the code that CloudFront will run
    const handler = new Function(`${FunctionCode}; return handler;`)() as (event: unknown) => { uri: string };
    const answered = (uri: string) => handler({ request: { uri } }).uri;
    expect(['/', '/tenants/acme', '/flags/new.checkout', '/signed-in'].map(answered)).toEqual(
      Array(4).fill('/index.html'),
    );
    expect(['/assets/main.js', '/config.json', '/icon.svg'].map(answered)).toEqual([
      '/assets/main.js',
      '/config.json',
      '/icon.svg',
    ]);
  });

  test('signs people in at the issuer of the deployment, with a client of their own', () => {
    const own = synthesised({ identity: 'oidc' });
    const parameters = own.app.synth().getStackByName(own.console.stackName).template.Parameters;
    expect(Object.keys(parameters)).toEqual(expect.arrayContaining(['Issuer', 'ClientId', 'IssuerOrigins']));
  });

  test('has a name of its own where one is given, at TLS 1.2 or better', () => {
    const named = synthesised({
      consoleDomain: 'console.example.com',
      consoleCertificate: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
    });
    const [[, { Properties }] = [undefined, { Properties: {} }]] = named.resources(
      named.console,
      'AWS::CloudFront::Distribution',
    );
    expect(Properties.DistributionConfig).toMatchObject({
      Aliases: ['console.example.com'],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
  });
});

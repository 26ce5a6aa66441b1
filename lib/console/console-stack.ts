import { CfnOutput, CfnParameter, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { config } from '#config';
import { type ConsoleConfig, consoleChoices } from '#core/contract/api/console.ts';
import type { ControlPlaneStack } from '#lib/control-plane/control-plane-stack.ts';
import { PageDistribution } from './page-distribution.ts';
import type { ConsolePages } from './pages.ts';
import { UploadedPages } from './uploaded-pages.ts';

export interface ConsoleStackProps extends StackProps {
  pages: ConsolePages;
  controlPlane: ControlPlaneStack;
  /** A custom domain name, and its certificate in us-east-1. */
  domain?: { name: string; certificateArn: string };
}

interface SignIn {
  issuer: string;
  clientId: string;
  /** Origins that the pages connect to during sign-in. */
  origins: readonly string[];
}

/** The web console: its pages are in a bucket that only its CloudFront distribution may read. */
export class ConsoleStack extends Stack {
  readonly distribution: PageDistribution;
  readonly upload: UploadedPages;
  readonly url: CfnOutput;

  constructor(scope: Construct, id: string, { pages, controlPlane, domain, ...props }: ConsoleStackProps) {
    super(scope, id, props);
    const apiUrl = controlPlane.api.api.apiEndpoint;
    const { issuer, clientId, origins } = this.signIn(controlPlane);
    this.distribution = new PageDistribution(this, 'Pages', {
      origins: [apiUrl, ...origins],
      ...(domain && { domain }),
    });
    const settings: ConsoleConfig = {
      apiUrl,
      signIn: { kind: 'oidc', issuer, clientId, scope: 'openid email' },
      ...consoleChoices(config),
    };
    this.upload = new UploadedPages(this, 'Upload', { pages, settings, bucket: this.distribution.bucket });
    this.url = new CfnOutput(this, 'Url', {
      value: `https://${domain?.name ?? this.distribution.distribution.distributionDomainName}`,
      description: 'URL of the console; add it to webOrigins in tenantry.config.ts',
    });
  }

  /** The issuer: the user pool, or the one given by stack parameters. */
  private signIn({ signIn }: ControlPlaneStack): SignIn {
    if (signIn) {
      return {
        issuer: signIn.issuer,
        clientId: signIn.clients.console.userPoolClientId,
        origins: [`https://cognito-idp.${this.region}.${this.urlSuffix}`, signIn.baseUrl],
      };
    }
    const parameter = (name: string, description: string, allowedPattern: string) =>
      new CfnParameter(this, name, { description, allowedPattern }).valueAsString;
    return {
      issuer: parameter('Issuer', 'OpenID Connect issuer for sign-in', 'https://.+'),
      clientId: parameter('ClientId', 'Public client of the console, with authorization code and PKCE', '.+'),
      origins: [
        parameter(
          'IssuerOrigins',
          'Origins of its discovery document and token endpoint, separated by spaces',
          'https://.+',
        ),
      ],
    };
  }
}

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
  /** A name of its own, with a certificate for it of us-east-1. */
  domain?: { name: string; certificateArn: string };
}

interface SignIn {
  issuer: string;
  clientId: string;
  /** Whom the pages ask while somebody signs in. */
  origins: readonly string[];
}

/** The web console: its pages in a bucket that only its distribution may read. */
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
      description: 'The console; belongs into webOrigins of tenantry.config.ts',
    });
  }

  /** Where people sign in: at the user pool, or at the issuer that the deployment names. */
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
      issuer: parameter('Issuer', 'OpenID Connect issuer that people sign in at', 'https://.+'),
      clientId: parameter('ClientId', 'Its public client for the console: authorization code with PKCE', '.+'),
      origins: [
        parameter('IssuerOrigins', 'Origins of its discovery document and token endpoint, by spaces', 'https://.+'),
      ],
    };
  }
}

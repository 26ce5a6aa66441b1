import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPool,
  CfnUserPoolClient,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  type UserPoolClient,
  type UserPoolClientOptions,
  VerificationEmailStyle,
} from 'aws-cdk-lib/aws-cognito';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { isTenantRole, roles } from '#core/contract/api/roles.ts';
import type { ManifestFunction } from './manifest-function.ts';

/** The redirect URI of the command line, on the user's own machine. */
const cliCallback = 'http://localhost:8788/signed-in';

/** Short, since the claims of a token are those of its issue. Suspension takes effect without waiting for expiry. */
const tokenLife = {
  accessTokenValidity: Duration.minutes(15),
  idTokenValidity: Duration.minutes(15),
  refreshTokenValidity: Duration.hours(12),
  enableTokenRevocation: true,
  preventUserExistenceErrors: true,
} as const satisfies UserPoolClientOptions;

export interface SignInProps {
  /** Origins of the pages that sign in. */
  webOrigins: readonly string[];
}

/**
 * A user pool without self sign-up, with mandatory MFA. Platform roles are its groups, tenants' users are in the
 * registry, and sales tooling uses client credentials.
 */
export class SignIn extends Construct {
  readonly pool: UserPool;
  /** Base URL of its sign-in pages and token endpoint. */
  readonly baseUrl: string;
  readonly clients: Readonly<Record<'console' | 'cli' | 'sales', UserPoolClient>>;

  constructor(scope: Construct, id: string, { webOrigins }: SignInProps) {
    super(scope, id);
    this.pool = this.addPool();
    for (const groupName of roles.filter((role) => !isTenantRole(role))) {
      this.pool.addGroup(`${groupName}-group`, { groupName });
    }
    const domain = this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix: `tenantry-${Aws.ACCOUNT_ID}` } });
    this.baseUrl = domain.baseUrl();
    const onboards = new ResourceServerScope({
      scopeName: 'sales',
      scopeDescription: 'Onboard tenants and see their state',
    });
    const server = this.pool.addResourceServer('Api', { identifier: 'tenantry', scopes: [onboards] });
    const callbacks = webOrigins.map((origin) => `${origin}/signed-in`);
    this.clients = {
      console: this.addPeopleClient('console', callbacks.length > 0 ? callbacks : [cliCallback]),
      cli: this.addPeopleClient('cli', [cliCallback]),
      sales: this.addClient('sales', {
        generateSecret: true,
        oAuth: { flows: { clientCredentials: true }, scopes: [OAuthScope.resourceServer(server, onboards)] },
      }),
    };
  }

  get issuer(): string {
    return this.pool.userPoolProviderUrl;
  }

  get audience(): string[] {
    return Object.values(this.clients).map(({ userPoolClientId }) => userPoolClientId);
  }

  /** Lets the function set token claims; V3 is also called for client credentials. */
  askForClaims({ lambda }: ManifestFunction): void {
    lambda.addPermission('UserPool', {
      principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: this.pool.userPoolArn,
      sourceAccount: Stack.of(this).account,
    });
    const resource = this.pool.node.defaultChild;
    if (!(resource instanceof CfnUserPool)) throw new Error('The user pool has no CfnUserPool.');
    resource.lambdaConfig = {
      preTokenGenerationConfig: { lambdaArn: lambda.functionArn, lambdaVersion: 'V3_0' },
    };
  }

  private addPool(): UserPool {
    const pool = new UserPool(this, 'Users', {
      userPoolName: 'tenantry',
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      // Users are identified by e-mail address: a new address takes effect only once it is verified.
      keepOriginal: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      // The Essentials plan and above let a function customize access tokens.
      featurePlan: FeaturePlan.ESSENTIALS,
      userVerification: { emailStyle: VerificationEmailStyle.LINK },
      userInvitation: {
        emailSubject: 'You are invited to Tenantry',
        emailBody: 'Sign in as {username} with the temporary password {####}, which is valid for three days.',
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason: 'The Plus plan costs several times as much per user as the Essentials plan.',
    });
    return pool;
  }

  private addPeopleClient(name: string, callbackUrls: string[]): UserPoolClient {
    return this.addClient(name, {
      // Pages and programs on users' machines cannot keep a secret; PKCE protects the authorization code.
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls,
        logoutUrls: callbackUrls,
      },
    });
  }

  private addClient(name: string, options: UserPoolClientOptions): UserPoolClient {
    const client = this.pool.addClient(`${name}-client`, {
      ...tokenLife,
      userPoolClientName: `tenantry-${name}`,
      ...options,
    });
    const resource = client.node.defaultChild;
    if (!(resource instanceof CfnUserPoolClient)) throw new Error('The client has no CfnUserPoolClient.');
    // By default Cognito also accepts passwords through its API, which bypasses the sign-in pages.
    resource.explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
    return client;
  }
}

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

/** Where the command line waits for the answer of a sign-in: only this machine can be asked. */
const cliCallback = 'http://localhost:8788/signed-in';

/** Short, since a token says what was true when it was issued; a suspension does not wait for it. */
const tokenLife = {
  accessTokenValidity: Duration.minutes(15),
  idTokenValidity: Duration.minutes(15),
  refreshTokenValidity: Duration.hours(12),
  enableTokenRevocation: true,
  preventUserExistenceErrors: true,
} as const satisfies UserPoolClientOptions;

export interface SignInProps {
  /** Origins of the pages that people sign in from. */
  webOrigins: readonly string[];
}

/**
 * Who may sign in: a user pool that nobody can join by themselves, with a second factor for all. Platform roles are
 * groups of it, tenants' users are known by the registry, and sales tooling signs in as itself by client credentials.
 */
export class SignIn extends Construct {
  readonly pool: UserPool;
  /** Where its pages and its token endpoint are. */
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
      scopeDescription: 'Onboard tenants, see their state',
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

  /** Lets the function say what tokens carry; V3 is what also asks it for a program's own token. */
  askForClaims({ lambda }: ManifestFunction): void {
    lambda.addPermission('UserPool', {
      principal: new ServicePrincipal('cognito-idp.amazonaws.com'),
      sourceArn: this.pool.userPoolArn,
      sourceAccount: Stack.of(this).account,
    });
    const resource = this.pool.node.defaultChild;
    if (!(resource instanceof CfnUserPool)) throw new Error('A user pool is made of CfnUserPool.');
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
      // Who somebody is goes by the address: another one counts only once it is verified.
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
      // The plan that lets a function shape access tokens.
      featurePlan: FeaturePlan.ESSENTIALS,
      userVerification: { emailStyle: VerificationEmailStyle.LINK },
      userInvitation: {
        emailSubject: 'You are invited to Tenantry',
        emailBody: 'Sign in as {username} with the temporary password {####}. It is good for three days.',
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason: 'The Plus plan costs several times the Essentials plan for each user; docs/aws.md says how to change it.',
    });
    return pool;
  }

  private addPeopleClient(name: string, callbackUrls: string[]): UserPoolClient {
    return this.addClient(name, {
      // A page or a program on somebody's machine keeps no secret: the authorization code is bound by PKCE.
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
    if (!(resource instanceof CfnUserPoolClient)) throw new Error('A client is made of CfnUserPoolClient.');
    // Left unsaid, Cognito would take passwords by its own API as well, past the pages and what they ask for.
    resource.explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
    return client;
  }
}

import { describe, expect, test } from 'vitest';
import { asText, synthesised, target } from './synthesised.ts';

const made = synthesised();
const all = (type: string) => made.resources(made.controlPlane, type);

describe('sign-in', () => {
  const [poolId, pool] = all('AWS::Cognito::UserPool')[0]!;

  test('is open to whom an administrator invites, with a second factor and a long password', () => {
    expect(pool.Properties).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      DeletionProtection: 'ACTIVE',
      Policies: { PasswordPolicy: { MinimumLength: 14 } },
      UserPoolTier: 'ESSENTIALS',
    });
    expect(pool.DeletionPolicy).toBe('Retain');
  });

  test('asks the function what a token is to say, and only the pool may ask it', () => {
    const config = pool.Properties.LambdaConfig.PreTokenGenerationConfig;
    expect(config.LambdaVersion).toBe('V3_0');
    const [functionId] = all('AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties.FunctionName === 'tenantry-issue-claims',
    )!;
    expect(target(config.LambdaArn)).toBe(functionId);
    const permissions = all('AWS::Lambda::Permission').filter(
      ([, { Properties }]) => Properties.Principal === 'cognito-idp.amazonaws.com',
    );
    expect(permissions).toHaveLength(1);
    expect(asText(permissions[0]![1].Properties.SourceArn)).toBe(`<${poolId}.Arn>`);
  });

  test('gives tokens that live for minutes, to pages and programs without a secret by PKCE, to machines with one', () => {
    const clients = all('AWS::Cognito::UserPoolClient').map(([, { Properties }]) => Properties);
    expect(clients.map(({ ClientName }) => ClientName as string).toSorted()).toEqual([
      'tenantry-cli',
      'tenantry-console',
      'tenantry-sales',
    ]);
    for (const client of clients) {
      expect(client).toMatchObject({ AccessTokenValidity: 15, IdTokenValidity: 15, EnableTokenRevocation: true });
      expect(client.ExplicitAuthFlows).toEqual(['ALLOW_REFRESH_TOKEN_AUTH']);
      const isMachine = client.ClientName === 'tenantry-sales';
      expect(client.AllowedOAuthFlows).toEqual([isMachine ? 'client_credentials' : 'code']);
      expect(client.GenerateSecret).toBe(isMachine);
    }
  });

  test('has a group for each role of the platform, and for no other', () => {
    expect(all('AWS::Cognito::UserPoolGroup').map(([, { Properties }]) => Properties.GroupName as string)).toEqual([
      'platform-admin',
      'platform-auditor',
      'sales',
    ]);
  });

  test('can be left to another issuer, which then is named at deployment', () => {
    const other = synthesised({ identity: 'oidc' });
    expect(other.resources(other.controlPlane, 'AWS::Cognito::UserPool')).toEqual([]);
    const [authorizer] = other.resources(other.controlPlane, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer![1].Properties.JwtConfiguration).toEqual({
      Issuer: { Ref: 'JwtIssuer' },
      Audience: [{ Ref: 'JwtAudience' }],
    });
  });
});

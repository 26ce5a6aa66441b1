import { describe, expect, test } from 'vitest';
import { mostRevoked, revokedSessionsPolicy } from '#core/access/revoked-sessions.ts';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
import { noon, tenantId } from '#test/builders.ts';
import { asList, asText, synthesised, target } from './synthesised.ts';

const application = 'arn:aws:iam::111122223333:role/application';
const made = synthesised({ applicationRoles: application });
const role = made
  .resources(made.controlPlane, 'AWS::IAM::Role')
  .find(([, { Properties }]) => Properties.RoleName === 'tenantry-tenant')![1].Properties;
const account = 'us-east-1:<AWS::AccountId>';
const table = (name: string) => `arn:aws:dynamodb:${account}:table/${name}`;

describe("the tenants' role", () => {
  const [items, secrets] = role.Policies[0].PolicyDocument.Statement;

  test('reads the partition that the session tag names, by equality, and only calls that name one', () => {
    expect(role.Policies).toHaveLength(1);
    expect(role.Policies[0].PolicyDocument.Statement).toHaveLength(2);
    expect(items).toMatchObject({
      Effect: 'Allow',
      Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['TENANT#${aws:PrincipalTag/tenant}'] },
        Null: { 'dynamodb:LeadingKeys': 'false', 'aws:PrincipalTag/tenant': 'false' },
      },
    });
  });

  test('reads only tables and indexes whose partition is the tenant', () => {
    expect(items.Resource.map(asText).toSorted()).toEqual([
      table('tenantry-audit'),
      table('tenantry-audit/index/by-action'),
      table('tenantry-audit/index/by-actor'),
      table('tenantry-flags'),
      table('tenantry-tenants'),
    ]);
  });

  test("reads secrets under the tenant's own path", () => {
    expect(secrets).toMatchObject({
      Effect: 'Allow',
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:ListSecretVersionIds'],
      Condition: { Null: { 'aws:PrincipalTag/tenant': 'false' } },
    });
    expect(asText(secrets.Resource)).toBe(
      `arn:aws:secretsmanager:${account}:secret:tenantry/tenants/\${aws:PrincipalTag/tenant}/*`,
    );
  });

  test('has room for the policy that revokes the sessions of suspended tenants', () => {
    const tenantIds = Array.from(
      { length: mostRevoked },
      (_none, index) => tenantId.slice(0, -3) + String(index + 100),
    );
    const revoked = revokedSessionsPolicy(Object.fromEntries(tenantIds.map((id) => [id, noon])));
    // References of the template are shorter than what CloudFormation puts there.
    const own = JSON.stringify(role.Policies[0].PolicyDocument).replaceAll(/\{"Ref":"[^"]+"\}/g, 'x'.repeat(20));
    // IAM's quota for all inline policies of a role.
    expect(own.length + JSON.stringify(revoked).length).toBeLessThan(10_240);
  });

  test('is assumed by the functions that serve tenants and by the application, with a tag that goes no further', () => {
    const trusted = role.AssumeRolePolicyDocument.Statement as { Action: unknown; Principal: { AWS: unknown } }[];
    const serving = functionNames.filter((name) => functionSpecs[name].access.tenantScope === 'assume');
    expect(serving).toContain('tenants-api');
    const functionRoles = made
      .resources(made.controlPlane, 'AWS::Lambda::Function')
      .filter(([, { Properties }]) => serving.some((name) => Properties.FunctionName === `tenantry-${name}`))
      .map(([, { Properties }]) => target(Properties.Role));
    const principals = trusted.flatMap(({ Principal }) => asList(Principal.AWS).map(asText));
    expect(new Set(principals)).toEqual(new Set([...functionRoles.map((id) => `<${id}.Arn>`), application]));
    for (const statement of trusted) {
      expect(statement).toMatchObject({
        Effect: 'Allow',
        Condition: {
          StringLike: { 'aws:RequestTag/tenant': 'tn_??????????????????????????' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
          Null: { 'aws:RequestTag/tenant': 'false', 'sts:TransitiveTagKeys': 'true' },
        },
      });
    }
    expect(new Set(trusted.flatMap(({ Action }) => Action))).toEqual(new Set(['sts:AssumeRole', 'sts:TagSession']));
  });
});

import { describe, expect, test } from 'vitest';
import { functionNames, functionSpecs } from '#functions/manifest.ts';
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

  test('is assumed by the functions that serve tenants and by the application, with a tag that goes no further', () => {
    const trusted = role.AssumeRolePolicyDocument.Statement as { Action: unknown; Principal: { AWS: unknown } }[];
    const serving = functionNames.filter((name) => functionSpecs[name].access.tenantScope);
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

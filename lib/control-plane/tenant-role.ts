import { Stack, Validations } from 'aws-cdk-lib';
import {
  CompositePrincipal,
  Effect,
  type IPrincipal,
  PolicyDocument,
  PolicyStatement,
  PrincipalWithConditions,
  Role,
  SessionTagsPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { tenantPartition, tenantRoleName, tenantSecretPrefix, tenantTag } from '#core/contract/platform/names.ts';
import { scopedResources, tenantScope } from '#core/contract/platform/tenant-scope.ts';
import { arnOf } from '#lib/iam/arns.ts';
import { findingName } from '#lib/iam/statements.ts';

/** The policy variable that IAM replaces by the session's own tag. */
const taggedTenant = `\${aws:PrincipalTag/${tenantTag}}`;
/** The closest pattern IAM allows, `tn_` and 26 characters. `tn_*` would match a path below another tenant's. */
const formOfTenantId = `tn_${'?'.repeat(26)}`;
const hasTag = { [`aws:PrincipalTag/${tenantTag}`]: 'false' };

export interface TenantRoleProps {
  /** The roles that may assume it: of the functions that serve tenants, and of the application plane. */
  assumedBy: readonly IPrincipal[];
}

/**
 * The role for one tenant at a time. A session names its tenant in a session tag, and may read only that tenant's
 * partition and secrets. `Null` refuses sessions without the tag, and calls that name no partition, for which
 * `ForAllValues` alone is true (IAM user guide, set operators).
 */
export class TenantRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { assumedBy }: TenantRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const tables = scopedResources.map(({ table, index }) =>
      arnOf(stack, index ? { kind: 'index', table, name: index } : { kind: 'table', name: table }),
    );
    const secrets = arnOf(stack, { kind: 'secrets', prefix: tenantSecretPrefix(taggedTenant) });
    this.role = new Role(this, 'Role', {
      roleName: tenantRoleName,
      description: 'Acts for one tenant at a time, named in the session tag',
      assumedBy: new CompositePrincipal(...assumedBy.map((principal) => onlyForOneTenant(principal))),
      inlinePolicies: {
        tenant: new PolicyDocument({
          statements: [
            new PolicyStatement({
              effect: Effect.ALLOW,
              actions: [...tenantScope.items],
              resources: tables,
              conditions: {
                'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [tenantPartition(taggedTenant)] },
                Null: { 'dynamodb:LeadingKeys': 'false', ...hasTag },
              },
            }),
            new PolicyStatement({
              effect: Effect.ALLOW,
              actions: [...tenantScope.secrets],
              resources: [secrets],
              conditions: { Null: hasTag },
            }),
          ],
        }),
      },
    });
    Validations.of(this).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${findingName(secrets)}]`,
      reason:
        "Secrets Manager appends six random characters to every ARN; the path restricts it to the tenant's secrets.",
    });
  }
}

/** The tag must be present, be a tenant's id, be the only tag, and not be transitive. */
const onlyForOneTenant = (principal: IPrincipal) =>
  new PrincipalWithConditions(new SessionTagsPrincipal(principal), {
    StringLike: { [`aws:RequestTag/${tenantTag}`]: formOfTenantId },
    'ForAllValues:StringEquals': { 'aws:TagKeys': [tenantTag] },
    Null: { [`aws:RequestTag/${tenantTag}`]: 'false', 'sts:TransitiveTagKeys': 'true' },
  });

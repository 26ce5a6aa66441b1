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

/** IAM puts the session's own tag here: the value is known to IAM alone, and compared by equality. */
const taggedTenant = `\${aws:PrincipalTag/${tenantTag}}`;
/** As close as IAM can say it: `tn_` and 26 characters. With `tn_*` a path below another tenant's would pass. */
const formOfTenantId = `tn_${'?'.repeat(26)}`;
const hasTag = { [`aws:PrincipalTag/${tenantTag}`]: 'false' };

export interface TenantRoleProps {
  /** The roles of the functions that serve tenants, and those of the application plane. */
  assumedBy: readonly IPrincipal[];
}

/**
 * The role that serves one tenant at a time. Whoever assumes it names the tenant in a session tag; what it may read is
 * that tenant's partition and that tenant's secrets. `Null` refuses calls that name no partition, for which
 * `ForAllValues` alone would hold (IAM user guide, set operators), and sessions without the tag.
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
      description: 'Serves one tenant at a time: the one that the session tag names',
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
      reason: "Secrets Manager ends every ARN with six random letters: the tenant's own path is the fence.",
    });
  }
}

/** The tag must be there, be a tenant's id, be the only one, and go no further than this session. */
const onlyForOneTenant = (principal: IPrincipal) =>
  new PrincipalWithConditions(new SessionTagsPrincipal(principal), {
    StringLike: { [`aws:RequestTag/${tenantTag}`]: formOfTenantId },
    'ForAllValues:StringEquals': { 'aws:TagKeys': [tenantTag] },
    Null: { [`aws:RequestTag/${tenantTag}`]: 'false', 'sts:TransitiveTagKeys': 'true' },
  });

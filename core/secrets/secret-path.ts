import { tenantIdSchema } from '#core/contract/model/tenant.ts';
import { tenantSecretsPrefix } from '#core/contract/platform/names.ts';

export interface SecretPath {
  tenantId: string;
  /** What comes after the tenant's path: `database`. */
  name: string;
}

/** Six characters that AWS adds to the name in every ARN. */
const arnSuffix = /-[^-/]{6}$/;

/** Whose secret a name or an ARN is; `undefined` where it is no tenant's. */
export const secretPathOf = (nameOrArn: string): SecretPath | undefined => {
  const path = nameOrArn.startsWith('arn:') ? nameOrArn.split(':').slice(6).join(':') : nameOrArn;
  if (!path.startsWith(tenantSecretsPrefix)) return undefined;
  const [tenantId = '', ...rest] = path.slice(tenantSecretsPrefix.length).split('/');
  const name = rest.join('/');
  if (!tenantIdSchema.safeParse(tenantId).success || name === '') return undefined;
  return { tenantId, name: nameOrArn.startsWith('arn:') ? name.replace(arnSuffix, '') : name };
};

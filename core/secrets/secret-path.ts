import { tenantIdSchema } from '#core/contract/model/tenant.ts';
import { tenantSecretsPrefix } from '#core/contract/platform/names.ts';

export interface SecretPath {
  tenantId: string;
  /** The part after the tenant's path: `database`. */
  name: string;
}

/** AWS appends six characters to the name in every ARN. */
const arnSuffix = /-[^-/]{6}$/;

/** The tenant and name of a secret's name or ARN; `undefined` if it is not a tenant's. */
export const secretPathOf = (nameOrArn: string): SecretPath | undefined => {
  const path = nameOrArn.startsWith('arn:') ? nameOrArn.split(':').slice(6).join(':') : nameOrArn;
  if (!path.startsWith(tenantSecretsPrefix)) return undefined;
  const [tenantId = '', ...rest] = path.slice(tenantSecretsPrefix.length).split('/');
  const name = rest.join('/');
  if (!tenantIdSchema.safeParse(tenantId).success || name === '') return undefined;
  return { tenantId, name: nameOrArn.startsWith('arn:') ? name.replace(arnSuffix, '') : name };
};

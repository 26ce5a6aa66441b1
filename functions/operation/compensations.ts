import type { ResourceKind } from '#core/operation/ledger.ts';
import { undoUsers } from '#functions/onboard-tenant/bind-access.ts';
import { undoOverrides } from '#functions/onboard-tenant/load-flags.ts';
import { undoData, undoLogin, undoPlacement, undoSecret } from '#functions/onboard-tenant/provision.ts';
import { undoOpenLogin } from '#functions/resume-tenant/open-database.ts';
import type { Compensation } from './compensation.ts';

/** How each kind of resource is undone, by the function that stands beside the step that makes it. */
export const compensations: Readonly<Record<ResourceKind, Compensation>> = {
  placement: undoPlacement,
  secret: undoSecret,
  role: undoLogin,
  namespace: undoData,
  rows: undoData,
  overrides: undoOverrides,
  user: undoUsers,
  'open-login': undoOpenLogin,
};

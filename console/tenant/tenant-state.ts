import type { Tenant } from '#core/contract/model/tenant.ts';

/** Whether an operation is changing the tenant, so that polling is worthwhile. */
export const isMoving = ({ status }: Tenant): boolean =>
  status === 'requested' || status === 'provisioning' || status === 'rolling-back';

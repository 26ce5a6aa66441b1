import type { Operation } from '#core/contract/model/operation.ts';
import type { Tenant } from '#core/contract/model/tenant.ts';

/** Something is being done for the tenant: it is worth looking again soon. */
export const isMoving = ({ status }: Tenant): boolean =>
  status === 'requested' || status === 'provisioning' || status === 'rolling-back';

/** The operation is under way; of one that failed, its roll-back is. */
export const isRunning = ({ status }: Operation): boolean => status === 'running';

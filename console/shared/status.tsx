import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Operation, Step } from '#core/contract/model/operation.ts';
import type { TenantStatus } from '#core/contract/model/tenant.ts';
import type { User } from '#core/contract/model/user.ts';

type Known = TenantStatus | Operation['status'] | Step['status'] | User['status'];

const types: Readonly<Record<Known, StatusIndicatorProps.Type>> = {
  requested: 'pending',
  provisioning: 'in-progress',
  active: 'success',
  suspended: 'stopped',
  offboarding: 'in-progress',
  offboarded: 'stopped',
  'rolling-back': 'in-progress',
  failed: 'error',
  'rollback-failed': 'error',
  running: 'in-progress',
  succeeded: 'success',
  'rolled-back': 'warning',
  pending: 'pending',
  undone: 'stopped',
  skipped: 'stopped',
  invited: 'pending',
  disabled: 'stopped',
};

/** A status with icon, colour and label. */
export const Status = ({ of }: { of: Known }) => <StatusIndicator type={types[of]}>{of}</StatusIndicator>;

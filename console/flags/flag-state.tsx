import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { Flag } from '#core/contract/model/flags.ts';

/** Whether the flag is enabled; a disabled flag serves everyone the application's own default. */
export const FlagState = ({ state }: Pick<Flag, 'state'>) => (
  <StatusIndicator type={state === 'ENABLED' ? 'success' : 'stopped'}>
    {state === 'ENABLED' ? 'enabled' : 'disabled'}
  </StatusIndicator>
);

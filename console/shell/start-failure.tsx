import Alert from '@cloudscape-design/components/alert';

/** Shown when the configuration, which names the API and the issuer, cannot be loaded. */
export const StartFailure = ({ error }: { error: unknown }) => (
  <Alert type="error" header="The console cannot start">
    {error instanceof Error ? error.message : String(error)}
  </Alert>
);

import Alert from '@cloudscape-design/components/alert';

/** Without its configuration the console knows neither the API nor the issuer. */
export const StartFailure = ({ error }: { error: unknown }) => (
  <Alert type="error" header="The console cannot start">
    {error instanceof Error ? error.message : String(error)}
  </Alert>
);

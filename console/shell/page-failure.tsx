import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useRouteError } from 'react-router';

/** Shown when a page fails, or its code is gone because a newer console was deployed. */
export const PageFailure = () => {
  const error = useRouteError();
  return (
    <Alert
      type="error"
      header="This page failed to load"
      action={<Button onClick={() => location.reload()}>Reload</Button>}
    >
      {error instanceof Error ? error.message : String(error)}
    </Alert>
  );
};

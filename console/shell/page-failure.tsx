import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useRouteError } from 'react-router';

/** A page that broke, or whose code is gone because a newer console was deployed meanwhile. */
export const PageFailure = () => {
  const error = useRouteError();
  return (
    <Alert
      type="error"
      header="This page failed"
      action={<Button onClick={() => location.reload()}>Load it again</Button>}
    >
      {error instanceof Error ? error.message : String(error)}
    </Alert>
  );
};

import Alert from '@cloudscape-design/components/alert';
import { TextLink } from '#console/shared/text-link.tsx';
import { useTitle } from '#console/shared/use-title.ts';

/** The same page for missing resources and for those the user may not see. */
export const NotFound = () => {
  useTitle('Not found');
  return (
    <Alert type="warning" header="Not found">
      This page does not exist, or you may not see it. <TextLink to="/">Home</TextLink>
    </Alert>
  );
};

import Alert from '@cloudscape-design/components/alert';
import { TextLink } from '#console/shared/text-link.tsx';
import { useTitle } from '#console/shared/use-title.ts';

/** The same words for what is not there and for what the viewer may not see. */
export const NothingThere = () => {
  useTitle('Not found');
  return (
    <Alert type="warning" header="Not found">
      There is nothing here, or nothing that you may see. <TextLink to="/">Back to the beginning</TextLink>
    </Alert>
  );
};

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { ProblemError } from '#core/contract/api/client.ts';
import { TextLink } from './text-link.tsx';

const requestPrefix = 'urn:tenantry:request:';

/** Describes an error, with the request id for searching the log. */
export const problemOf = (error: unknown) => {
  if (!(error instanceof ProblemError)) {
    const text = error instanceof Error ? error.message : String(error);
    return { title: 'Cannot reach the API', detail: text, requestId: undefined, operationId: undefined };
  }
  const { title, detail, instance, errors = [], operationId } = error.problem;
  const requestId = instance.startsWith(requestPrefix) ? instance.slice(requestPrefix.length) : undefined;
  return {
    title,
    detail: [detail, ...errors.map(({ path, message }) => `${path} ${message}.`)].join(' '),
    requestId,
    operationId,
  };
};

interface ProblemProps {
  error: unknown;
  retry?: () => void;
}

/** Shows an error in place of content. */
export const ProblemAlert = ({ error, retry }: ProblemProps) => {
  const { title, detail, requestId, operationId } = problemOf(error);
  return (
    <Alert type="error" header={title} action={retry && <Button onClick={retry}>Try again</Button>}>
      {detail}
      {operationId && (
        <div>
          <TextLink to={`/operations/${operationId}`}>Follow that operation</TextLink>
        </div>
      )}
      {requestId && (
        <div>
          Request <code>{requestId}</code>
        </div>
      )}
    </Alert>
  );
};

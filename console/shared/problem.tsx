import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { ProblemError } from '#core/contract/api/client.ts';

const requestPrefix = 'urn:tenantry:request:';

/** What went wrong, in words, and the request under which the log tells more. */
export const problemOf = (error: unknown) => {
  if (!(error instanceof ProblemError)) {
    const text = error instanceof Error ? error.message : String(error);
    return { title: 'The API does not answer', detail: text, requestId: undefined };
  }
  const { title, detail, instance } = error.problem;
  const requestId = instance.startsWith(requestPrefix) ? instance.slice(requestPrefix.length) : undefined;
  return { title, detail, requestId };
};

interface ProblemProps {
  error: unknown;
  retry?: () => void;
}

/** A refusal or a failure, in place of what was asked for. */
export const ProblemAlert = ({ error, retry }: ProblemProps) => {
  const { title, detail, requestId } = problemOf(error);
  return (
    <Alert type="error" header={title} action={retry && <Button onClick={retry}>Try again</Button>}>
      {detail}
      {requestId && (
        <div>
          Request <code>{requestId}</code>
        </div>
      )}
    </Alert>
  );
};

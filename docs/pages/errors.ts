import { exitCodeForStatus } from '#cli/exit-codes.ts';
import { errorCatalogue, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { problemTypeOf, requestInstance } from '#core/contract/api/http.ts';
import { code, markdownTable, page } from './markdown.ts';

const rows = errorCodes.map((errorCode) => {
  const { status, transient, title } = errorCatalogue[errorCode];
  const exit = String(exitCodeForStatus(status));
  return [code(errorCode), String(status), title, code(workflowErrorName(errorCode)), transient ? 'yes' : 'no', exit];
});

const example = JSON.stringify(
  {
    type: problemTypeOf('invalid_request'),
    title: errorCatalogue.invalid_request.title,
    status: errorCatalogue.invalid_request.status,
    code: 'invalid_request',
    detail: 'The body is invalid.',
    instance: requestInstance('4b7a2f6e-0c52-4c3e-9a70-0d4c1f3b5a11'),
    errors: [{ path: '/slug', message: 'must be 1–40 of a–z, 0–9 and "-", neither beginning nor ending with "-"' }],
  },
  null,
  2,
);

/** The page on the error catalogue. */
export const errorsPage = () =>
  page(
    '# Errors',
    'The catalogue in `core/contract/api/errors.ts` alone defines each error: its HTTP status, the name by which a workflow retries or catches it, and the exit code of the command line. *Transient* errors are temporary: workflows retry only those, and callers may repeat the request.',
    markdownTable(['Code', 'Status', 'Meaning', 'In a workflow', 'Transient', 'Exit code'], rows),
    '## Error responses',
    'Every error is `application/problem+json` (RFC 9457). `detail` is for people, `code` for programs, and `errors` lists each invalid field by JSON Pointer. Internal details are never returned: a 500 or 503 only has the request id for the logs (`x-request-id`).',
    `\`\`\`json\n${example}\n\`\`\``,
    "Requests for another tenant's resource get `not_found`, never `not_allowed`, so they do not reveal whether it exists. In AWS, API Gateway itself refuses a call without a valid token, with status 401 and its own body.",
    '## Errors of a failed onboarding',
    "The same step, code and message are on the operation (`failure` and the failed step's `error`), on the tenant (`failure`), and in the audit events `tenant.onboarding.failed` and `tenant.rolled-back`.",
  );

import { exitCodeForStatus } from '#cli/exit-codes.ts';
import { errorCatalogue, errorCodes, workflowErrorName } from '#core/contract/api/errors.ts';
import { problemTypeOf } from '#core/contract/api/http.ts';
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
    detail: 'The body does not have the form this operation takes.',
    instance: '/v1/tenants',
    errors: [{ path: '/slug', message: 'must be 1–40 of a–z, 0–9 and "-", neither beginning nor ending with "-"' }],
  },
  null,
  2,
);

/** The error catalogue, as callers meet it. */
export const errorsPage = () =>
  page(
    '# Errors',
    'The catalogue in `core/contract/api/errors.ts` alone decides what an error means: the HTTP status, the name a workflow retries or catches, and the exit code of the command line. *Transient* errors pass by themselves: a workflow retries those and no others, and a caller may repeat the request.',
    markdownTable(['Code', 'Status', 'Meaning', 'In a workflow', 'Transient', 'Exit code'], rows),
    '## How the API answers',
    'Every refusal is `application/problem+json` (RFC 9457). `detail` is meant for people, `code` for programs, and `errors` names each faulty field by its JSON Pointer. What goes wrong inside stays inside: an answer of 500 or 503 says only which request to look for in the logs (`x-request-id`).',
    `\`\`\`json\n${example}\n\`\`\``,
    "Another tenant's resource is answered with `not_found`, never with `not_allowed`: whether it exists is not told. In AWS a call without a valid token is refused by API Gateway itself, with status 401 and a body of its own.",
    '## Where a failed onboarding tells its error',
    "On the operation (`failure` and the failed step's `error`), on the tenant (`failure`), and in the audit events `tenant.onboarding.failed` and `tenant.rolled-back`: always the same step, code and message.",
  );

import { type ErrorCode, errorCatalogue, workflowErrorName } from '#core/contract/api/errors.ts';
import { functionNames } from '#functions/manifest.ts';
import { type Definition, type State, statesOf } from '#local/workflows/definition.ts';
import { refusalsOf } from '#local/workflows/refusals.ts';

/** What Lambda itself may answer and a second call may get over (Step Functions developer guide, best practices). */
const lambdaErrors = ['ServiceException', 'AWSLambdaException', 'SdkClientException', 'TooManyRequestsException'];
const transientErrors = new Set([
  ...(Object.keys(errorCatalogue) as ErrorCode[])
    .filter((code) => errorCatalogue[code].transient)
    .map(workflowErrorName),
  ...lambdaErrors.map((error) => `Lambda.${error}`),
]);

const retriedErrors = ({ Retry = [] }: State & { Retry?: { ErrorEquals: string[] }[] }) =>
  Retry.flatMap(({ ErrorEquals }) => ErrorEquals);

const stateFaults = ([name, state]: [string, State]): string[] => [
  ...(state.Type === 'Task' && state.TimeoutSeconds === undefined ? [`${name} has no TimeoutSeconds.`] : []),
  ...retriedErrors(state)
    .filter((error) => !transientErrors.has(error))
    .map((error) => `${name} retries ${error}, which is not transient.`),
];

/** What keeps a definition from running alike in AWS and on one machine, or from failing as it should. */
export const faultsOf = (definition: Definition): string[] => [
  ...refusalsOf(definition, new Set(functionNames)),
  ...(definition.TimeoutSeconds === undefined ? ['The workflow has no TimeoutSeconds.'] : []),
  ...[...statesOf(definition)].flatMap(stateFaults),
];

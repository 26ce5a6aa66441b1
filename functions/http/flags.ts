import { http } from '#functions/shell/http.ts';
import { definitions } from './flags/definitions.ts';
import { evaluators } from './flags/evaluators.ts';
import { flagSet } from './flags/flag-set.ts';
import { overrides } from './flags/overrides.ts';
import { proposals } from './flags/proposals.ts';

/** One function serves all operations on definitions, which share one compiled set. */
export const handler = http('flags-api', { ...definitions, ...overrides, ...evaluators, ...flagSet, ...proposals });

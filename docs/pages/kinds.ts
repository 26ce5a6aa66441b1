import { type FailurePolicy, mostRestarts, operationKindNames, operationKinds } from '#core/operation/kinds.ts';
import { code, markdownTable } from './markdown.ts';

/** What follows once a step has used up its retries. */
const consequences: Readonly<Record<FailurePolicy, string>> = {
  undo: 'everything it made is undone, and the tenant goes back; ends `rolled-back`',
  discard: 'everything it made is undone, and the tenant stays as it is; ends `failed`',
  resume: 'it stays `running` and is restarted every minute until it succeeds',
  alarm: `it is restarted ${mostRestarts} times, then ends \`failed\` and raises an alarm`,
};

/** The kinds of operations, as a table. */
export const kindsTable = () =>
  markdownTable(
    ['Kind', 'What it does', 'Subject', 'Steps', 'When a step fails'],
    operationKindNames.map((kind) => {
      const { about, subject, steps, onFailure } = operationKinds[kind];
      return [code(kind), about, subject, steps.map(code).join(' → '), consequences[onFailure]];
    }),
  );

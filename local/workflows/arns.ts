import { arnOf, localAccount } from '#local/aws/endpoint/names.ts';

/** The names of what Step Functions has and calls in a region of the local run. */
export const arnsIn = (region: string) => ({
  stateMachine: (workflow: string) => arnOf('states', `stateMachine:${workflow}`, region),
  execution: (workflow: string, name: string) => arnOf('states', `execution:${workflow}:${name}`, region),
  function: (name: string) => arnOf('lambda', `function:${name}`, region),
  role: (workflow: string) => `arn:aws:iam::${localAccount}:role/${workflow}`,
});
export type Arns = ReturnType<typeof arnsIn>;

import type { FunctionName } from '#functions/manifest.ts';

/** Fields of a task's input: each name ends in `.$`, each value is a path into the state's input or the context. */
export type Parameters = Readonly<Record<`${string}.$`, `$${string}`>>;
type Onward = { readonly Next: string } | { readonly End: true };
type Retrier = {
  ErrorEquals: readonly string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds: number;
  JitterStrategy: 'FULL';
};
type Catcher = { ErrorEquals: readonly string[]; ResultPath: `$.${string}`; Next: string };

export type Task = Onward & {
  Type: 'Task';
  /** Replaced by the function's ARN when the workflow is deployed. */
  Resource: `\${${FunctionName}}`;
  Parameters: Parameters;
  TimeoutSeconds: number;
  ResultPath: `$.${string}` | null;
  Retry: readonly Retrier[];
  Catch?: readonly Catcher[];
};
type Parallel = Onward & { Type: 'Parallel'; Branches: readonly Branch[]; ResultPath: null; Catch: readonly Catcher[] };
type Choice = {
  Type: 'Choice';
  Choices: readonly { Variable: `$.${string}`; BooleanEquals: boolean; Next: string }[];
  Default: string;
};
export type Succeed = { Type: 'Succeed' };
export type Fail = { Type: 'Fail'; Error: string; Cause: string };

type State = Task | Parallel | Choice | Succeed | Fail;
export type States = Readonly<Record<string, State>>;
export interface Branch {
  StartAt: string;
  States: States;
}

/** A workflow in the Amazon States Language. */
export interface Definition extends Branch {
  Comment: string;
  TimeoutSeconds: number;
}

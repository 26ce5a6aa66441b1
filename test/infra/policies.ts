import type { Stack } from 'aws-cdk-lib';
import { asList, asText, type Synthesised, target } from './synthesised.ts';

export interface Allowed {
  effect: string;
  action: string;
  resource: string;
  condition?: unknown;
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

interface Policy {
  PolicyName: string;
  PolicyDocument: { Statement: Statement[] };
  Roles?: unknown[];
}

const flatten = ({ PolicyDocument }: Policy): Allowed[] =>
  PolicyDocument.Statement.flatMap(({ Effect, Action, Resource, Condition }) =>
    asList(Action).flatMap((action) =>
      asList(Resource).map((resource) => ({
        effect: Effect,
        action,
        resource: asText(resource),
        ...(Condition !== undefined && { condition: Condition }),
      })),
    ),
  );

/** All that a role may do, by its own policies and by any attached to it. */
export const allowedTo = ({ resources }: Synthesised, stack: Stack | undefined, roleId: string): Allowed[] => {
  const own = resources(stack, 'AWS::IAM::Role').filter(([id]) => id === roleId);
  const attached = resources(stack, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
    (Properties.Roles as unknown[]).some((role) => target(role) === roleId),
  );
  return [
    ...own.flatMap(([, { Properties }]) => (Properties.Policies ?? []) as Policy[]),
    ...attached.map(([, { Properties }]) => Properties as Policy),
  ].flatMap(flatten);
};

export const sentences = (allowed: readonly Allowed[]) =>
  [...new Set(allowed.map(({ effect, action, resource }) => `${effect} ${action} on ${resource}`))].toSorted();

import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import { account } from './arns.ts';

export interface NamedPolicy {
  name: string;
  policy: { Statement: object[] };
}

/** One request as IAM judges it. */
export interface Question {
  action: string;
  resource: string;
  context: Record<string, string | string[]>;
}

/** An organisation that allows everything: the role's own policies decide. */
const allowAll: Pick<Simulation, 'serviceControlPolicies' | 'resourceControlPolicies'> = {
  serviceControlPolicies: [
    {
      orgIdentifier: 'root',
      policies: [
        {
          name: 'everything',
          policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
        },
      ],
    },
  ],
  resourceControlPolicies: [],
};

interface Between {
  /** Who asks; any session of the role that has the policies unless told. */
  principal?: string;
  /** The policy of the resource: of a role, whom it trusts. */
  resourcePolicy?: object;
}

/** Whether the role's policies allow it; a question that AWS could never ask is an error of the search. */
export const allows = async (
  policies: readonly NamedPolicy[],
  question: Question,
  { principal = `arn:aws:sts::${account}:assumed-role/a-role/a-session`, resourcePolicy }: Between = {},
): Promise<boolean> => {
  const { action, resource, context } = question;
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        // Whose a bucket is its name does not say.
        resource: { resource, accountId: resource.split(':')[4] || account },
        contextVariables: context,
      },
      identityPolicies: [...policies],
      resourcePolicy,
      ...allowAll,
    },
    {},
  );
  if (answer.resultType === 'error') {
    throw new Error(`${action} on ${resource} cannot be judged: ${JSON.stringify(answer.errors)}`);
  }
  return answer.overallResult === 'Allowed';
};

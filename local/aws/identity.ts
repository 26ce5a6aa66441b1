import { localAccount } from './names.ts';
import { type CallContext, unknownOperation } from './service.ts';

/** The ARN a caller goes by: a function under its role, a person as the root of the local account. */
export const principalOf = ({ caller }: CallContext) =>
  caller ? `arn:aws:sts::${localAccount}:assumed-role/${caller}/local` : `arn:aws:iam::${localAccount}:root`;

/** The ARN of the role that a function has. */
export const roleArnOf = (functionName: string) => `arn:aws:iam::${localAccount}:role/${functionName}`;

/** STS, as far as a command line asks it who it is: takes the form body, gives XML. */
export const answerSts = (form: string, context: CallContext): string => {
  const action = new URLSearchParams(form).get('Action') ?? '(no action)';
  if (action !== 'GetCallerIdentity') throw unknownOperation(action);
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>${principalOf(context)}</Arn><UserId>${context.caller ?? localAccount}</UserId><Account>${localAccount}</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;
};

import { localAccount } from '#local/aws/endpoint/names.ts';
import type { CallContext } from '#local/aws/endpoint/service.ts';
import { sessionArn } from '#local/aws/sts/sessions.ts';

/** The ARN a caller goes by: the session it acts by, a function under its role, a person as the root of the account. */
export const principalOf = ({ caller, session }: CallContext) => {
  if (session) return sessionArn(session);
  return caller ? `arn:aws:sts::${localAccount}:assumed-role/${caller}/local` : `arn:aws:iam::${localAccount}:root`;
};

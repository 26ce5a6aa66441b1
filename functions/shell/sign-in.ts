import middy from '@middy/core';
import type { PreTokenGenerationV3TriggerEvent } from 'aws-lambda';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

export type SignIn = PreTokenGenerationV3TriggerEvent;
type Claims = Record<string, string>;

/** The handler of the function that a user pool calls for a token's claims; an error refuses the token. */
export const onSignIn = (name: string, work: (event: SignIn, log: Log) => Promise<Claims>) => {
  const logOf = (event: SignIn) => logFor({ function: name, requestId: event.callerContext.clientId });
  return middy<SignIn, SignIn>()
    .use(namedAndLogged(logOf))
    .handler(async (event: SignIn): Promise<SignIn> => {
      const claimsToAddOrOverride = await work(event, logOf(event));
      const tokens = { claimsToAddOrOverride };
      return {
        ...event,
        response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: tokens, idTokenGeneration: tokens } },
      };
    });
};

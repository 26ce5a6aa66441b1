import middy from '@middy/core';
import * as z from 'zod';
import { namedAndLogged } from './logged.ts';
import { type Log, logFor } from './telemetry.ts';

/** The steps in the order in which Secrets Manager calls them. */
const rotationSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
type RotationStep = (typeof rotationSteps)[number];

const rotationEvent = z.object({
  Step: z.enum(rotationSteps),
  /** The secret's ARN. */
  SecretId: z.string(),
  /** Identifies the rotation, and is the id of the version it creates. */
  ClientRequestToken: z.string(),
});
export type RotationEvent = z.infer<typeof rotationEvent>;

type Work = (event: RotationEvent, log: Log) => Promise<void>;

const tenantIn = (secretId: string) => /\/(tn_[^/]+)\//.exec(secretId)?.[1];

/** The handler of a function that Secrets Manager calls to rotate a secret, once for each step. */
export const onRotation = (name: string, steps: Readonly<Record<RotationStep, Work>>) => {
  const logOf = (event: unknown) => {
    const { SecretId = '', ClientRequestToken = '' } = rotationEvent.partial().catch({}).parse(event);
    return logFor({ function: name, requestId: ClientRequestToken, tenantId: tenantIn(SecretId) });
  };
  return middy<unknown, void>()
    .use(namedAndLogged(logOf))
    .handler(async (event: unknown) => {
      const rotation = rotationEvent.parse(event);
      const log = logOf(event);
      await steps[rotation.Step](rotation, log);
      log.info(`${name} ${rotation.Step} done`);
    });
};

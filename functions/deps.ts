import { randomBytes, randomUUID } from 'node:crypto';
import { typeId, uuidv7 } from '#core/type-id.ts';
import { now, timestamp } from '#stores/aws/clock.ts';

/** Time and randomness. */
export interface Deps {
  /** The platform's time, in ISO 8601, UTC. */
  now: () => string;
  newTenantId: () => string;
  newOperationId: () => string;
  newProposalId: () => string;
  /** Secrets Manager's id of a rotation, and of the version it creates. */
  newRotationToken: () => string;
}

let lastBits = 0n;

/** Lists are in the order of ids: they sort by the platform's time, and those of one process by the order they are made in. */
const newId = (prefix: string) => {
  const bits = uuidv7(now(), BigInt(`0x${randomBytes(10).toString('hex')}`));
  lastBits = bits > lastBits ? bits : lastBits + 1n;
  return typeId(prefix, lastBits);
};

export const deps: Deps = {
  now: timestamp,
  newTenantId: () => newId('tn'),
  newOperationId: () => newId('op'),
  newProposalId: () => newId('fp'),
  newRotationToken: () => randomUUID(),
};

import { randomUUID } from 'node:crypto';
import { typeidUnboxed } from 'typeid-js';

/** Time and chance, handed to whoever needs them. */
export interface Deps {
  /** Now, in ISO 8601, UTC. */
  now: () => string;
  newTenantId: () => string;
  newOperationId: () => string;
  newProposalId: () => string;
  /** Secrets Manager's name of a rotation, and of the version it makes. */
  newRotationToken: () => string;
}

export const deps: Deps = {
  now: () => new Date().toISOString(),
  newTenantId: () => typeidUnboxed('tn'),
  newOperationId: () => typeidUnboxed('op'),
  newProposalId: () => typeidUnboxed('fp'),
  newRotationToken: () => randomUUID(),
};

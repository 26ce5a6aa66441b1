import type { AuditEvent } from '#core/contract/events/catalogue.ts';

/** A definition as the JSON it came as; what the client read of the answer was no more than that. */
export const jsonOf = (definition: Readonly<Record<string, unknown>> | null | undefined): AuditEvent['before'] =>
  definition === null || definition === undefined ? undefined : JSON.parse(JSON.stringify(definition));

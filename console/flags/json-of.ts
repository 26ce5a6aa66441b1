import type { AuditEvent } from '#core/contract/events/catalogue.ts';

/** Converts a definition from an API response to JSON, which it always is. */
export const jsonOf = (definition: Readonly<Record<string, unknown>> | null | undefined): AuditEvent['before'] =>
  definition === null || definition === undefined ? undefined : JSON.parse(JSON.stringify(definition));

import type { Principal } from '#core/access/principal.ts';
import type { Cause } from '#core/change.ts';
import { systemStream } from '#core/contract/events/catalogue.ts';
import { commit } from '#stores/registry/commit.ts';

/** Writes down who asked for what it may not do: in its tenant's stream, or the platform's. */
export const recordDenial = (principal: Principal, cause: Cause, asked: string) =>
  commit({
    stream: principal.tenantId ?? systemStream,
    cause,
    writes: [],
    audit: [{ action: 'access.denied', target: { type: 'route', id: asked }, reason: `role ${principal.role}` }],
  });

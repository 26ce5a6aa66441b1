import type { Principal } from '#core/access/principal.ts';
import type { Cause } from '#core/change.ts';
import { systemStream } from '#core/contract/events/catalogue.ts';
import { commit } from '#stores/registry/commit.ts';

/** Audits a denied request, in the stream of the caller's tenant or the platform's. */
export const recordDenial = (principal: Principal, cause: Cause, route: string) =>
  commit({
    stream: principal.tenantId ?? systemStream,
    cause,
    writes: [],
    audit: [{ action: 'access.denied', target: { type: 'route', id: route }, reason: `role ${principal.role}` }],
  });

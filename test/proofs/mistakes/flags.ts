import type { Mistake } from './mistake.ts';

const ticket = 'core/flags/stream-ticket.ts';
const ticketTests = ['test/unit/core/flags/stream-ticket.test.ts'];

/** Mistakes about whose flags are evaluated and told. */
export const flagMistakes: readonly Mistake[] = [
  {
    what: 'the facts of a tenant are what the caller says they are',
    file: 'core/flags/evaluate-flags.ts',
    right: '{ ...sent, ...tenant, targetingKey',
    wrong: '{ ...tenant, ...sent, targetingKey',
    caughtBy: ['test/unit/core/flags/evaluate-flags.test.ts'],
  },
  {
    what: 'a cache answers without regard to the tenant',
    file: 'stores/aws/ttl-cache.ts',
    right: 'const known = this.#entries.get(key);',
    wrong: 'const known = this.#entries.get(key) ?? [...this.#entries.values()][0];',
    caughtBy: ['test/unit/stores/aws/ttl-cache.test.ts'],
  },
  {
    what: 'the signature of a stream’s ticket is not compared',
    file: ticket,
    right: 'const isAuthentic = expected.length === actual.length && timingSafeEqual(expected, actual);',
    wrong: 'const isAuthentic = expected.length === actual.length;',
    caughtBy: ticketTests,
  },
  {
    what: 'a stream’s ticket is good for ever',
    file: ticket,
    right: 'return isAuthentic && Number(expiresAt) * 1000 > now ? tenantId : undefined;',
    wrong: 'return isAuthentic && Number(expiresAt) * 1000 > 0 && now > 0 ? tenantId : undefined;',
    caughtBy: ticketTests,
  },
];

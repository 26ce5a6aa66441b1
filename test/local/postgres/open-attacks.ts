import type { Attack, Outcome } from './attacks.ts';

/** What Postgres lets every session do, and docs/schema.md says so under the same name. */
export interface OpenAttack extends Attack {
  readonly tiers: readonly string[];
}

const cell = ({ rows }: Outcome) => Object.values(rows[0] ?? {})[0];
const succeeds = ({ code }: Outcome) => code === undefined;

export const openAttacks: readonly OpenAttack[] = [
  {
    name: 'learn from role names which tenants exist',
    tiers: ['pool', 'bridge'],
    sql: ({ victim }) => [`select '${victim}'::regrole::oid`],
    holds: succeeds,
  },
  {
    name: 'list the schemas of the shard',
    tiers: ['bridge'],
    sql: ({ victimNs }) => [`select count(*) from pg_namespace where nspname = '${victimNs}'`],
    holds: (outcome) => cell(outcome) === '1',
  },
  {
    name: 'listen and notify on any channel',
    tiers: ['pool', 'bridge', 'silo'],
    sql: () => ['listen news', `notify news, 'x'`],
    holds: succeeds,
  },
  {
    name: 'set its own timeouts to 0',
    tiers: ['pool', 'bridge', 'silo'],
    sql: () => ['set statement_timeout = 0', 'show statement_timeout'],
    holds: (outcome) => cell(outcome) === '0',
  },
  {
    name: 'use memory, processor time',
    tiers: ['pool', 'bridge', 'silo'],
    sql: () => [`set work_mem = '1TB'`, 'show work_mem'],
    holds: (outcome) => cell(outcome) === '1TB',
  },
  {
    name: 'lock a table it may write to',
    tiers: ['pool', 'bridge', 'silo'],
    sql: () => ['begin', 'lock table customers in access exclusive mode', 'rollback'],
    holds: succeeds,
  },
  {
    name: "infer the shard's total writes from transaction ids",
    tiers: ['pool', 'bridge', 'silo'],
    sql: () => ['select pg_current_xact_id()'],
    holds: succeeds,
  },
  {
    name: 'read the planner’s estimates, which are based on all tenants',
    tiers: ['pool'],
    sql: () => [`explain (format json) select from companies where name = 'Only the victim has it'`],
    holds: ({ rows }) => JSON.stringify(rows).match(/"Plan Rows":(\d+)/)?.[1] !== '1',
  },
  {
    name: 'change its own password',
    tiers: ['pool', 'bridge', 'silo'],
    sql: () => [`alter role current_user password 'its own choice'`],
    holds: succeeds,
  },
];

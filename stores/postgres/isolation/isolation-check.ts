import type { ClientBase } from 'pg';
import { asAdmin } from '#stores/postgres/connection.ts';
import { granteeOf, type ShardDatabase } from '#stores/postgres/database.ts';
import { oneNamespace } from './catalogue-plans.ts';
import { isolationCheckSql } from './isolation-check-sql.ts';

/** Every violation that the check can report; docs/schema.md explains each. */
export const isolationFaults = [
  'missing_tenant_id',
  'tenant_id_shape',
  'rls_not_forced',
  'policy_not_exact',
  'policy_widens',
  'wrong_owner',
  'owner_is_privileged',
  'unique_not_tenant_scoped',
  'fk_not_tenant_scoped',
  'fk_action_rewrites_tenant_id',
  'trigger_under_cascade',
  'expression_reads_tables',
  'index_not_tenant_leading',
  'view_not_security_invoker',
  'materialized_view',
  'foreign_table',
  'sequence_shared',
  'security_definer_function',
  'leakproof_function',
  'function_language',
  'trigger_search_path',
  'notify_in_function',
  'advisory_lock_in_function',
  'large_object',
  'rule_on_table',
  'published',
  'tenant_privilege',
  'default_privileges',
  'child_outside_namespace',
  'object_outside_namespace',
  'extension_not_allowed',
  'event_trigger',
  'role_not_plain',
  'database_not_closed',
] as const;

export type IsolationFault = (typeof isolationFaults)[number];

/** One way in which tenants are not kept apart: `level` names the isolation at which it is a danger. */
export interface Fault {
  readonly fault: IsolationFault;
  readonly level: string;
  readonly object: string;
}

/** The violations in a namespace as the session sees it, including its own uncommitted changes. */
export const findFaults = async (client: ClientBase, namespace: string): Promise<Fault[]> => {
  await client.query(`set local search_path = pg_catalog; ${oneNamespace}`);
  const { rows } = await client.query<Fault>(`${isolationCheckSql} order by fault, object`, [
    namespace,
    granteeOf(namespace),
  ]);
  return rows;
};

/** Searches the live catalogue for anything that would let tenants of this namespace meet; an empty list is the proof. */
export const checkIsolation = (shard: ShardDatabase, namespace: string): Promise<Fault[]> =>
  asAdmin(shard, (client) => findFaults(client, namespace));

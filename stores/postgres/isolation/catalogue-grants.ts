/**
 * Functions of pg_catalog that reveal other tenants, or that write or lock shared state. Each was tried with a tenant's
 * own login.
 */
const functions = String.raw`
  select oid::regprocedure::text as object, has_function_privilege('public', oid, 'execute') as open
    from pg_proc
   where pronamespace = 'pg_catalog'::regnamespace and prokind = 'f'
     and (proname ~ '^(pg_(try_)?advisory|pg_stat_get_|lo_|loread|lowrite|pg_get_multixact)' or proname = any (
       '{pg_notify,pg_listening_channels,pg_notification_queue_usage,pg_logical_emit_message,currtid2,pg_lock_status,
         pg_blocking_pids,pg_safe_snapshot_blocking_pids,pg_relation_size,pg_table_size,pg_indexes_size,
         pg_total_relation_size,pg_database_size,pg_tablespace_size,pg_relation_filenode,pg_relation_filepath,
         pg_sequence_last_value,pg_get_sequence_data,pg_export_snapshot,pg_prepared_xact,pg_get_userbyid,
         pg_postmaster_start_time,pg_get_replication_slots,pg_last_committed_xact,pg_xact_status,txid_status}'))`;

/** Relations of pg_catalog that show other tenants' activity, roles, sizes or settings. */
const relations = String.raw`
  select oid::regclass::text as object, has_table_privilege('public', oid, 'select') as open
    from pg_class
   where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r','v')
     and (relname ~ '^pg_stat(io)?_' or relname = any (
       '{pg_class,pg_locks,pg_roles,pg_user,pg_group,pg_auth_members,pg_db_role_setting,pg_shdepend,pg_shdescription,
         pg_shseclabel,pg_seclabels,pg_prepared_xacts,pg_largeobject_metadata,pg_replication_slots,
         pg_replication_origin_status,pg_publication,pg_publication_rel,pg_publication_tables,pg_subscription,
         pg_sequences,pg_user_mappings,pg_foreign_server,pg_matviews}'))`;

/** The objects that tenants must not use, and whether they still can: {object, open}. */
export const catalogueState = `${functions} union all ${relations} order by object`;

/**
 * Revokes these objects from the public and grants them to the control plane. Only the owner of pg_catalog can do so: if
 * the admin is not, as on Aurora, each revocation is a mere warning, so the state must be read afterwards.
 */
export const closeCatalogue = String.raw`
do $$ declare f text; v text; begin
  for f in select object from (${functions}) listed where open
  loop execute format('revoke execute on function %s from public; grant execute on function %s to tenantry_admin', f, f); end loop;
  for v in select object from (${relations}) listed where open
  loop execute format('revoke select on %s from public; grant select on %s to tenantry_admin', v, v); end loop;
  -- of pg_class, all but the row counts, sizes and grants
  execute (select format('grant select (%s) on pg_class to public', string_agg(attname, ', '))
             from pg_attribute
            where attrelid = 'pg_class'::regclass and attname <> all (
              '{reltuples,relpages,relallvisible,relallfrozen,relfrozenxid,relminmxid,relacl,cmin,cmax,xmin,xmax,ctid}'));
  -- what the isolation check reads, which runs in the migrations' own transaction
  grant select on pg_class, pg_roles, pg_auth_members, pg_publication, pg_publication_rel to tenantry_migrator;
end $$`;

/**
 * One statement that reads the live catalogue: $1 is the namespace, $2 the role its tables are granted to. Every row is
 * a violation. It must run with search_path = pg_catalog, so that objects are named with their schema. `level` says at
 * which isolation a violation lets tenants meet; all are refused everywhere, because there is one schema and tenants
 * move between levels.
 */
export const isolationCheckSql = String.raw`
with ns as (select * from pg_namespace where nspname = $1::text),
own (owner) as (values ('tenantry_owner'::regrole)),
want (policy) as (values ('(tenant_id = (SESSION_USER)::text)')),
rel as (
  select c.*, c.oid::regclass::text as name,
         (select attnum from pg_attribute where attrelid = c.oid and attname = 'tenant_id' and not attisdropped) as tcol
    from pg_class c
    join ns on c.relnamespace = ns.oid),
tab as (select * from rel where relkind in ('r','p')),
fn as (
  select p.*, p.oid::regprocedure::text as name, prosrc || coalesce(pg_get_function_sqlbody(p.oid), '') as body, lanname
    from pg_proc p
    join ns on p.pronamespace = ns.oid
    join pg_language l on l.oid = prolang
   where not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = p.oid and deptype = 'e')),
idx as (
  select i.*, i.indexrelid::regclass::text as name, (i.indkey::int2[])[0:i.indnkeyatts - 1] as keys, tcol, amname,
         (select conexclop from pg_constraint where conrelid = i.indrelid and conindid = i.indexrelid and contype = 'x')
    from pg_index i
    join tab on tab.oid = i.indrelid
    join pg_class c on c.oid = i.indexrelid
    join pg_am a on a.oid = c.relam),
fk as (
  select f.*, tab.name || '.' || conname as name, tab.tcol, p.tcol as ptcol
    from tab
    cross join lateral (select * from pg_constraint where conrelid = tab.oid and contype = 'f' offset 0) f
    left join rel p on p.oid = f.confrelid),
pol as (
  select p.*, tab.name || '.' || polname as name, pg_get_expr(polqual, polrelid) as qual,
         coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid)) as chk
    from pg_policy p
    join tab on tab.oid = polrelid),
trg as (
  select t.*, tab.name || '.' || tgname as name, prosrc
    from pg_trigger t
    join tab on tab.oid = tgrelid
    join pg_proc p on p.oid = tgfoid
   where not tgisinternal)

select 'missing_tenant_id' as fault, 'all' as level, name as object from tab where tcol is null

union all select 'tenant_id_shape', 'all', name
  from tab
  join pg_attribute a on a.attrelid = tab.oid and attnum = tcol
  left join pg_attrdef d on adrelid = tab.oid and adnum = tcol
 where atttypid <> 'text'::regtype or not attnotnull or attcollation <> '"C"'::regcollation or attgenerated <> ''
    or coalesce(pg_get_expr(adbin, adrelid), '') not in ('SESSION_USER', '(SESSION_USER)::text')

union all select 'rls_not_forced', 'all', name from tab where not (relrowsecurity and relforcerowsecurity)

union all select 'policy_not_exact', 'all', name
  from tab, want
 where not exists (select from pol where polrelid = tab.oid and polpermissive and polcmd = '*' and polroles = '{0}'
                                     and qual = policy and chk = policy)

union all select 'policy_widens', 'all', name
  from pol, want, own
 where polpermissive and not (polroles = '{0}' and qual = policy and chk = policy)
   and not (polroles = array[owner::oid] and qual = '(SESSION_USER = ''tenantry_migrator''::name)' and chk = qual)

union all select 'wrong_owner', 'all', name
  from (select name, relowner as o from rel
        union all select name, proowner from fn
        union all select nspname, nspowner from ns) x, own
 where o <> owner

union all select 'owner_is_privileged', 'all', rolname
  from pg_roles, own
 where oid = owner and (rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolreplication)

union all select 'unique_not_tenant_scoped', 'pool', name
  from idx
 where (indisunique or indisexclusion)
   and not (tcol = any (keys)
            and (conexclop is null or conexclop[array_position(keys, tcol)] = '=(text,text)'::regoperator))

union all select 'fk_not_tenant_scoped', 'pool', name
  from fk
 where not exists (select from generate_subscripts(conkey, 1) k where conkey[k] = tcol and confkey[k] = ptcol)

union all select 'fk_action_rewrites_tenant_id', 'all', name
  from fk
 where tcol = any (conkey)
   and (confupdtype in ('n','d')
        or confdeltype in ('n','d') and (confdelsetcols is null or tcol = any (confdelsetcols)))

union all select distinct 'trigger_under_cascade', 'pool', trg.name
  from trg
  join fk on conrelid = tgrelid
 where (confdeltype = 'c' and tgtype & 8 > 0
        or (confdeltype in ('n','d') or confupdtype in ('c','n','d')) and tgtype & 16 > 0)
   and (prosrc ~* '\m(execute|truncate|alter|create|drop|grant|revoke|lock|copy|refresh|call|set_config)\M'
        or tgtype & 2 > 0
           and (prosrc ~* '\m(select|perform|insert|update|delete|merge|from|table|fetch|open)\M'
                or exists (select from fn where trg.prosrc ~* ('\m' || proname || '\M\s*\('))))

union all select distinct 'expression_reads_tables', 'pool', tab.name || ' by ' || fn.name
  from pg_depend d
  join fn on refclassid = 'pg_proc'::regclass and refobjid = fn.oid
  left join pg_constraint c on classid = 'pg_constraint'::regclass and c.oid = objid
  left join (pg_attrdef a
             join pg_attribute g on g.attrelid = adrelid and g.attnum = adnum and attgenerated <> '')
         on classid = 'pg_attrdef'::regclass and a.oid = objid
  left join pg_index i on classid = 'pg_class'::regclass and indexrelid = objid
  join tab on tab.oid in (conrelid, adrelid, indrelid)
 where fn.body ~* '\m(from|table|perform|execute|call|fetch)\M'

union all select 'index_not_tenant_leading', 'pool', name
  from idx
 where (indkey[0] is distinct from tcol or indcollation[0] <> '"C"'::regcollation)
   and not (amname = 'gin' and tcol = any (keys))

union all select 'view_not_security_invoker', 'all', name
  from rel
 where relkind = 'v'
   and not coalesce((select option_value::boolean from pg_options_to_table(reloptions)
                      where option_name = 'security_invoker'), false)

union all select case relkind when 'm' then 'materialized_view' when 'f' then 'foreign_table' else 'sequence_shared' end,
       case relkind when 'S' then 'pool' else 'all' end, name
  from rel
 where relkind in ('m','f','S')

union all select fault, 'all', name
  from fn, lateral (values
    ('security_definer_function', prosecdef),
    ('leakproof_function', proleakproof),
    ('function_language', lanname not in ('sql','plpgsql')),
    ('trigger_search_path', prorettype = 'trigger'::regtype
       and not exists (select from unnest(proconfig) o where o ~ '^search_path=.*[ ,]"?pg_temp"?$'))) v (fault, bad)
 where bad

union all select fault, 'pool, bridge', name
  from fn, (values
    ('notify_in_function', '\m(pg_notify|notify|listen)\M'),
    ('advisory_lock_in_function', 'pg_(try_)?advisory'),
    ('large_object', '\mlo_(creat|create|open|from_bytea|put|get|unlink|import|export)\M')) v (fault, word)
 where body ~* word

union all select 'large_object', 'pool, bridge', name || '.' || attname
  from tab
  join pg_attribute a on attrelid = tab.oid and attnum > 0 and not attisdropped
  join pg_type y on y.oid = atttypid
 where typname in ('oid','lo')

union all select 'rule_on_table', 'all', name || '.' || rulename
  from rel
  join pg_rewrite on ev_class = rel.oid
 where rulename <> '_RETURN'

union all select 'published', 'all', pubname
  from pg_publication b
 where pubname !~ '^tenantry_'
   and (puballtables
        or exists (select from pg_publication_rel join tab on tab.oid = prrelid where prpubid = b.oid)
        or exists (select from pg_publication_namespace join ns on ns.oid = pnnspid where pnpubid = b.oid))

union all select 'tenant_privilege', 'all',
       name || ' ' || privilege_type || ' to ' || coalesce(nullif(grantee, 0)::regrole::text, 'public')
  from own, (
    select name, 'SELECT INSERT UPDATE DELETE' as fine, x.* from rel, aclexplode(relacl) x where relkind <> 'S'
    union all select name, '', x.* from rel, aclexplode(relacl) x where relkind = 'S'
    union all select name || '.' || attname, 'SELECT INSERT UPDATE', x.*
                from rel join pg_attribute on attrelid = rel.oid, aclexplode(attacl) x
    union all select nspname, 'USAGE', x.* from ns, aclexplode(nspacl) x) g
 where grantee <> owner
   and not (grantee = $2::text::regrole and not is_grantable and privilege_type = any (string_to_array(fine, ' ')))

union all select 'default_privileges', 'all', defaclrole::regrole || ' ' || defaclobjtype::text
  from pg_default_acl, aclexplode(defaclacl)
 where defaclnamespace in (0, (select oid from ns)) and grantee <> defaclrole
   and not (grantee = 0 and defaclobjtype in ('f','T') and defaclnamespace = 0)
   -- a tenant can set those of its own role and groups: they own nothing, and it must not stop the others' onboarding
   and (pg_has_role(defaclrole, 'tenantry_admin', 'member') or not pg_has_role(defaclrole, 'tenantry_tenant', 'member'))

union all select 'child_outside_namespace', 'all', inhrelid::regclass || ' of ' || inhparent::regclass
  from pg_inherits, pg_class k, pg_class p, ns
 where k.oid = inhrelid and p.oid = inhparent and k.relkind in ('r','p','f')
   and k.relnamespace <> p.relnamespace and ns.oid in (k.relnamespace, p.relnamespace)

union all select 'object_outside_namespace', 'all', o
  from (select 'pg_class'::regclass as cl, oid, oid::regclass::text as o, relnamespace as n from pg_class
        union all select 'pg_proc'::regclass, oid, oid::regprocedure::text, pronamespace from pg_proc) x
 where n = 'public'::regnamespace
   and not exists (select from pg_depend where classid = cl and objid = x.oid and deptype = 'e')

union all select 'extension_not_allowed', 'all', extname
  from pg_extension
 where extname <> all ('{plpgsql,citext,pg_trgm,pgcrypto,btree_gin,btree_gist,uuid-ossp,unaccent,hstore,ltree,intarray,fuzzystrmatch,pg_stat_statements}')

union all select 'event_trigger', 'all', evtname from pg_event_trigger where evtname !~ '^tenantry_'

union all select 'role_not_plain', 'all', rolname
  from pg_roles r
 where rolname ~ '^tn_'
   and (rolname = $2::text or $2::text = 'tenantry_pool' and pg_has_role(r.oid, 'tenantry_pool', 'member'))
   and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolconnlimit not between 1 and 100
        or exists (select from pg_auth_members
                    where member = r.oid
                      and (roleid <> (case $2::text when 'tenantry_pool' then 'tenantry_pool' else 'tenantry_tenant' end)::regrole
                           or set_option or admin_option))
        or exists (select from pg_auth_members where roleid = r.oid and not pg_has_role(member, 'tenantry_admin', 'member')))

union all select 'database_not_closed', 'all', coalesce(r, 'public') || ' ' || p
  from unnest(array['TEMP','CREATE','CONNECT']) p, unnest(array[null, 'tenantry_tenant', $2::text]) r
 where has_database_privilege(coalesce(r, 'public'), current_database(), p) and not (r is not null and p = 'CONNECT')

union all select 'database_not_closed', 'all', 'schema public ' || p
  from unnest(array['USAGE','CREATE']) p
 where has_schema_privilege('public', 'public', p)`;

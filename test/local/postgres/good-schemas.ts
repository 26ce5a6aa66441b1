import { table } from './bad-schemas.ts';

const tenantId = `tenant_id text collate "C" not null default session_user`;

/** Schemas that use what Postgres offers and keep tenants apart: none may be refused. */
export const goodSchemas: Readonly<Record<string, string>> = {
  'an empty one': '-- nothing yet',
  'a column of every common type': table(
    'notes',
    'n numeric, d date, j jsonb, a text[], b bytea, u uuid, t timestamptz, i inet, r int4range',
  ),
  'partitions by range, with a default one': `
    create table notes (${tenantId}, day date not null, primary key (tenant_id, day)) partition by range (day);
    create table notes_2026 partition of notes for values from ('2026-01-01') to ('2027-01-01');
    create table notes_rest partition of notes default;
    create index on notes (tenant_id, day desc)`,
  'partitions of partitions': `
    create table notes (${tenantId}, kind text not null, day date not null, primary key (tenant_id, kind, day)) partition by list (kind);
    create table notes_a partition of notes for values in ('a') partition by range (day);
    create table notes_a_2026 partition of notes_a for values from ('2026-01-01') to ('2027-01-01')`,
  'partitions by hash of the tenant': `
    create table notes (${tenantId}, id uuid not null default uuidv7(), primary key (tenant_id, id)) partition by hash (tenant_id);
    create table notes_0 partition of notes for values with (modulus 2, remainder 0);
    create table notes_1 partition of notes for values with (modulus 2, remainder 1)`,
  inheritance: `${table('notes', 'body text')}
    create table signed_notes (signature text, primary key (tenant_id, id)) inherits (notes)`,
  'a table that refers to itself': table(
    'notes',
    'parent_id uuid',
    'foreign key (tenant_id, parent_id) references notes on delete restrict',
  ),
  'tables that refer to each other': `${table('teams', 'lead_id uuid')} ${table('people', 'team_id uuid', 'foreign key (tenant_id, team_id) references teams')}
    alter table teams add foreign key (tenant_id, lead_id) references people deferrable initially deferred`,
  'every action of a foreign key that spares tenant_id': `${table('notes')}
    ${table('replies', 'note_id uuid', 'foreign key (tenant_id, note_id) references notes on delete set null (note_id) on update cascade')}`,
  'generated columns, stored and virtual': table(
    'notes',
    'body text',
    'size int generated always as (length(body)) stored',
    'shout text generated always as (upper(body)) virtual',
  ),
  'views with the rights of who looks': `${table('notes', 'body text')}
    create view short_notes with (security_invoker = true, security_barrier = true) as select * from notes where length(body) < 10`,
  'an exclusion key': table(
    'bookings',
    'room text',
    'during tstzrange',
    'exclude using gist (tenant_id with =, room with =, during with &&)',
  ),
  'a temporal key': `create table prices (${tenantId}, sku text, valid daterange, primary key (tenant_id, sku, valid without overlaps))`,
  'partial, covering and expression indexes': `${table('notes', 'email text', 'open boolean')}
    create unique index on notes (tenant_id, lower(email)) where open;
    create index on notes (tenant_id, email) include (open)`,
  'a restrictive policy': `${table('notes', 'hidden boolean')}
    create policy visible on notes as restrictive for select using (not hidden)`,
  'after triggers, also under a cascade': `${table('notes')} ${table('log', 'what text')}
    ${table('replies', 'note_id uuid', 'foreign key (tenant_id, note_id) references notes on delete cascade')}
    create function record() returns trigger language plpgsql as $$ begin
      insert into log (tenant_id, what) values (old.tenant_id, 'deleted'); return null; end $$;
    create trigger record after delete on replies for each row execute function record()`,
  'functions and procedures': `${table('notes', 'body text')}
    create function latest() returns setof notes language sql stable as $$ select * from notes order by id desc limit 1 $$;
    create function latest_atomic() returns bigint language sql stable begin atomic select count(*) from notes; end;
    create procedure tidy() language plpgsql as $$ begin delete from notes where body is null; end $$`,
  'types and domains': `
    create type mood as enum ('glad', 'sad');
    create domain email as text check (value ~ '@');
    ${table('notes', 'mood mood', 'email email')}`,
  'case-insensitive text and trigrams of the extensions': table('notes', 'email citext', 'unique (tenant_id, email)'),
  'an unlogged table': table('drafts').replace('create table', 'create unlogged table'),
};

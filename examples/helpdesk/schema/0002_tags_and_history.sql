create table tags (
  tenant_id text collate "C" not null default session_user,
  tag_id uuid not null default uuidv7(),
  name text not null check (name <> ''),
  primary key (tenant_id, tag_id),
  unique (tenant_id, name)
);

create table ticket_tags (
  tenant_id text collate "C" not null default session_user,
  ticket_id uuid not null,
  tag_id uuid not null,
  primary key (tenant_id, ticket_id, tag_id),
  foreign key (tenant_id, ticket_id) references tickets on delete cascade,
  foreign key (tenant_id, tag_id) references tags on delete cascade
);
create index ticket_tags_by_tag on ticket_tags (tenant_id, tag_id);

create table ticket_history (
  tenant_id text collate "C" not null default session_user,
  ticket_id uuid not null,
  changed_at timestamptz not null default clock_timestamp(),
  field text not null,
  before text,
  after text,
  primary key (tenant_id, ticket_id, changed_at, field),
  foreign key (tenant_id, ticket_id) references tickets on delete cascade
);

-- tenant_id comes from the row: the default would name whoever runs the statement, a data migration for instance.
create function record_status() returns trigger language plpgsql as $$
begin
  insert into ticket_history (tenant_id, ticket_id, field, before, after)
    values (new.tenant_id, new.ticket_id, 'status', old.status, new.status);
  return null;
end $$;

create trigger record_status after update of status on tickets
  for each row when (old.status is distinct from new.status) execute function record_status();

-- security_invoker: as the owner's, it would not ask the policies of who is looking.
create view open_tickets with (security_invoker = true) as
  select t.tenant_id, t.ticket_id, t.number, t.subject, t.priority, t.opened_at, c.name as customer, a.name as assignee
    from tickets t
    join customers c using (tenant_id, customer_id)
    left join agents a on a.tenant_id = t.tenant_id and a.agent_id = t.assignee_id
   where t.status in ('open', 'pending');

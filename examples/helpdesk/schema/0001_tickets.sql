-- Every key, foreign key and index begins with tenant_id: constraints look past row-level security.
create table companies (
  tenant_id text collate "C" not null default session_user,
  company_id uuid not null default uuidv7(),
  name text not null check (name <> ''),
  domain text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, company_id),
  unique (tenant_id, domain)
);

create table customers (
  tenant_id text collate "C" not null default session_user,
  customer_id uuid not null default uuidv7(),
  company_id uuid,
  name text not null check (name <> ''),
  email text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, customer_id),
  unique (tenant_id, email),
  -- "set null (company_id)": without the column it would clear tenant_id as well
  foreign key (tenant_id, company_id) references companies on delete set null (company_id)
);
create index customers_by_company on customers (tenant_id, company_id);

create table agents (
  tenant_id text collate "C" not null default session_user,
  agent_id uuid not null default uuidv7(),
  manager_id uuid,
  name text not null check (name <> ''),
  email text not null,
  active boolean not null default true,
  primary key (tenant_id, agent_id),
  unique (tenant_id, email),
  foreign key (tenant_id, manager_id) references agents
);
create index agents_by_manager on agents (tenant_id, manager_id);

-- "Ticket 17" counts from 1 for each tenant; a sequence would count for all of them and tell each how many the others have.
create table counters (
  tenant_id text collate "C" not null default session_user,
  name text not null,
  value bigint not null default 0,
  primary key (tenant_id, name)
);

create table tickets (
  tenant_id text collate "C" not null default session_user,
  ticket_id uuid not null default uuidv7(),
  number bigint not null,
  customer_id uuid not null,
  assignee_id uuid,
  subject text not null check (subject <> ''),
  -- text with a check: an index on an enum is of no use beside row-level security
  status text not null default 'open' check (status in ('open', 'pending', 'solved', 'closed')),
  priority smallint not null default 3 check (priority between 1 and 4),
  opened_at timestamptz not null default now(),
  solved_at timestamptz,
  primary key (tenant_id, ticket_id),
  unique (tenant_id, number),
  foreign key (tenant_id, customer_id) references customers on delete cascade,
  foreign key (tenant_id, assignee_id) references agents on delete set null (assignee_id)
);
create index tickets_by_customer on tickets (tenant_id, customer_id);
create index tickets_by_assignee on tickets (tenant_id, assignee_id, status);
create index tickets_newest on tickets (tenant_id, opened_at desc);

create table comments (
  tenant_id text collate "C" not null default session_user,
  comment_id uuid not null default uuidv7(),
  ticket_id uuid not null,
  agent_id uuid,
  body text not null check (body <> ''),
  internal boolean not null default false,
  written_at timestamptz not null default now(),
  primary key (tenant_id, comment_id),
  foreign key (tenant_id, ticket_id) references tickets on delete cascade,
  foreign key (tenant_id, agent_id) references agents on delete set null (agent_id)
);
create index comments_by_ticket on comments (tenant_id, ticket_id, written_at);
create index comments_by_agent on comments (tenant_id, agent_id);

create function number_ticket() returns trigger language plpgsql as $$
begin
  insert into counters as c (tenant_id, name, value) values (new.tenant_id, 'ticket', 1)
    on conflict (tenant_id, name) do update set value = c.value + 1
    returning value into new.number;
  return new;
end $$;

-- Tickets are reached by cascades on update and delete only, which run as the owner; an insert never is.
create trigger number_ticket before insert on tickets for each row execute function number_ticket();

-- API clients: the machines of a clinic, what they prove themselves by, and what of it was used up or taken back.

create table api_clients (
    id         uuid primary key,
    clinic_id  uuid not null references clinics,
    name       text not null,
    scopes     text[] not null,
    state      text not null check (state in ('active', 'ended')),
    jwks       jsonb,
    jwks_uri   text,
    author_id  uuid,
    created_by uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    version    integer not null default 1,
    unique (clinic_id, id),
    foreign key (clinic_id, author_id) references members (clinic_id, id),
    foreign key (clinic_id, created_by) references members (clinic_id, id),
    check (jwks is null or jwks_uri is null)
);
comment on table api_clients is
    'A machine of a clinic. Read again on every request: one that has ended is dead at once, with all of its tokens.';

comment on column api_clients.author_id is 'The member in whose name it writes: a draft, a question, a share.';

create table api_client_secrets (
    id         uuid primary key,
    clinic_id  uuid not null,
    client_id  uuid not null,
    hash       bytea not null unique,
    created_at timestamptz not null,
    ended_at   timestamptz,
    unique (clinic_id, id),
    foreign key (clinic_id, client_id) references api_clients (clinic_id, id)
);
comment on table api_client_secrets is 'Shown once, found by its SHA-256; at most two of a client are good at a time.';
create index api_client_secrets_of_client on api_client_secrets (clinic_id, client_id, id);

create table api_client_assertions (
    clinic_id  uuid not null,
    client_id  uuid not null,
    jti_hash   bytea not null,
    expires_at timestamptz not null,
    primary key (clinic_id, client_id, jti_hash),
    foreign key (clinic_id, client_id) references api_clients (clinic_id, id)
);
comment on table api_client_assertions is
    'Assertions that were used (RFC 7523, 3, jti): each is good once. Forgotten when it could not be used any more.';
create index api_client_assertions_by_end on api_client_assertions (expires_at);

create table revoked_tokens (
    jti        uuid primary key,
    clinic_id  uuid not null,
    client_id  uuid not null,
    expires_at timestamptz not null,
    foreign key (clinic_id, client_id) references api_clients (clinic_id, id)
);
comment on table revoked_tokens is
    'Access tokens of clients that were taken back (RFC 7009) before their end, at which they are forgotten.';
create index revoked_tokens_by_end on revoked_tokens (expires_at);
create index revoked_tokens_of_client on revoked_tokens (clinic_id, client_id);

alter table audit_events drop constraint audit_events_actor_kind_check;
alter table audit_events add constraint audit_events_actor_kind_check
    check (actor_kind in ('member', 'client', 'patient', 'guest', 'anonymous', 'system'));

do $$
declare name text;
begin
    foreach name in array array['api_clients', 'api_client_secrets', 'api_client_assertions', 'revoked_tokens'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own on %I to rapport_tenant
            using (clinic_id = (select current_setting(''app.clinic_id'')::uuid))
            with check (clinic_id = (select current_setting(''app.clinic_id'')::uuid))', name);
        -- Which client a secret, an assertion or a token is of, is not known before it was found.
        execute format('create policy sign_in on %I to rapport_sign_in using (true) with check (true)', name);
    end loop;
end $$;
create policy housekeeping on api_client_assertions to rapport_worker using (true);
create policy housekeeping on revoked_tokens to rapport_worker using (true);
grant select, insert, update (name, scopes, state, jwks, jwks_uri, author_id, updated_at, version) on api_clients to rapport_tenant;
grant select on api_clients to rapport_sign_in;
grant select (id, clinic_id, client_id, created_at, ended_at), insert, update (ended_at) on api_client_secrets to rapport_tenant;
grant select on api_client_secrets to rapport_sign_in;
grant select, insert on api_client_assertions to rapport_sign_in;
grant select (expires_at), delete on api_client_assertions to rapport_worker;
grant select on revoked_tokens to rapport_tenant;
grant select, insert on revoked_tokens to rapport_sign_in;
grant select (expires_at), delete on revoked_tokens to rapport_worker;

-- A machine reads clinical content by its scopes. Its id stands where a member's would.
create or replace view clinical_reader with (security_invoker = true) as
select m.id from members m
where m.clinic_id = (select current_setting('app.clinic_id')::uuid)
  and m.id = (select current_setting('app.member_id')::uuid)
  and m.state = 'active'
  and m.role in ('owner', 'practitioner')
union all
select c.id from api_clients c
where c.clinic_id = (select current_setting('app.clinic_id')::uuid)
  and c.id = (select current_setting('app.member_id')::uuid)
  and c.state = 'active'
  and c.scopes && array['reports:read', 'reports:write', 'shares:read', 'shares:write'];
comment on view clinical_reader is 'The present member, if active in a role that reads clinical content, or client with such a scope.';

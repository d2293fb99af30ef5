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
    check (actor_kind in ('member', 'client', 'patient', 'anonymous', 'system'));

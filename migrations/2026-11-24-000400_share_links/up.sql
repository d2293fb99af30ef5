-- Guests: a share to somebody without an account, the link that they are sent, and what the clinic learns if it went astray.

alter table shares
    add column recipient_email text,
    alter column recipient_clinic_id drop not null,
    drop constraint shares_recipient_kind_check,
    add constraint shares_recipient_kind_check check (recipient_kind in ('practitioner', 'clinic', 'guest')) not valid,
    add constraint shares_name_a_clinic_or_a_guest check (
        (recipient_kind = 'guest') = (recipient_clinic_id is null)
        and (recipient_kind = 'guest') = (recipient_email is not null)
    ) not valid;
comment on column shares.recipient_email is 'Of a guest: where the link went, trimmed and in small letters, as the gate compares it.';

alter table audit_events
    drop constraint audit_events_actor_kind_check,
    add constraint audit_events_actor_kind_check
        check (actor_kind in ('member', 'client', 'patient', 'guest', 'anonymous', 'system')) not valid;

create table share_links (
    id              uuid primary key,
    clinic_id       uuid not null,
    share_id        uuid not null,
    number          integer not null,
    secret_hash     bytea not null,
    tries_left      integer not null,
    openings        integer not null default 0,
    opened_at       timestamptz,
    code_hash       bytea,
    code_expires_at timestamptz,
    codes_sent      integer not null default 0,
    code_sent_at    timestamptz,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    ended_at        timestamptz,
    ended_by        text check (ended_by in ('renewal', 'withdrawal', 'misdirected')),
    unique (clinic_id, id),
    unique (clinic_id, share_id, number),
    foreign key (clinic_id, share_id) references shares (clinic_id, id),
    check (expires_at <= created_at + interval '7 days'),
    check ((ended_at is null) = (ended_by is null))
);
comment on table share_links is
    'The link to one share that a guest was sent; the secret is kept as its SHA-256. What it is good for follows from the clock, the tries, the openings and the share: share_links/state.rs.';

create table share_link_sessions (
    hash         bytea primary key,
    clinic_id    uuid not null,
    link_id      uuid not null,
    csrf_hash    bytea not null,
    expires_at   timestamptz not null,
    last_seen_at timestamptz not null,
    foreign key (clinic_id, link_id) references share_links (clinic_id, id)
);
comment on table share_link_sessions is
    'A guest at a link: 15 minutes idle, 60 at most, found by the SHA-256 of its cookie. It ends with its link.';
create index share_link_sessions_of_link on share_link_sessions (clinic_id, link_id);
create index share_link_sessions_by_age on share_link_sessions (expires_at);

create table incidents (
    id          uuid primary key,
    clinic_id   uuid not null references clinics,
    kind        text not null check (kind in ('misdirected')),
    share_id    uuid not null,
    patient_id  uuid not null,
    was_read    boolean not null,
    reported_at timestamptz not null,
    closed_at   timestamptz,
    closed_by   uuid,
    note        text,
    version     integer not null default 1,
    unique (clinic_id, id),
    unique (clinic_id, kind, share_id),
    foreign key (clinic_id, share_id) references shares (clinic_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, closed_by) references members (clinic_id, id),
    check ((closed_at is null) = (closed_by is null)),
    check ((closed_at is null) = (note is null))
);
comment on table incidents is 'Something went where it should not have gone. It stays open until somebody closes it with a note.';
create index incidents_of_clinic on incidents (clinic_id, id);

create function incidents_stay_closed() returns trigger language plpgsql as $$
begin
    if old.closed_at is not null then raise exception 'an incident that was closed stays as it is'; end if;
    return new;
end $$;
create trigger stay_closed before update on incidents for each row execute function incidents_stay_closed();

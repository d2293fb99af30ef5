-- The spine: clinics and their people, patients, consents, reports, shares, the audit log, and what carries them.
-- Every table of a tenant leads its keys with clinic_id, and refers to others of the tenant by (clinic_id, id): a row
-- can't point into another clinic, and a foreign key can't be used to ask whether another clinic's row exists.

create table clinics (
    id         uuid primary key,
    name       text not null,
    phone      text,
    address    text,
    npi        text,
    created_at timestamptz not null
);
comment on table clinics is 'A tenant.';

create table members (
    id                    uuid primary key,
    clinic_id             uuid not null references clinics,
    name                  text not null,
    email                 text not null unique,
    role                  text not null check (role in ('owner', 'practitioner', 'staff', 'privacy_officer')),
    state                 text not null check (state in ('invited', 'active', 'ended')),
    profession            text,
    npi                   text,
    focus                 text[] not null default '{}',
    is_accepting          boolean not null default true,
    password_hash         text,
    totp_secret           bytea,
    totp_confirmed_at     timestamptz,
    totp_last_step        bigint not null default 0,
    invitation_hash       bytea unique,
    invitation_expires_at timestamptz,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    version               integer not null default 1,
    unique (clinic_id, id),
    check (state <> 'active' or password_hash is not null)
);
comment on table members is 'The people of a clinic; one with a profession is a practitioner of the directory.';
comment on column members.totp_last_step is 'The time step of the last accepted code: a code works once (RFC 6238, 5.2).';

create table mfa_challenges (
    hash       bytea primary key,
    clinic_id  uuid not null,
    member_id  uuid not null,
    purpose    text not null check (purpose in ('enrol', 'verify')),
    tries_left integer not null default 5,
    expires_at timestamptz not null,
    foreign key (clinic_id, member_id) references members (clinic_id, id)
);
create index mfa_challenges_of_member on mfa_challenges (clinic_id, member_id);
comment on table mfa_challenges is 'Between the first factor and the second; found by the SHA-256 of its token.';

create table sessions (
    id           uuid primary key,
    clinic_id    uuid not null,
    member_id    uuid not null,
    created_at   timestamptz not null,
    refreshed_at timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    foreign key (clinic_id, member_id) references members (clinic_id, id)
);
comment on table sessions is 'Read again on every request: a session that ended is dead at once.';
create index sessions_of_member on sessions (clinic_id, member_id, id);

create table refresh_tokens (
    hash       bytea primary key,
    session_id uuid not null references sessions,
    expires_at timestamptz not null,
    used_at    timestamptz
);
comment on table refresh_tokens is 'Each is good for one refresh; found by its SHA-256.';
create index refresh_tokens_of_session on refresh_tokens (session_id);

create table patients (
    id          uuid primary key,
    clinic_id   uuid not null references clinics,
    given_name  text not null,
    family_name text not null,
    family_key  text collate "C" not null,
    birth_date  date not null,
    mrn         text,
    email       text,
    phone       text,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    version     integer not null default 1,
    unique (clinic_id, id),
    unique (clinic_id, mrn)
);
comment on column patients.family_key is 'The family name without case and accents, for search by its first letters.';
create index patients_by_family on patients (clinic_id, family_key, id);
create index patients_by_birth on patients (clinic_id, birth_date);

create table consents (
    id                uuid primary key,
    clinic_id         uuid not null references clinics,
    patient_id        uuid not null,
    state             text not null check (state in ('pending', 'active', 'revoked', 'superseded', 'declined')),
    recipients        jsonb not null,
    categories        text[] not null,
    purpose           text not null,
    two_way           boolean not null,
    starts_at         timestamptz,
    expires_at        timestamptz not null,
    asked_by          uuid not null,
    asked_at          timestamptz not null,
    lapses_at         timestamptz not null,
    statement         text not null,
    statement_hash    text not null,
    statement_version text not null,
    signed_at         timestamptz,
    signature_method  text check (signature_method in ('link', 'paper')),
    signed_name       text,
    paper_signed_on   date,
    paper_form_hash   text,
    revoked_at        timestamptz,
    revocation_method text check (revocation_method in ('link', 'word')),
    revocation_note   text,
    superseded_by     uuid references consents,
    version           integer not null default 1,
    unique (clinic_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, asked_by) references members (clinic_id, id),
    check (state in ('pending', 'declined') or (signed_at is not null and signature_method is not null and signed_name is not null)),
    check ((state = 'revoked') = (revoked_at is not null))
);
comment on table consents is
    'A patient''s written permission. expired and lapsed are not stored: they follow from the clock.';
create index consents_of_patient on consents (clinic_id, patient_id, id);

-- The text that was signed, to whom, what for and until when never change once there is a row.
create function consents_keep_their_terms() returns trigger language plpgsql as $$
begin
    if (new.clinic_id, new.patient_id, new.recipients, new.categories, new.purpose, new.two_way, new.starts_at,
        new.expires_at, new.statement, new.statement_hash, new.statement_version)
       is distinct from
       (old.clinic_id, old.patient_id, old.recipients, old.categories, old.purpose, old.two_way, old.starts_at,
        old.expires_at, old.statement, old.statement_hash, old.statement_version)
    then raise exception 'the terms of a consent never change'; end if;
    if old.state in ('revoked', 'superseded', 'declined') and new.state <> old.state
    then raise exception 'a consent that ended stays ended'; end if;
    return new;
end $$;
create trigger keep_terms before update on consents for each row execute function consents_keep_their_terms();

-- The lock of the gate. A reading holds the patient's consents against every change of their state until it commits; a
-- change, by whatever way it comes, waits for the readings that hold them. An advisory lock and not FOR SHARE, because its
-- queue is fair: share locks on a row let later readers in before a waiting writer, and a recipient who reads without pause
-- could keep a revocation waiting. The service takes it by await_readings_of before it touches a row, so that of two changes
-- of one patient's consents none holds a row that the other one, with the lock, is waiting for; the trigger is for whatever
-- forgets to.
create function consents_lock_key(patient uuid) returns bigint language sql immutable as
    $$ select hashtextextended(patient::text, 164508) $$;
create function hold_consents_of(patient uuid) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(consents_lock_key(patient));
    return true;
end $$;
create function await_readings_of(patient uuid) returns boolean language plpgsql as $$
begin
    perform pg_advisory_xact_lock(consents_lock_key(patient));
    return true;
end $$;
create function consents_wait_for_readings() returns trigger language plpgsql as $$
begin
    perform await_readings_of(old.patient_id);
    return new;
end $$;
create trigger a_wait_for_readings before update of state on consents for each row
    execute function consents_wait_for_readings();

create table consent_forms (
    consent_id  uuid primary key,
    clinic_id   uuid not null,
    media_type  text not null,
    content     bytea not null,
    attested_by uuid not null,
    recorded_at timestamptz not null,
    foreign key (clinic_id, consent_id) references consents (clinic_id, id),
    foreign key (clinic_id, attested_by) references members (clinic_id, id)
);
comment on table consent_forms is 'The scan of a consent that was signed on paper.';

create table consent_links (
    id              uuid primary key,
    clinic_id       uuid not null,
    consent_id      uuid not null,
    secret_hash     bytea not null,
    tries_left      integer not null default 5,
    code_hash       bytea,
    code_expires_at timestamptz,
    codes_sent      integer not null default 0,
    code_sent_at    timestamptz,
    created_at      timestamptz not null,
    foreign key (clinic_id, consent_id) references consents (clinic_id, id)
);
comment on table consent_links is 'The link that a patient was sent; dead when no try is left.';
create index consent_links_of_consent on consent_links (clinic_id, consent_id);

create table consent_link_sessions (
    hash         bytea primary key,
    link_id      uuid not null references consent_links,
    csrf_hash    bytea not null,
    expires_at   timestamptz not null,
    last_seen_at timestamptz not null
);
comment on table consent_link_sessions is 'A patient at a link: 15 minutes idle, 60 at most, found by the SHA-256 of its cookie.';

create table reports (
    id              uuid primary key,
    clinic_id       uuid not null references clinics,
    patient_id      uuid not null,
    kind            text not null check (kind in ('treatment_plan', 'progress_report')),
    state           text not null check (state in ('draft', 'signed')),
    author_id       uuid not null,
    draft           text,
    sensitive       text[] not null default '{}',
    current_version integer,
    signed_at       timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    version         integer not null default 1,
    unique (clinic_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, author_id) references members (clinic_id, id),
    check ((state = 'draft') = (draft is not null)),
    check ((state = 'signed') = (current_version is not null))
);
comment on table reports is 'A treatment plan or progress report; what was signed of it stands in report_versions.';
create index reports_of_clinic on reports (clinic_id, id);
create index reports_of_patient on reports (clinic_id, patient_id, id);

create table report_versions (
    report_id         uuid not null,
    number            integer not null,
    clinic_id         uuid not null,
    kind              text not null,
    body              text not null,
    content_hash      text not null,
    sensitive         text[] not null,
    signed_by         uuid not null,
    signer_name       text not null,
    signer_profession text,
    signed_at         timestamptz not null,
    amendment_reason  text,
    primary key (report_id, number),
    unique (clinic_id, report_id, number),
    foreign key (clinic_id, report_id) references reports (clinic_id, id),
    foreign key (clinic_id, signed_by) references members (clinic_id, id)
);
comment on table report_versions is 'A signed version: the body in canonical JSON (RFC 8785) and its SHA-256. It never changes.';

create table shares (
    id                        uuid primary key,
    clinic_id                 uuid not null references clinics,
    report_id                 uuid not null,
    report_version            integer not null,
    patient_id                uuid not null,
    kind                      text not null,
    recipient_kind            text not null check (recipient_kind in ('practitioner', 'clinic')),
    recipient_practitioner_id uuid,
    recipient_clinic_id       uuid not null references clinics,
    recipient_name            text not null,
    sections                  text[] not null,
    categories                text[] not null,
    purpose                   text not null,
    cover_letter              text,
    sent_by                   uuid not null,
    sender_name               text not null,
    sender_profession         text,
    state                     text not null check (state in ('delivered', 'opened', 'acknowledged', 'withdrawn')),
    delivered_at              timestamptz not null,
    opened_at                 timestamptz,
    acknowledged_at           timestamptz,
    withdrawn_at              timestamptz,
    version                   integer not null default 1,
    unique (clinic_id, id),
    foreign key (clinic_id, report_id, report_version) references report_versions (clinic_id, report_id, number),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, sent_by) references members (clinic_id, id),
    foreign key (recipient_clinic_id, recipient_practitioner_id) references members (clinic_id, id),
    check ((recipient_kind = 'practitioner') = (recipient_practitioner_id is not null))
);
comment on table shares is 'One signed version, cut to its sections, for one recipient. Both clinics see the row; reading takes the gate.';
create index shares_of_report on shares (clinic_id, report_id, id);
create index inbox on shares (recipient_clinic_id, id);

create table audit_events (
    id              uuid primary key,
    clinic_id       uuid not null references clinics,
    occurred_at     timestamptz not null,
    action          text not null,
    outcome         text not null check (outcome in ('permitted', 'denied')),
    reason          text,
    actor_kind      text not null check (actor_kind in ('member', 'patient', 'anonymous', 'system')),
    actor_id        uuid,
    actor_clinic_id uuid,
    object_type     text not null,
    object_id       uuid,
    patient_id      uuid,
    consent_id      uuid,
    request_id      text not null
);
comment on table audit_events is
    'Who did or tried what: ids and words of a closed list, no health information. clinic_id is whose record it is: for a reading by a recipient the discloser''s.';
create index audit_of_clinic on audit_events (clinic_id, id);
create index audit_of_patient on audit_events (clinic_id, patient_id, id);
create index audit_of_actor on audit_events (actor_clinic_id, id) where actor_clinic_id <> clinic_id;

create function refuse_change() returns trigger language plpgsql as $$
begin raise exception '% is append-only', tg_table_name; end $$;
create trigger append_only before update or delete or truncate on audit_events for each statement execute function refuse_change();
create trigger append_only before update or delete or truncate on report_versions for each statement execute function refuse_change();

create table idempotency_keys (
    scope       uuid not null,
    key         text not null,
    fingerprint bytea not null,
    status      smallint not null,
    etag        integer,
    location    text,
    body        text not null,
    created_at  timestamptz not null,
    primary key (scope, key)
);
comment on table idempotency_keys is
    'The stored answer of a POST, committed with its effect; scope is who sent it. Kept for 24 hours.';
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table mails (
    id              uuid primary key,
    clinic_id       uuid not null references clinics,
    recipient       text not null,
    subject         text not null,
    body            text not null,
    created_at      timestamptz not null,
    next_attempt_at timestamptz not null,
    attempts        integer not null default 0,
    sent_at         timestamptz,
    last_error      text
);
comment on table mails is 'Mail to be sent, written in the transaction of its cause. The body is emptied once it is sent.';
create index mails_due on mails (next_attempt_at) where sent_at is null;

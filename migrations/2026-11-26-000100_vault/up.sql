-- Encryption at rest. What names or describes a patient is sealed: whoever has the disk, a dump or a backup has ids, times,
-- states and words of closed lists. What was there before is brought over with a first byte of 0, which says that nobody has
-- sealed it yet; the service seals it before it serves (api/src/keys/adopt.rs), under the key of each patient.

-- ---- keys, each wrapped by the one above it ---------------------------------------------------

create table clinic_keys (
    clinic_id  uuid not null references clinics,
    version    integer not null check (version > 0),
    root_id    text not null,
    wrapped    bytea not null,
    created_at timestamptz not null,
    primary key (clinic_id, version)
);
comment on table clinic_keys is 'A clinic''s keys, wrapped by a root key that is not in the database; root_id names which.';

create table data_keys (
    clinic_id          uuid not null references clinics,
    subject_id         uuid not null,
    version            integer not null check (version >= 0),
    clinic_key_version integer,
    wrapped            bytea,
    created_at         timestamptz not null,
    shredded_at        timestamptz,
    primary key (clinic_id, subject_id, version),
    constraint data_keys_clinic_key foreign key (clinic_id, clinic_key_version) references clinic_keys (clinic_id, version),
    check ((clinic_key_version is null) = (version = 0)),
    check ((wrapped is null) = (version = 0 or shredded_at is not null))
);
comment on table data_keys is
    'What seals: a key of each patient, of each clinic''s office (its own id) and of its index (the nil id), wrapped by the clinic''s. Version 0 stands for what is not sealed yet.';
create index data_keys_by_clinic_key on data_keys (clinic_id, clinic_key_version);

create table key_rotations (
    id          uuid primary key,
    level       text not null check (level in ('root', 'clinic', 'data')),
    started_at  timestamptz not null,
    finished_at timestamptz,
    root_before text
);
comment on column key_rotations.root_before is 'The newest root key when the rotation of that level began: as long as it is the newest, the next one is still to be made.';
comment on table key_rotations is 'One that was not finished goes on where it was: what is older than its start is still to be done.';
create unique index key_rotations_one_at_a_time on key_rotations (level) where finished_at is null;

-- Row level security holds for the owner too.
do $$
declare name text;
begin
    foreach name in array array['clinics', 'patients', 'consents', 'reports', 'report_versions', 'shares', 'incidents', 'mails',
        'members', 'idempotency_keys'] loop
        execute format('alter table %I no force row level security', name);
    end loop;
end $$;

insert into data_keys (clinic_id, subject_id, version, created_at)
    select clinic_id, id, 0, created_at from patients union all select id, id, 0, created_at from clinics;

-- ---- what is sealed --------------------------------------------------------------------------

alter table patients
    add column identity bytea,
    add column mrn_token bigint,
    add column key_version integer not null default 0;
update patients set identity = '\x00'::bytea || convert_to(jsonb_strip_nulls(jsonb_build_object('given_name', given_name,
    'family_name', family_name, 'birth_date', birth_date, 'mrn', mrn, 'email', email, 'phone', phone))::text, 'UTF8');
alter table patients
    drop column given_name, drop column family_name, drop column family_key, drop column birth_date, drop column mrn,
    drop column email, drop column phone,
    alter column identity set not null,
    alter column key_version drop default,
    add constraint patients_mrn_token unique (clinic_id, mrn_token),
    add constraint patients_data_key foreign key (clinic_id, id, key_version) references data_keys (clinic_id, subject_id, version);
comment on column patients.identity is 'Name, date of birth, record number, e-mail address, phone: sealed JSON.';
comment on column patients.mrn_token is 'A keyed token of the record number, which is one patient''s in a clinic.';

create table patient_tokens (
    clinic_id  uuid not null references clinics,
    token      bigint not null,
    patient_id uuid not null,
    primary key (clinic_id, token, patient_id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id)
);
comment on table patient_tokens is
    'By what a patient is found: keyed tokens of the first letters of the family name, however many, of the date of birth and of the record number.';
create index patient_tokens_of_patient on patient_tokens (clinic_id, patient_id);

-- The triggers would refuse what moves here.
alter table consents disable trigger keep_terms;
alter table report_versions disable trigger append_only;

alter table consents
    add column terms bytea, add column signature bytea, add column revocation bytea,
    add column key_version integer not null default 0;
update consents set
    terms = '\x00'::bytea || convert_to(jsonb_build_object('recipients', recipients, 'purpose', purpose, 'statement', statement,
        'statement_hash', statement_hash)::text, 'UTF8'),
    signature = case when signed_name is not null then
        '\x00'::bytea || convert_to(jsonb_build_object('signed_name', signed_name)::text, 'UTF8') end,
    revocation = case when revocation_note is not null then
        '\x00'::bytea || convert_to(jsonb_build_object('note', revocation_note)::text, 'UTF8') end;
-- With the column goes the check that named it.
alter table consents
    drop column statement, drop column statement_hash, drop column signed_name, drop column revocation_note,
    alter column terms set not null,
    alter column key_version drop default,
    add constraint consents_signed_in_full check (state in ('pending', 'declined')
        or (signed_at is not null and signature_method is not null and signature is not null)),
    add constraint consents_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version);
comment on column consents.terms is 'Recipients, purpose, statement and its hash, exactly as the patient saw them: sealed JSON.';
comment on column consents.recipients is 'Whom it names, as the gate compares: of a guest a keyed hash of the address stands here, and no name.';
comment on column consents.purpose is 'As the gate compares: a word of the common list, or a keyed hash of one in the clinic''s own words.';

alter table reports add column key_version integer not null default 0;
-- A column that a policy asks about keeps its type.
drop policy own on reports;
alter table reports alter column draft type bytea using '\x00'::bytea || convert_to(draft, 'UTF8');
alter table reports
    alter column key_version drop default,
    add constraint reports_of_one_patient unique (clinic_id, patient_id, id),
    add constraint reports_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version);
drop index reports_of_patient;
create policy own on reports to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and (draft is null or exists (select from clinical_reader)))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

alter table report_versions add column patient_id uuid, add column key_version integer not null default 0;
update report_versions v set patient_id = r.patient_id from reports r where r.clinic_id = v.clinic_id and r.id = v.report_id;
alter table report_versions
    alter column patient_id set not null,
    alter column key_version drop default,
    alter column body type bytea using '\x00'::bytea || convert_to(body, 'UTF8'),
    alter column amendment_reason type bytea using '\x00'::bytea || convert_to(amendment_reason, 'UTF8'),
    drop constraint report_versions_clinic_id_report_id_fkey,
    add constraint report_versions_of_one_patient foreign key (clinic_id, patient_id, report_id)
        references reports (clinic_id, patient_id, id),
    add constraint report_versions_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version);
create index report_versions_of_patient on report_versions (clinic_id, patient_id);
comment on table report_versions is
    'A signed version: the body in canonical JSON (RFC 8785), sealed, and its SHA-256. It never changes; it is only sealed anew when keys are rotated.';

alter table shares
    add column letter bytea, add column key_version integer not null default 0,
    add column envelope bytea, add column office_key_version integer;
update shares set
    letter = case when cover_letter is not null then '\x00'::bytea || convert_to(cover_letter, 'UTF8') end,
    envelope = '\x00'::bytea || convert_to(jsonb_strip_nulls(jsonb_build_object('purpose', purpose,
        'recipient_name', case when recipient_kind = 'guest' then recipient_name end, 'recipient_email', recipient_email))::text, 'UTF8'),
    office_key_version = 0;
alter table shares
    drop column cover_letter,
    alter column key_version drop default,
    add constraint shares_sealed_envelope check ((envelope is null) = (office_key_version is null)),
    add constraint shares_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version),
    add constraint shares_office_data_key foreign key (clinic_id, clinic_id, office_key_version)
        references data_keys (clinic_id, subject_id, version);
comment on column shares.letter is 'The cover letter, sealed with the patient''s key.';
comment on column shares.envelope is
    'What the recipient is shown before a reading, where it is not for everybody: a guest''s name and address, a purpose in the clinic''s own words. Sealed JSON, with the key of the clinic''s office.';
comment on column shares.recipient_name is 'Of a clinic or practitioner, as in the directory; empty for a guest.';
comment on column shares.recipient_email is 'Of a guest: a keyed hash of the address, as the gate compares it.';

alter table incidents add column key_version integer not null default 0;
alter table incidents alter column note type bytea using '\x00'::bytea || convert_to(note, 'UTF8');
alter table incidents
    alter column key_version drop default,
    add constraint incidents_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version);
create index incidents_of_patient on incidents (clinic_id, patient_id);

alter table mails add column letter bytea, add column office_key_version integer;
update mails set letter = '\x00'::bytea || convert_to(jsonb_build_object('recipient', recipient, 'subject', subject, 'body', body)::text,
    'UTF8'), office_key_version = 0 where sent_at is null;
alter table mails
    drop column recipient, drop column subject, drop column body, drop column last_error,
    add constraint mails_sealed_letter check ((letter is null) = (office_key_version is null) and (letter is not null or sent_at is not null)),
    add constraint mails_office_data_key foreign key (clinic_id, clinic_id, office_key_version)
        references data_keys (clinic_id, subject_id, version);
create index mails_sealed on mails (clinic_id, office_key_version) where letter is not null;
comment on table mails is 'Mail to be sent, written in the transaction of its cause, sealed. What it said is forgotten once it is sent.';

alter table members add column totp_key_version integer;
update members set totp_secret = '\x00'::bytea || totp_secret, totp_key_version = 0 where totp_secret is not null;
alter table members
    add constraint members_sealed_totp check ((totp_secret is null) = (totp_key_version is null)),
    add constraint members_office_data_key foreign key (clinic_id, clinic_id, totp_key_version)
        references data_keys (clinic_id, subject_id, version);

-- A stored answer is sealed by the key that it was asked with, which only the client has; the table keeps a hash of that. What
-- was stored before can't be brought over: whoever repeats a request of the hours before this change is not recognised.
delete from idempotency_keys;
alter table idempotency_keys drop column key, drop column body,
    add column key_hash bytea not null, add column body bytea not null, add primary key (scope, key_hash);

alter table consents enable trigger keep_terms;
alter table report_versions enable trigger append_only;

-- ---- what never changes ----------------------------------------------------------------------

-- Whoever rotates keys writes the same again, sealed with another key; everybody else nothing.
create or replace function consents_keep_their_terms() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if (new.clinic_id, new.patient_id, new.recipients, new.categories, new.purpose, new.two_way, new.starts_at,
        new.expires_at, new.statement_version)
       is distinct from
       (old.clinic_id, old.patient_id, old.recipients, old.categories, old.purpose, old.two_way, old.starts_at,
        old.expires_at, old.statement_version)
       and not (current_user = 'rapport_keeper' and old.key_version = 0)
    then raise exception 'the terms of a consent never change'; end if;
    if (new.terms, new.key_version) is distinct from (old.terms, old.key_version) and current_user <> 'rapport_keeper'
    then raise exception 'the terms of a consent never change'; end if;
    if old.state in ('revoked', 'superseded', 'declined') and new.state <> old.state
    then raise exception 'a consent that ended stays ended'; end if;
    return new;
end $$;

drop trigger append_only on report_versions;
create trigger append_only before delete or truncate on report_versions for each statement execute function refuse_change();
create function report_versions_never_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare sealed constant text[] := array['body', 'amendment_reason', 'key_version'];
begin
    if current_user <> 'rapport_keeper' or to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed
    then raise exception 'report_versions is append-only'; end if;
    return new;
end $$;
create trigger never_change before update on report_versions for each row execute function report_versions_never_change();

create or replace function incidents_stay_closed() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare sealed constant text[] := array['note', 'key_version'];
begin
    if old.closed_at is not null
       and (current_user <> 'rapport_keeper' or to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed)
    then raise exception 'an incident that was closed stays as it is'; end if;
    return new;
end $$;

-- ---- the floor -------------------------------------------------------------------------------

do $$
declare name text;
begin
    foreach name in array array['clinics', 'patients', 'consents', 'reports', 'report_versions', 'shares', 'incidents', 'mails',
        'members', 'idempotency_keys'] loop
        execute format('alter table %I force row level security', name);
    end loop;
    foreach name in array array['clinic_keys', 'data_keys', 'key_rotations', 'patient_tokens'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
    foreach name in array array['clinic_keys', 'data_keys'] loop
        execute format('create policy own on %I to rapport_tenant
            using (clinic_id = (select current_setting(''app.clinic_id'')::uuid))
            with check (clinic_id = (select current_setting(''app.clinic_id'')::uuid))', name);
        execute format('create policy sign_up on %I for insert to rapport_sign_in with check (true)', name);
    end loop;
end $$;

-- A key opens nothing by itself: what it opens is guarded where it stands. So it is enough that something of this patient came in.
create policy came_in on clinic_keys for select to rapport_tenant using (exists (
    select from shares s where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and s.clinic_id = clinic_keys.clinic_id offset 0));
create policy came_in on data_keys for select to rapport_tenant using (exists (
    select from shares s where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and s.clinic_id = data_keys.clinic_id and (data_keys.subject_id = data_keys.clinic_id or s.patient_id = data_keys.subject_id)
    offset 0));
create policy this_consent on clinic_keys for select to rapport_link using (exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = clinic_keys.clinic_id));
create policy this_consent on data_keys for select to rapport_link using (exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = data_keys.clinic_id
      and data_keys.subject_id in (l.patient_id, l.clinic_id)));
-- From the link to what it leads to, each by its key: to look from the key through all that the clinic ever shared took a
-- guest 60 ms for each key where there were 25,000 shares.
create policy this_link on clinic_keys for select to rapport_link using (exists (
    select from share_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = clinic_keys.clinic_id));
create policy this_share on data_keys for select to rapport_link using (exists (
    select from share_links l join shares s on s.clinic_id = l.clinic_id and s.id = l.share_id
    where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = data_keys.clinic_id
      and data_keys.subject_id in (s.patient_id, s.clinic_id)
    offset 0));
create policy sign_in on clinic_keys for select to rapport_sign_in, rapport_worker using (true);
create policy offices on data_keys for select to rapport_sign_in, rapport_worker
    using (subject_id = clinic_id);
create policy own on patient_tokens to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

grant select on clinic_keys to rapport_tenant, rapport_link, rapport_worker;
grant select, insert on clinic_keys to rapport_sign_in;
grant select, insert on data_keys to rapport_tenant, rapport_sign_in;
grant select on data_keys to rapport_link, rapport_worker;
grant select, insert, delete on patient_tokens to rapport_tenant;

grant update (identity, mrn_token, key_version) on patients to rapport_tenant;
grant update (signature, revocation) on consents to rapport_tenant, rapport_link;
grant update (key_version) on reports to rapport_tenant;
grant update (letter, office_key_version) on mails to rapport_worker;
grant select (clinic_id, office_key_version) on mails to rapport_worker;
grant update (totp_key_version) on members to rapport_sign_in;

-- Whoever rotates keys, from outside of the service: sealed values and keys of all clinics, and nothing besides.
do $$
declare name text;
begin
    foreach name in array array['patients', 'patient_tokens', 'consents', 'reports', 'report_versions', 'shares', 'incidents',
        'mails', 'members', 'clinic_keys', 'data_keys', 'key_rotations'] loop
        execute format('create policy keeping on %I to rapport_keeper using (true) with check (true)', name);
    end loop;
end $$;
create policy keeping on clinics for select to rapport_keeper using (true);
create policy keeping on audit_events for insert to rapport_keeper with check (true);
grant insert on audit_events to rapport_keeper;
grant select (id, created_at) on clinics to rapport_keeper;
grant select (id, clinic_id, identity, mrn_token, key_version), update (identity, mrn_token, key_version) on patients to rapport_keeper;
grant select, insert, delete on patient_tokens to rapport_keeper;
grant select (id, clinic_id, patient_id, state, recipients, purpose, terms, signature, revocation, key_version),
    update (recipients, purpose, terms, signature, revocation, key_version) on consents to rapport_keeper;
grant select (id, clinic_id, patient_id, draft, key_version), update (draft, key_version) on reports to rapport_keeper;
grant select (report_id, number, clinic_id, patient_id, body, amendment_reason, key_version),
    update (body, amendment_reason, key_version) on report_versions to rapport_keeper;
grant select (id, clinic_id, patient_id, purpose, recipient_kind, recipient_name, recipient_email, letter, key_version, envelope,
        office_key_version),
    update (purpose, recipient_name, recipient_email, letter, key_version, envelope, office_key_version) on shares to rapport_keeper;
grant select (id, clinic_id, patient_id, note, key_version), update (note, key_version) on incidents to rapport_keeper;
grant select (id, clinic_id, letter, office_key_version), update (letter, office_key_version) on mails to rapport_keeper;
grant select (id, clinic_id, totp_secret, totp_key_version), update (totp_secret, totp_key_version) on members to rapport_keeper;
grant select, insert, update, delete on clinic_keys, data_keys to rapport_keeper;
grant select, insert, update (finished_at) on key_rotations to rapport_keeper;

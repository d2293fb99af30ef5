-- What is sealed can't be opened by SQL: this takes back the schema of a database that holds nothing yet.
do $$
begin
    if exists (select from data_keys) then
        raise exception 'what was sealed can''t be taken back; restore the backup from before';
    end if;
end $$;

do $$
declare thing record;
begin
    for thing in select policyname, tablename from pg_policies where schemaname = 'public' and policyname = 'keeping' loop
        execute format('drop policy %I on %I', thing.policyname, thing.tablename);
    end loop;
end $$;
revoke all on patients, consents, reports, report_versions, shares, incidents, mails, members, clinics, audit_events
    from rapport_keeper;

create or replace function incidents_stay_closed() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if old.closed_at is not null then raise exception 'an incident that was closed stays as it is'; end if;
    return new;
end $$;
drop trigger never_change on report_versions;
drop function report_versions_never_change();
drop trigger append_only on report_versions;
create trigger append_only before update or delete or truncate on report_versions for each statement execute function refuse_change();

alter table idempotency_keys drop column key_hash, drop column body,
    add column key text not null, add column body text not null, add primary key (scope, key);
alter table members drop column totp_key_version;
alter table mails drop column letter, drop column office_key_version,
    add column recipient text not null, add column subject text not null, add column body text not null, add column last_error text;
grant select (recipient, subject, body, last_error), update (body, last_error) on mails to rapport_worker;
alter table incidents drop column key_version, alter column note type text using null;
drop index incidents_of_patient;
alter table shares drop column letter, drop column key_version, drop column envelope, drop column office_key_version,
    add column cover_letter text;
alter table report_versions drop column key_version, drop column patient_id,
    alter column body type text using '', alter column amendment_reason type text using null,
    add constraint report_versions_clinic_id_report_id_fkey foreign key (clinic_id, report_id) references reports (clinic_id, id);
drop policy own on reports;
alter table reports drop constraint reports_of_one_patient, drop column key_version, alter column draft type text using null;
create index reports_of_patient on reports (clinic_id, patient_id, id);
create policy own on reports to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and (draft is null or exists (select from clinical_reader)))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

create or replace function consents_keep_their_terms() returns trigger language plpgsql set search_path = pg_catalog, public as $$
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
alter table consents drop column terms, drop column signature, drop column revocation, drop column key_version,
    add column statement text not null, add column statement_hash text not null,
    add column signed_name text, add column revocation_note text,
    add check (state in ('pending', 'declined') or (signed_at is not null and signature_method is not null and signed_name is not null));
grant update (signed_name, revocation_note) on consents to rapport_tenant, rapport_link;

drop table patient_tokens;
alter table patients drop column identity, drop column mrn_token, drop column key_version,
    add column given_name text not null, add column family_name text not null, add column family_key text collate "C" not null,
    add column birth_date date not null, add column mrn text, add column email text, add column phone text,
    add unique (clinic_id, mrn);
create index patients_by_family on patients (clinic_id, family_key, id);
create index patients_by_birth on patients (clinic_id, birth_date);
comment on column patients.family_key is 'The family name without case and accents, for search by its first letters.';
grant update (given_name, family_name, family_key, birth_date, mrn, email, phone) on patients to rapport_tenant;

drop table data_keys;
drop table clinic_keys;
drop table key_rotations;

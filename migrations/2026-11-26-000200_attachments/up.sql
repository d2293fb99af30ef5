-- Attachments: files that go with a report, and the scans of consents that were signed on paper. Their bytes are in the object
-- storage, each sealed by a key of its own; that key is sealed here with the patient's, so that rotating and shredding keys
-- needs this database alone.

create table attachments (
    id          uuid primary key,
    clinic_id   uuid not null references clinics,
    patient_id  uuid not null,
    report_id   uuid not null,
    media_type  text not null check (media_type in ('application/pdf', 'image/png', 'image/jpeg', 'text/plain')),
    size        integer not null check (size > 0),
    sha256      text not null,
    details     bytea not null,
    key_version integer not null,
    added_by    uuid not null,
    added_at    timestamptz not null,
    unique (clinic_id, id),
    constraint attachments_of_report unique (clinic_id, report_id, id),
    foreign key (clinic_id, patient_id, report_id) references reports (clinic_id, patient_id, id),
    foreign key (clinic_id, added_by) references members (clinic_id, id),
    constraint attachments_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version)
);
comment on table attachments is 'A file of a report. It never changes; it can be taken away as long as no signed version holds it.';
comment on column attachments.details is 'The name, and the key that the bytes are sealed with: sealed JSON.';
comment on column attachments.sha256 is 'Of the bytes as they are handed out.';
create index attachments_of_patient on attachments (clinic_id, patient_id);

create table version_attachments (
    clinic_id     uuid not null,
    patient_id    uuid not null,
    report_id     uuid not null,
    number        integer not null,
    attachment_id uuid not null,
    sha256        text not null,
    primary key (clinic_id, report_id, number, attachment_id),
    foreign key (clinic_id, report_id, number) references report_versions (clinic_id, report_id, number),
    foreign key (clinic_id, patient_id, report_id) references reports (clinic_id, patient_id, id),
    foreign key (clinic_id, report_id, attachment_id) references attachments (clinic_id, report_id, id)
);
comment on table version_attachments is 'Which files were signed with a version. It never changes.';
create index version_attachments_of_patient on version_attachments (clinic_id, patient_id);
create index version_attachments_by_file on version_attachments (clinic_id, attachment_id);

create table attachment_usage (
    clinic_id uuid primary key references clinics,
    bytes     bigint not null check (bytes >= 0)
);
comment on table attachment_usage is 'How much a clinic keeps in the object storage. The row is the lock under which it is counted.';

-- Row level security holds for the owner too.
do $$
declare name text;
begin
    foreach name in array array['consents', 'consent_forms', 'data_keys'] loop
        execute format('alter table %I no force row level security', name);
    end loop;
end $$;
-- A scan that stands here in the clear is brought over as the vault did with what was there before it, and sealed at the start.
alter table consent_forms
    add column patient_id uuid,
    add column object_id uuid,
    add column size integer check (size > 0),
    add column details bytea,
    add column key_version integer not null default 0,
    alter column content drop not null;
update consent_forms f set patient_id = c.patient_id, content = '\x00'::bytea || f.content
    from consents c where c.clinic_id = f.clinic_id and c.id = f.consent_id;
insert into data_keys (clinic_id, subject_id, version, created_at)
    select distinct on (clinic_id, patient_id) clinic_id, patient_id, 0, recorded_at from consent_forms
    order by clinic_id, patient_id, recorded_at
    on conflict do nothing;
alter table consent_forms
    alter column patient_id set not null,
    alter column key_version drop default,
    drop constraint consent_forms_clinic_id_consent_id_fkey,
    add constraint consent_forms_of_one_patient foreign key (clinic_id, patient_id, consent_id)
        references consents (clinic_id, patient_id, id),
    add constraint consent_forms_here_or_in_the_storage check (
        (content is null) = (object_id is not null)
        and (object_id is null) = (size is null)
        and (object_id is null) = (details is null)),
    add constraint consent_forms_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version);
comment on column consent_forms.content is 'Of a scan from before there was a storage: the bytes themselves, sealed.';
comment on column consent_forms.object_id is 'Where in the storage the bytes are.';
comment on column consent_forms.details is 'The key that the bytes are sealed with: sealed JSON.';
create index consent_forms_by_object on consent_forms (clinic_id, object_id);
create index consent_forms_of_patient on consent_forms (clinic_id, patient_id);

-- ---- what never changes ----------------------------------------------------------------------

create trigger append_only before update or delete or truncate on version_attachments
    for each statement execute function refuse_change();
create function sealed_files_never_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare sealed constant text[] := array['content', 'details', 'key_version'];
begin
    if current_user <> 'rapport_keeper' or to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed
    then raise exception '% never changes', tg_table_name; end if;
    return new;
end $$;
create trigger never_change before update on attachments for each row execute function sealed_files_never_change();
create trigger never_change before update on consent_forms for each row execute function sealed_files_never_change();

-- ---- the floor -------------------------------------------------------------------------------

do $$
declare name text;
begin
    foreach name in array array['consents', 'consent_forms', 'data_keys'] loop
        execute format('alter table %I force row level security', name);
    end loop;
    foreach name in array array['attachments', 'version_attachments', 'attachment_usage'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
end $$;
-- What a file is called is content.
create policy own on attachments to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy own on version_attachments to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy own on attachment_usage to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

-- As with reports: who declared no emergency has none, and it is declared to the transaction before it is asked.
create policy in_an_emergency on attachments for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and patient_id = any ((select nullif(current_setting('app.emergency_patients', true), ''))::uuid[]));
create policy in_an_emergency on version_attachments for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and patient_id = any ((select nullif(current_setting('app.emergency_patients', true), ''))::uuid[]));

-- Through the gate, and only what was signed with the version that was shared: a file that came later is outside.
create policy disclosed on version_attachments for select to rapport_tenant using (exists (
    select from open_shares o where o.clinic_id = version_attachments.clinic_id
      and o.report_id = version_attachments.report_id and o.report_version = version_attachments.number
      and 'attachments' = any (o.sections) offset 0));
create policy disclosed on attachments for select to rapport_tenant using (exists (
    select from version_attachments v join open_shares o on o.clinic_id = v.clinic_id and o.report_id = v.report_id
      and o.report_version = v.number
    where v.clinic_id = attachments.clinic_id and v.attachment_id = attachments.id
      and 'attachments' = any (o.sections) offset 0));
create policy disclosed_to_a_guest on version_attachments for select to rapport_link using (exists (
    select from open_guest_shares o where o.clinic_id = version_attachments.clinic_id
      and o.report_id = version_attachments.report_id and o.report_version = version_attachments.number
      and 'attachments' = any (o.sections) offset 0));
create policy disclosed_to_a_guest on attachments for select to rapport_link using (exists (
    select from version_attachments v join open_guest_shares o on o.clinic_id = v.clinic_id and o.report_id = v.report_id
      and o.report_version = v.number
    where v.clinic_id = attachments.clinic_id and v.attachment_id = attachments.id
      and 'attachments' = any (o.sections) offset 0));

-- Who sweeps the storage learns which objects have a row, and nothing of any.
create policy housekeeping on attachments for select to rapport_worker using (true);
create policy housekeeping on consent_forms for select to rapport_worker using (true);
create policy housekeeping on attachment_usage for select to rapport_worker using (true);
do $$
declare name text;
begin
    foreach name in array array['attachments', 'consent_forms'] loop
        execute format('create policy keeping on %I to rapport_keeper using (true) with check (true)', name);
    end loop;
end $$;

grant select, insert, delete on attachments to rapport_tenant;
grant select, insert on version_attachments to rapport_tenant;
grant select, insert, update (bytes) on attachment_usage to rapport_tenant;
grant select on attachments, version_attachments to rapport_link;
grant select (id, clinic_id) on attachments to rapport_worker;
grant select (clinic_id, object_id) on consent_forms to rapport_worker;
grant select (clinic_id) on attachment_usage to rapport_worker;
grant select (id, clinic_id, patient_id, details, key_version), update (details, key_version) on attachments to rapport_keeper;
grant select (consent_id, clinic_id, patient_id, content, details, key_version), update (content, details, key_version) on consent_forms to rapport_keeper;

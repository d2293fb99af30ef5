-- What the two sides of a referral write to each other besides its moves. A message is of the clinic that refers, as the
-- referral is; the other side reads it through the gate, and each side's first reading stands with it.

create table referral_messages (
    id                 uuid primary key,
    clinic_id          uuid not null,
    patient_id         uuid not null,
    referral_id        uuid not null,
    by_clinic          uuid not null references clinics,
    by_id              uuid not null,
    by_name            text not null,
    by_profession      text,
    written_at         timestamptz not null,
    body               bytea not null,
    key_version        integer not null,
    read_at            timestamptz,
    read_by            uuid,
    read_by_name       text,
    read_by_profession text,
    unique (clinic_id, id),
    foreign key (clinic_id, patient_id, referral_id) references referrals (clinic_id, patient_id, id),
    check ((read_at is null) = (read_by is null) and (read_by is not null or read_by_name is null)),
    constraint referral_messages_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version)
);
comment on table referral_messages is
    'What one side of a referral writes to the other. It is sealed with the key of the sender''s patient, whichever side it is from, and never changes.';
comment on column referral_messages.read_at is 'When somebody of the other side first read it. The author''s own reading is none.';
comment on column referral_messages.read_by_name is 'Nothing where a machine read it.';
create index referral_messages_of_referral on referral_messages (clinic_id, referral_id, id);
create index referral_messages_of_patient on referral_messages (clinic_id, patient_id, key_version);

-- Whoever rotates keys writes the same again, sealed with another key; everybody else adds a receipt, once.
create function referral_messages_keep_their_words() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare
    sealed constant text[] := array['body', 'key_version'];
    receipt constant text[] := array['read_at', 'read_by', 'read_by_name', 'read_by_profession'];
    free constant text[] := case when current_user = 'rapport_keeper' then sealed when old.read_at is null then receipt else '{}' end;
begin
    if to_jsonb(new) - free is distinct from to_jsonb(old) - free
    then raise exception 'referral_messages is append-only'; end if;
    return new;
end $$;
create trigger keep_words before update on referral_messages for each row execute function referral_messages_keep_their_words();
create trigger append_only before delete or truncate on referral_messages for each statement execute function refuse_change();

-- ---- the floor -------------------------------------------------------------------------------

alter table referral_messages enable row level security;
alter table referral_messages force row level security;

create policy own on referral_messages for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from referral_reader));
create policy written on referral_messages for insert to rapport_tenant
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid)
                and by_clinic = (select current_setting('app.clinic_id')::uuid));
-- Only what the other side wrote is received.
create policy received on referral_messages for update to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and by_clinic <> (select current_setting('app.clinic_id')::uuid));
create policy disclosed on referral_messages for select to rapport_tenant using (exists (
    select from open_referrals o
    where o.clinic_id = referral_messages.clinic_id and o.referral_id = referral_messages.referral_id offset 0));
create policy answered on referral_messages for insert to rapport_tenant
    with check (by_clinic = (select current_setting('app.clinic_id')::uuid) and exists (
        select from open_referrals o
        where o.clinic_id = referral_messages.clinic_id and o.referral_id = referral_messages.referral_id offset 0));
create policy came_in on referral_messages for update to rapport_tenant
    using (by_clinic <> (select current_setting('app.clinic_id')::uuid) and exists (
        select from open_referrals o
        where o.clinic_id = referral_messages.clinic_id and o.referral_id = referral_messages.referral_id offset 0));
grant select, insert, update (read_at, read_by, read_by_name, read_by_profession) on referral_messages to rapport_tenant;

create policy keeping on referral_messages to rapport_keeper using (true) with check (true);
grant select (id, clinic_id, patient_id, body, key_version), update (body, key_version) on referral_messages to rapport_keeper;

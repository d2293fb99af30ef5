-- Referrals: one clinic asks another to see a patient, and the loop closes with a signed report. A referral is of the clinic
-- that sends it; the one that it is for sees it from the moment it was sent.

create table referrals (
    id                        uuid primary key,
    clinic_id                 uuid not null references clinics,
    patient_id                uuid not null,
    sent_by                   uuid not null,
    sender_name               text not null,
    sender_profession         text,
    recipient_clinic_id       uuid not null references clinics,
    recipient_practitioner_id uuid,
    recipient_name            text not null,
    recipient_patient_id      uuid,
    instead_clinic_id         uuid references clinics,
    instead_practitioner_id   uuid,
    instead_name              text,
    urgency                   text not null check (urgency in ('routine', 'urgent', 'emergent')),
    state                     text not null check (state in ('draft', 'sent', 'received', 'information_requested', 'accepted',
                                  'declined', 'redirected', 'waitlisted', 'scheduled', 'no_show', 'in_care',
                                  'cancellation_requested', 'completed', 'discontinued', 'cancelled', 'expired',
                                  'entered_in_error')),
    state_before              text,
    share_ids                 uuid[] not null,
    closing_share_id          uuid,
    created_at                timestamptz not null,
    sent_at                   timestamptz,
    received_at               timestamptz,
    accepted_at               timestamptz,
    appointment_at            timestamptz,
    started_at                timestamptz,
    closed_at                 timestamptz,
    version                   integer not null default 1,
    unique (clinic_id, id),
    unique (clinic_id, patient_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, sent_by) references members (clinic_id, id),
    foreign key (recipient_clinic_id, recipient_practitioner_id) references members (clinic_id, id),
    foreign key (instead_clinic_id, instead_practitioner_id) references members (clinic_id, id),
    foreign key (recipient_clinic_id, recipient_patient_id) references patients (clinic_id, id),
    foreign key (recipient_clinic_id, closing_share_id) references shares (clinic_id, id),
    check (recipient_clinic_id <> clinic_id),
    check ((instead_clinic_id is null) = (instead_name is null) and (instead_clinic_id is not null) = (state = 'redirected')),
    check ((state_before is not null) = (state = 'cancellation_requested')),
    check ((state = 'draft') = (sent_at is null) or state in ('cancelled', 'entered_in_error')),
    -- The loop does not close without a report.
    constraint referrals_close_with_a_report check ((state in ('completed', 'discontinued')) = (closing_share_id is not null))
);
comment on table referrals is 'One clinic asks another to see a patient. What it says stands in referral_texts, sealed.';
comment on column referrals.recipient_patient_id is 'The recipient''s own record of the patient, once it has accepted.';
comment on column referrals.instead_clinic_id is 'Whom the recipient named in its place.';
comment on column referrals.state_before is 'Where it goes on if the cancellation is refused.';
create index referrals_of_sender on referrals (clinic_id, id);
create index referrals_of_recipient on referrals (recipient_clinic_id, id);
create index referrals_of_patient on referrals (recipient_clinic_id, clinic_id, patient_id);

create table referral_texts (
    id          uuid primary key,
    clinic_id   uuid not null,
    patient_id  uuid not null,
    referral_id uuid not null,
    by_clinic   uuid not null references clinics,
    body        bytea not null,
    key_version integer not null,
    unique (clinic_id, id),
    foreign key (clinic_id, patient_id, referral_id) references referrals (clinic_id, patient_id, id),
    constraint referral_texts_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version)
);
comment on table referral_texts is
    'Whatever a referral says in words: what was asked, and the notes of either side. All of it is sealed with the key of the sender''s patient, and the other side reads it through the gate.';
create index referral_texts_of_referral on referral_texts (clinic_id, referral_id);
create index referral_texts_of_patient on referral_texts (clinic_id, patient_id, key_version);

create table referral_transitions (
    clinic_id     uuid not null,
    referral_id   uuid not null,
    number        integer not null,
    from_state    text,
    to_state      text not null,
    verb          text,
    at            timestamptz not null,
    by_clinic     uuid references clinics,
    by_id         uuid,
    by_name       text,
    by_profession text,
    reason        text check (reason in ('out_of_scope', 'no_capacity', 'insurance', 'missing_information', 'conflict',
                      'patient_declined', 'unreachable', 'no_longer_needed', 'mistaken', 'other')),
    text_id       uuid,
    primary key (referral_id, number),
    foreign key (clinic_id, referral_id) references referrals (clinic_id, id),
    foreign key (clinic_id, text_id) references referral_texts (clinic_id, id)
);
comment on table referral_transitions is 'Each move of a referral: who, when, why. Nobody changes one.';
create index referral_transitions_of_referral on referral_transitions (clinic_id, referral_id, number);
create trigger append_only before update or delete or truncate on referral_transitions
    for each statement execute function refuse_change();

-- What was asked never changes, and what is over stays over.
create function referrals_keep_their_terms() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if (new.id, new.clinic_id, new.patient_id, new.sent_by, new.sender_name, new.sender_profession, new.recipient_clinic_id,
        new.recipient_practitioner_id, new.recipient_name, new.urgency, new.share_ids, new.created_at)
       is distinct from
       (old.id, old.clinic_id, old.patient_id, old.sent_by, old.sender_name, old.sender_profession, old.recipient_clinic_id,
        old.recipient_practitioner_id, old.recipient_name, old.urgency, old.share_ids, old.created_at)
    then raise exception 'the terms of a referral never change'; end if;
    if old.closed_at is not null then raise exception 'a referral that is over stays over'; end if;
    return new;
end $$;
create trigger keep_terms before update on referrals for each row execute function referrals_keep_their_terms();
create trigger append_only before delete or truncate on referrals for each statement execute function refuse_change();

create function referral_texts_never_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare sealed constant text[] := array['body', 'key_version'];
begin
    if current_user <> 'rapport_keeper' or to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed
    then raise exception 'referral_texts is append-only'; end if;
    return new;
end $$;
create trigger never_change before update on referral_texts for each row execute function referral_texts_never_change();
create trigger append_only before delete or truncate on referral_texts for each statement execute function refuse_change();

-- ---- the floor -------------------------------------------------------------------------------

create view open_referrals with (security_invoker = true) as
select r.clinic_id, r.id as referral_id, r.patient_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and exists (select from clinical_reader)
  and exists (
      select from consents c
      where c.clinic_id = r.clinic_id
        and c.patient_id = r.patient_id
        and consent_reaches(c, 'treatment', array['referral'], (select current_setting('app.at')::timestamptz))
        and (c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', r.recipient_clinic_id))
             or (r.recipient_practitioner_id is not null
                 and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                     r.recipient_practitioner_id)))))
  and not exists (select from unreadable_consents u where u.clinic_id = r.clinic_id and u.patient_id = r.patient_id);
comment on view open_referrals is 'The referrals whose words the present member may read at app.at: the gate, once more.';

do $$
declare name text;
begin
    foreach name in array array['referrals', 'referral_texts', 'referral_transitions'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
end $$;

create policy own on referrals to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy came_in on referrals for select to rapport_tenant
    using (recipient_clinic_id = (select current_setting('app.clinic_id')::uuid) and sent_at is not null);
create policy moved_on on referrals for update to rapport_tenant
    using (recipient_clinic_id = (select current_setting('app.clinic_id')::uuid) and sent_at is not null)
    with check (recipient_clinic_id = (select current_setting('app.clinic_id')::uuid) and sent_at is not null);

create policy own on referral_texts to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid)
                and by_clinic = (select current_setting('app.clinic_id')::uuid));
create policy answered on referral_texts for insert to rapport_tenant
    with check (by_clinic = (select current_setting('app.clinic_id')::uuid) and exists (
        select from referrals r where r.clinic_id = referral_texts.clinic_id and r.id = referral_texts.referral_id
          and r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)));
create policy disclosed on referral_texts for select to rapport_tenant using (exists (
    select from open_referrals o where o.clinic_id = referral_texts.clinic_id and o.referral_id = referral_texts.referral_id offset 0));

-- Who sees a referral sees its moves.
create policy of_referral on referral_transitions to rapport_tenant
    using (exists (select from referrals r where r.clinic_id = referral_transitions.clinic_id
                     and r.id = referral_transitions.referral_id offset 0))
    with check (by_clinic = (select current_setting('app.clinic_id')::uuid)
                and exists (select from referrals r where r.clinic_id = referral_transitions.clinic_id
                              and r.id = referral_transitions.referral_id offset 0));

-- The gate weighs all of a patient's consents: it answers why not, too.
create policy of_what_was_referred on consents for select to rapport_tenant using (exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = consents.clinic_id and r.patient_id = consents.patient_id offset 0));
create policy referred on patients for select to rapport_tenant using (exists (
    select from open_referrals o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));
create policy referred on clinic_keys for select to rapport_tenant using (exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = clinic_keys.clinic_id offset 0));
create policy referred on data_keys for select to rapport_tenant using (exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = data_keys.clinic_id and r.patient_id = data_keys.subject_id offset 0));

create policy keeping on referral_texts to rapport_keeper using (true) with check (true);
grant select (id, clinic_id, patient_id, body, key_version), update (body, key_version) on referral_texts to rapport_keeper;

grant select, insert, update (state, state_before, recipient_patient_id, instead_clinic_id, instead_practitioner_id, instead_name, closing_share_id, sent_at, received_at, accepted_at,
    appointment_at, started_at, closed_at, version) on referrals to rapport_tenant;
grant select, insert on referral_texts, referral_transitions to rapport_tenant;
grant select on open_referrals to rapport_tenant;

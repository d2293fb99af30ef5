-- Second opinions: one clinic asks another what it thinks. By default nobody is named: such an opinion is of no patient as far as the
-- other side goes, takes no consent, and says nothing that was not looked through for identifiers (45 CFR 164.514(b)(2)).

alter table referrals add column kind text not null default 'referral' check (kind in ('referral', 'second_opinion'));
alter table referrals alter column kind drop default;
comment on column referrals.kind is 'To see the patient, or to say what the other clinic thinks.';

alter table referrals alter column patient_id drop not null;
comment on column referrals.patient_id is
    'The sender''s patient; nothing for an opinion that names nobody: whose it is stands in referral_ties, for the sender alone.';
-- What names nobody leads to nobody: no patient of either side, no appointment, no report.
alter table referrals add constraint referrals_name_nobody check (patient_id is not null
    or (kind = 'second_opinion' and recipient_patient_id is null and appointment_at is null and closing_share_id is null
        and share_ids = '{}' and state not in ('waitlisted', 'scheduled', 'no_show', 'in_care', 'discontinued')));

alter table referrals drop constraint referrals_close_with_a_report;
alter table referrals add constraint referrals_close_with_a_report check (case kind
    when 'second_opinion' then closing_share_id is null
    else (state in ('completed', 'discontinued')) = (closing_share_id is not null) end);

create function referrals_keep_their_kind() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if new.kind <> old.kind then raise exception 'the terms of a referral never change'; end if;
    return new;
end $$;
create trigger keep_kind before update on referrals for each row execute function referrals_keep_their_kind();

-- ---- what only the sender knows --------------------------------------------------------------

create table referral_ties (
    clinic_id   uuid not null,
    referral_id uuid not null,
    patient_id  uuid,
    opinion_id  uuid,
    primary key (clinic_id, referral_id),
    foreign key (clinic_id, referral_id) references referrals (clinic_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, opinion_id) references referrals (clinic_id, id),
    check (patient_id is not null or opinion_id is not null)
);
comment on table referral_ties is
    'What its sender alone knows of a referral: which patient an opinion that names nobody is about, and which opinion led to it.';
create trigger append_only before update or delete or truncate on referral_ties
    for each statement execute function refuse_change();

-- ---- what it says ----------------------------------------------------------------------------

create table opinion_texts (
    id                 uuid primary key,
    clinic_id          uuid not null,
    referral_id        uuid not null,
    number             integer not null,
    by_clinic          uuid not null references clinics,
    attested_by        uuid,
    attested_name      text,
    attested_at        timestamptz,
    body               bytea not null,
    office_key_version integer not null,
    unique (clinic_id, id),
    unique (referral_id, number),
    foreign key (clinic_id, referral_id) references referrals (clinic_id, id),
    foreign key (clinic_id, attested_by) references members (clinic_id, id),
    -- Whoever knows the patient says that nothing in it tells who it is (164.514(b)(2)(ii)).
    constraint opinion_texts_attested check ((by_clinic = clinic_id) = (attested_at is not null)),
    check ((attested_at is null) = (attested_by is null) and (attested_at is null) = (attested_name is null)),
    constraint opinion_texts_office_data_key foreign key (clinic_id, clinic_id, office_key_version)
        references data_keys (clinic_id, subject_id, version)
);
comment on table opinion_texts is
    'What an opinion that names nobody says in words: the question, the notes of either side, the answer. It is of no patient, so it is sealed with the key of the sender''s office.';
comment on column opinion_texts.number is 'With which move of the referral it was said.';
comment on column opinion_texts.attested_by is 'Who of the clinic that knows the patient said that nothing in it tells who it is.';
create index opinion_texts_of_referral on opinion_texts (clinic_id, referral_id, number);
create index opinion_texts_sealed on opinion_texts (clinic_id, office_key_version);

create function opinion_texts_never_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare sealed constant text[] := array['body', 'office_key_version'];
begin
    if current_user <> 'rapport_keeper' or to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed
    then raise exception 'opinion_texts is append-only'; end if;
    return new;
end $$;
create trigger never_change before update on opinion_texts for each row execute function opinion_texts_never_change();
create trigger append_only before delete or truncate on opinion_texts for each statement execute function refuse_change();

-- The loop does not close without an answer: the words of the move that closes it.
create function opinions_close_with_an_answer() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if not exists (select from referral_transitions t where t.clinic_id = new.clinic_id and t.referral_id = new.id
                     and t.number = new.version and t.text_id is not null)
       and not exists (select from opinion_texts o where o.clinic_id = new.clinic_id and o.referral_id = new.id
                         and o.number = new.version)
    then raise exception 'a second opinion closes with its answer'; end if;
    return null;
end $$;
create constraint trigger close_with_an_answer after update on referrals deferrable initially deferred for each row
    when (new.kind = 'second_opinion' and new.state in ('completed', 'discontinued') and new.state is distinct from old.state)
    execute function opinions_close_with_an_answer();

-- ---- the floor -------------------------------------------------------------------------------

-- Beside open_referrals, which asks for the patient's consent: here is nobody to ask, and nothing else is opened.
create view open_opinions with (security_invoker = true) as
select r.clinic_id, r.id as referral_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.kind = 'second_opinion'
  and r.patient_id is null
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and exists (select from referral_reader);
comment on view open_opinions is 'The opinions that name nobody whose words the present member may read. No consent is asked for, and of no patient is anything told.';

do $$
declare name text;
begin
    foreach name in array array['referral_ties', 'opinion_texts'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
end $$;

create policy own on referral_ties to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

create policy own on opinion_texts for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from referral_reader));
create policy disclosed on opinion_texts for select to rapport_tenant using (exists (
    select from open_opinions o where o.clinic_id = opinion_texts.clinic_id and o.referral_id = opinion_texts.referral_id offset 0));
-- Either side writes, in its own name, and only to what names nobody.
create policy written on opinion_texts for insert to rapport_tenant
    with check (by_clinic = (select current_setting('app.clinic_id')::uuid) and exists (
        select from referrals r where r.clinic_id = opinion_texts.clinic_id and r.id = opinion_texts.referral_id
          and r.kind = 'second_opinion' and r.patient_id is null
          and (select current_setting('app.clinic_id')::uuid) in (r.clinic_id, r.recipient_clinic_id)));

-- The office's key opens nothing by itself: what it opens is guarded where it stands.
create policy asked on data_keys for select to rapport_tenant using (subject_id = clinic_id and exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = data_keys.clinic_id and r.kind = 'second_opinion' and r.patient_id is null offset 0));

create policy keeping on opinion_texts to rapport_keeper using (true) with check (true);
grant select (id, clinic_id, body, office_key_version), update (body, office_key_version) on opinion_texts to rapport_keeper;

grant select, insert on referral_ties, opinion_texts to rapport_tenant;
grant select on open_opinions to rapport_tenant;

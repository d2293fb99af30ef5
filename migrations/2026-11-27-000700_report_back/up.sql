-- Reporting back: under a consent that is `two_way`, whom the patient was referred to shares its report with the clinic that
-- asked. Such a share names the patient's record there, whose consents the gate weighs at each reading.

alter table shares
    add column basis_clinic_id  uuid,
    add column basis_patient_id uuid,
    add foreign key (basis_clinic_id, basis_patient_id) references patients (clinic_id, id),
    add check ((basis_clinic_id is null) = (basis_patient_id is null)),
    add check (basis_clinic_id is null or basis_clinic_id = recipient_clinic_id);
comment on column shares.basis_clinic_id is 'Of a report back: the clinic whose patient agreed to it, which receives it.';
create index shares_of_basis on shares (basis_clinic_id, basis_patient_id) where basis_clinic_id is not null;

create function shares_keep_their_basis() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if (new.basis_clinic_id, new.basis_patient_id) is distinct from (old.basis_clinic_id, old.basis_patient_id)
    then raise exception 'the basis of a share never changes'; end if;
    return new;
end $$;
create trigger keep_basis before update on shares for each row execute function shares_keep_their_basis();

-- Only who was referred the patient, and took the patient, reports back on that patient.
create policy of_what_was_referred on shares as restrictive for insert to rapport_tenant
    with check (basis_clinic_id is null or exists (
        select from referrals r where r.clinic_id = basis_clinic_id and r.patient_id = basis_patient_id
          and r.recipient_clinic_id = shares.clinic_id and r.recipient_patient_id = shares.patient_id
          and r.accepted_at is not null));

-- Of whose consents the gate asks is told by `case` and not by `coalesce`: Postgres holds that for a leak, and would ask it of each
-- consent there is, after the policies, instead of looking it up.
create or replace view open_shares with (security_invoker = true) as
select s.clinic_id, s.id as share_id, s.patient_id, s.report_id, s.report_version, s.sections
from shares s
where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (s.recipient_practitioner_id is null
       or s.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and s.state <> 'withdrawn'
  and exists (select from clinical_reader)
  -- One consent covers it whole.
  and exists (
      select from consents c
      where c.clinic_id = case when s.basis_clinic_id is null then s.clinic_id else s.basis_clinic_id end
        and c.patient_id = case when s.basis_patient_id is null then s.patient_id else s.basis_patient_id end
        and consent_reaches(c, s.purpose, s.categories, (select current_setting('app.at')::timestamptz))
        and case when s.basis_clinic_id is null
            -- A clinic covers its practitioners; a practitioner nobody else.
            then c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', s.recipient_clinic_id))
                 or (s.recipient_practitioner_id is not null
                     and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                         s.recipient_practitioner_id)))
            -- Back from whom it names, or whose practitioner it names.
            else c.two_way
                 and (c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', s.clinic_id))
                      or c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'clinic_id', s.clinic_id)))
            end)
  -- None of the patient's consents is one that can't be read: it might be the one that forbids.
  and not exists (
      select from unreadable_consents u
      where u.clinic_id = case when s.basis_clinic_id is null then s.clinic_id else s.basis_clinic_id end
        and u.patient_id = case when s.basis_patient_id is null then s.patient_id else s.basis_patient_id end);

-- Back to questions that each policy asks for itself.

drop trigger weigh_anew on consents;
drop function consents_are_weighed_anew();

create or replace function patient_came_in(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare here constant uuid := current_setting('app.clinic_id')::uuid;
begin
    return exists (select from shares s
                   where s.recipient_clinic_id = here and s.clinic_id = clinic and s.patient_id = patient)
        or exists (select from referrals r
                   where r.recipient_clinic_id = here and r.clinic_id = clinic and r.patient_id = patient);
end $$;

create or replace function report_is_open(clinic uuid, report uuid, version integer) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (select from open_shares o
                   where o.clinic_id = clinic and o.report_id = report and o.report_version = version);
end $$;

create or replace function patient_is_open(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from open_shares o where o.clinic_id = clinic and o.patient_id = patient); end $$;

create function key_came_in(clinic uuid, subject uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare here constant uuid := current_setting('app.clinic_id')::uuid;
begin
    if subject <> clinic then return patient_came_in(clinic, subject); end if;
    return exists (select from shares s where s.recipient_clinic_id = here and s.clinic_id = clinic)
        or exists (select from referrals r where r.recipient_clinic_id = here and r.clinic_id = clinic
                     and r.kind = 'second_opinion' and r.patient_id is null);
end $$;
comment on function key_came_in is 'Whether the present clinic was sent what this key seals: something of the patient, or of the office.';
grant execute on function key_came_in(uuid, uuid) to rapport_tenant;
alter policy came_in on data_keys using (key_came_in(clinic_id, subject_id));
drop function office_key_came_in(uuid);

alter policy came_by_link on consents rename to this_share;
alter policy this_share on consents using (exists (
    select from shares s where s.recipient_kind = 'guest' and s.clinic_id = consents.clinic_id
      and s.patient_id = consents.patient_id));
create policy this_referral on consents for select to rapport_link using (exists (
    select from referrals r where r.clinic_id = consents.clinic_id and r.patient_id = consents.patient_id));
alter policy came_by_link on data_keys rename to this_share;
alter policy this_share on data_keys using (exists (
    select from share_links l join shares s on s.clinic_id = l.clinic_id and s.id = l.share_id
    where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = data_keys.clinic_id
      and data_keys.subject_id in (s.patient_id, s.clinic_id)
    offset 0));
create policy this_referral on data_keys for select to rapport_link using (exists (
    select from share_links l join referrals r on r.clinic_id = l.clinic_id and r.id = l.referral_id
    where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = data_keys.clinic_id
      and data_keys.subject_id in (r.patient_id, r.clinic_id)
    offset 0));
alter policy this_link on clinic_keys using (exists (
    select from share_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = clinic_keys.clinic_id));
alter policy disclosed_to_a_guest on patients using (exists (
    select from open_guest_shares o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));
alter policy disclosed_to_a_guest on report_versions using (exists (
    select from open_guest_shares o where o.clinic_id = report_versions.clinic_id
      and o.report_id = report_versions.report_id and o.report_version = report_versions.number offset 0));
alter policy disclosed_to_a_guest on version_attachments using (exists (
    select from open_guest_shares o where o.clinic_id = version_attachments.clinic_id
      and o.report_id = version_attachments.report_id and o.report_version = version_attachments.number
      and 'attachments' = any (o.sections) offset 0));
alter policy disclosed_to_a_guest on attachments using (exists (
    select from version_attachments v join open_guest_shares o on o.clinic_id = v.clinic_id and o.report_id = v.report_id
      and o.report_version = v.number
    where v.clinic_id = attachments.clinic_id and v.attachment_id = attachments.id
      and 'attachments' = any (o.sections) offset 0));
alter policy referred_to_a_guest on referral_texts using (exists (
    select from open_guest_referrals o
    where o.clinic_id = referral_texts.clinic_id and o.referral_id = referral_texts.referral_id offset 0));
alter policy referred_to_a_guest on patients using (exists (
    select from open_guest_referrals o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));

drop function guest_referral_is_open(uuid, uuid);
drop function guest_patient_is_referred(uuid, uuid);
drop function guest_attachment_is_open(uuid, uuid);
drop function guest_attachments_are_open(uuid, uuid, integer);
drop function guest_patient_is_open(uuid, uuid);
drop function guest_report_is_open(uuid, uuid, integer);
drop function clinic_is_of_link(uuid);
drop function patient_came_by_link(uuid, uuid);

-- The policies of one reading ask the same question more than once: of the version, of the patient and of the keys, within one
-- transaction, at one time of decision, with the consents held. Each is answered once now, and what was found open is kept for
-- the rest of the transaction in a setting that is local to it: with who asks, and for the gate with the time of decision, so that
-- it fits no other question. It goes when a consent changes in the same transaction. Only these functions write it, as a test says.

create function consents_are_weighed_anew() returns trigger language plpgsql
    set search_path = pg_catalog, public as $$
begin
    perform set_config('app.opened', '', true);
    return null;
end $$;
create trigger weigh_anew after insert or update on consents for each statement
    execute function consents_are_weighed_anew();

create or replace function patient_came_in(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare
    here constant text := current_setting('app.clinic_id');
    asked constant text := here || clinic || patient;
begin
    if current_setting('app.came_in', true) = asked then return true; end if;
    -- What came in stays: there is nothing to take back in the same transaction.
    if exists (select from shares s
               where s.recipient_clinic_id = here::uuid and s.clinic_id = clinic and s.patient_id = patient)
       or exists (select from referrals r
                  where r.recipient_clinic_id = here::uuid and r.clinic_id = clinic and r.patient_id = patient) then
        perform set_config('app.came_in', asked, true);
        return true;
    end if;
    return false;
end $$;

-- The key of an office, which is a clinic's own. Those of patients came in with them.
create function office_key_came_in(clinic uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare here constant uuid := current_setting('app.clinic_id')::uuid;
begin
    return exists (select from shares s where s.recipient_clinic_id = here and s.clinic_id = clinic)
        or exists (select from referrals r where r.recipient_clinic_id = here and r.clinic_id = clinic
                     and r.kind = 'second_opinion' and r.patient_id is null);
end $$;
comment on function office_key_came_in is 'Whether the present clinic was sent something that this clinic''s office key seals.';
alter policy came_in on data_keys using (case when subject_id = clinic_id then office_key_came_in(clinic_id)
    else patient_came_in(clinic_id, subject_id) end);
drop function key_came_in(uuid, uuid);

create or replace function report_is_open(clinic uuid, report uuid, version integer) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare patient uuid;
begin
    select o.patient_id into patient from open_shares o
    where o.clinic_id = clinic and o.report_id = report and o.report_version = version
    limit 1;
    if not found then return false; end if;
    perform set_config('app.opened', current_setting('app.clinic_id') || current_setting('app.member_id')
        || current_setting('app.at') || clinic || patient, true);
    return true;
end $$;

create or replace function patient_is_open(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return current_setting('app.opened', true) = current_setting('app.clinic_id') || current_setting('app.member_id')
            || current_setting('app.at', true) || clinic || patient
        or exists (select from open_shares o where o.clinic_id = clinic and o.patient_id = patient);
end $$;

-- ---- guests ----------------------------------------------------------------------------------
-- Theirs were still parts of every statement's plan. The way to what a link leads to begins at the link, whatever else a patient has.

create function patient_came_by_link(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare
    link constant text := current_setting('app.link_id');
    asked constant text := link || clinic || patient;
begin
    if current_setting('app.came_in', true) = asked then return true; end if;
    if exists (select from share_links l join shares s on s.clinic_id = l.clinic_id and s.id = l.share_id
               where l.id = link::uuid and l.clinic_id = clinic and s.recipient_kind = 'guest' and s.patient_id = patient)
       or exists (select from share_links l join referrals r on r.clinic_id = l.clinic_id and r.id = l.referral_id
                  where l.id = link::uuid and l.clinic_id = clinic and r.guest_address is not null
                    and r.patient_id = patient) then
        perform set_config('app.came_in', asked, true);
        return true;
    end if;
    return false;
end $$;
comment on function patient_came_by_link is 'Whether the guest at app.link_id was sent anything of this patient, by a share or a referral.';

create function clinic_is_of_link(clinic uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (select from share_links l where l.id = current_setting('app.link_id')::uuid and l.clinic_id = clinic);
end $$;
comment on function clinic_is_of_link is 'Whether the guest''s link at app.link_id is one of this clinic.';

create function guest_report_is_open(clinic uuid, report uuid, version integer) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare patient uuid;
begin
    select o.patient_id into patient from open_guest_shares o
    where o.clinic_id = clinic and o.report_id = report and o.report_version = version
    limit 1;
    if not found then return false; end if;
    perform set_config('app.opened', current_setting('app.link_id') || current_setting('app.at') || clinic || patient, true);
    return true;
end $$;

create function guest_patient_is_open(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return current_setting('app.opened', true) = current_setting('app.link_id')
            || current_setting('app.at', true) || clinic || patient
        or exists (select from open_guest_shares o where o.clinic_id = clinic and o.patient_id = patient);
end $$;

create function guest_attachments_are_open(clinic uuid, report uuid, version integer) returns boolean
    language plpgsql stable cost 1000 set search_path = pg_catalog, public as $$
begin
    return exists (select from open_guest_shares o
                   where o.clinic_id = clinic and o.report_id = report and o.report_version = version
                     and 'attachments' = any(o.sections));
end $$;

create function guest_attachment_is_open(clinic uuid, attachment uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (select from version_attachments v join open_guest_shares o on o.clinic_id = v.clinic_id
                       and o.report_id = v.report_id and o.report_version = v.number
                   where v.clinic_id = clinic and v.attachment_id = attachment and 'attachments' = any(o.sections));
end $$;

create function guest_patient_is_referred(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from open_guest_referrals o where o.clinic_id = clinic and o.patient_id = patient); end $$;

create function guest_referral_is_open(clinic uuid, referral uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from open_guest_referrals o where o.clinic_id = clinic and o.referral_id = referral); end $$;

drop policy this_referral on consents;
alter policy this_share on consents using (patient_came_by_link(clinic_id, patient_id));
alter policy this_share on consents rename to came_by_link;
drop policy this_referral on data_keys;
alter policy this_share on data_keys using (case when subject_id = clinic_id then clinic_is_of_link(clinic_id)
    else patient_came_by_link(clinic_id, subject_id) end);
alter policy this_share on data_keys rename to came_by_link;
alter policy this_link on clinic_keys using (clinic_is_of_link(clinic_id));
alter policy disclosed_to_a_guest on report_versions using (guest_report_is_open(clinic_id, report_id, number));
alter policy disclosed_to_a_guest on patients using (guest_patient_is_open(clinic_id, id));
alter policy disclosed_to_a_guest on version_attachments using (guest_attachments_are_open(clinic_id, report_id, number));
alter policy disclosed_to_a_guest on attachments using (guest_attachment_is_open(clinic_id, id));
alter policy referred_to_a_guest on patients using (guest_patient_is_referred(clinic_id, id));
alter policy referred_to_a_guest on referral_texts using (guest_referral_is_open(clinic_id, referral_id));

grant execute on function office_key_came_in(uuid) to rapport_tenant;
grant execute on function patient_came_by_link(uuid, uuid), clinic_is_of_link(uuid), guest_report_is_open(uuid, uuid, integer),
    guest_patient_is_open(uuid, uuid), guest_attachments_are_open(uuid, uuid, integer), guest_attachment_is_open(uuid, uuid),
    guest_patient_is_referred(uuid, uuid), guest_referral_is_open(uuid, uuid) to rapport_link;

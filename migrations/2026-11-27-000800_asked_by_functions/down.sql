create view unreadable_consents with (security_invoker = true) as
select c.clinic_id, c.patient_id, c.id
from consents c
where c.state not in ('pending', 'active', 'revoked', 'superseded', 'declined')
   or not c.categories <@ array['treatment_plan', 'progress_report', 'outcome_measures', 'history', 'attachments',
                 'referral', 'mental_health', 'substance_use', 'reproductive_health']
   or case when jsonb_typeof(c.recipients) = 'array'
                then jsonb_array_length(c.recipients) <> (
                    select count(*) from jsonb_path_query(c.recipients, '$[*] ? (@.type() == "object"
                        && @.name.type() == "string"
                        && (!exists(@.email) || @.email.type() == "null" || @.email.type() == "string")
                        && (!exists(@.clinic_id) || @.clinic_id.type() == "null" || (@.clinic_id.type() == "string"
                            && @.clinic_id like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" flag "i"))
                        && (!exists(@.practitioner_id) || @.practitioner_id.type() == "null"
                            || (@.practitioner_id.type() == "string" && @.practitioner_id like_regex
                                "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" flag "i"))
                        && @.kind.type() == "string"
                        && ((@.kind == "guest" && @.email.type() == "string") || (@.kind == "clinic" && @.clinic_id.type() == "string")
                            || (@.kind == "practitioner" && @.clinic_id.type() == "string"
                                && @.practitioner_id.type() == "string")))'))
                else true end;
comment on view unreadable_consents is 'Consents of which some part can''t be understood: each of them denies everything.';
grant select on unreadable_consents to rapport_tenant, rapport_link;

drop policy came_in on consents;
create policy of_what_came_in on consents for select to rapport_tenant using (exists (
    select from shares s where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and s.clinic_id = consents.clinic_id and s.patient_id = consents.patient_id offset 0));
create policy of_what_was_referred on consents for select to rapport_tenant using (exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = consents.clinic_id and r.patient_id = consents.patient_id offset 0));
create policy referred on data_keys for select to rapport_tenant using (exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = data_keys.clinic_id and r.patient_id = data_keys.subject_id offset 0));
create policy asked on data_keys for select to rapport_tenant using (subject_id = clinic_id and exists (
    select from referrals r where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and r.clinic_id = data_keys.clinic_id and r.kind = 'second_opinion' and r.patient_id is null offset 0));
alter policy came_with_a_referral on clinic_keys rename to referred;
alter policy came_with_a_referral on patients rename to referred;
alter policy referred on patients using (exists (
    select from open_referrals o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));
alter policy came_in on data_keys using (exists (
    select from shares s where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and s.clinic_id = data_keys.clinic_id and (data_keys.subject_id = data_keys.clinic_id or s.patient_id = data_keys.subject_id)
    offset 0));
alter policy disclosed on patients using (exists (
    select from open_shares o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));
alter policy disclosed on report_versions using (exists (
    select from open_shares o where o.clinic_id = report_versions.clinic_id
      and o.report_id = report_versions.report_id and o.report_version = report_versions.number offset 0));
alter policy disclosed on version_attachments using (exists (
    select from open_shares o where o.clinic_id = version_attachments.clinic_id
      and o.report_id = version_attachments.report_id and o.report_version = version_attachments.number
      and 'attachments' = any (o.sections) offset 0));
alter policy disclosed on attachments using (exists (
    select from version_attachments v join open_shares o on o.clinic_id = v.clinic_id and o.report_id = v.report_id
      and o.report_version = v.number
    where v.clinic_id = attachments.clinic_id and v.attachment_id = attachments.id
      and 'attachments' = any (o.sections) offset 0));
alter policy disclosed on referral_texts using (exists (
    select from open_referrals o where o.clinic_id = referral_texts.clinic_id and o.referral_id = referral_texts.referral_id offset 0));
alter policy disclosed on referral_messages using (exists (
    select from open_referrals o
    where o.clinic_id = referral_messages.clinic_id and o.referral_id = referral_messages.referral_id offset 0));
alter policy answered on referral_messages
    with check (by_clinic = (select current_setting('app.clinic_id')::uuid) and exists (
        select from open_referrals o
        where o.clinic_id = referral_messages.clinic_id and o.referral_id = referral_messages.referral_id offset 0));
alter policy came_in on referral_messages
    using (by_clinic <> (select current_setting('app.clinic_id')::uuid) and exists (
        select from open_referrals o
        where o.clinic_id = referral_messages.clinic_id and o.referral_id = referral_messages.referral_id offset 0));
alter policy own on reports
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and (draft is null or exists (select from clinical_reader)))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
alter policy own on report_versions
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
alter policy own on attachments
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
alter policy own on version_attachments
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
alter policy own on opinion_texts
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from referral_reader));
alter policy own on referral_messages
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from referral_reader));
alter policy told on events with check (
    clinic_id = (select current_setting('app.clinic_id')::uuid)
    or case object_type
       when 'share' then exists (select from shares s where s.id = events.object_id
           and events.clinic_id in (s.clinic_id, s.recipient_clinic_id))
       when 'referral' then exists (select from referrals r where r.id = events.object_id and r.sent_at is not null
           and events.clinic_id in (r.clinic_id, r.recipient_clinic_id))
       when 'consent' then exists (select from consents c where c.id = events.object_id
           and c.clinic_id = (select current_setting('app.clinic_id')::uuid)
           and (exists (select from shares s where s.recipient_clinic_id = events.clinic_id
                          and s.clinic_id = c.clinic_id and s.patient_id = c.patient_id)
                or exists (select from referrals r where r.recipient_clinic_id = events.clinic_id
                             and r.clinic_id = c.clinic_id and r.patient_id = c.patient_id and r.sent_at is not null)))
       else false end);
alter policy acted_on_our_record on members using (exists (
    select from audit_events e
    where e.actor_clinic_id = members.clinic_id and e.actor_clinic_id <> e.clinic_id
      and e.clinic_id = (select current_setting('app.clinic_id')::uuid) and e.actor_id = members.id
    offset 0));
alter policy own on referral_texts
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from referral_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid)
                and by_clinic = (select current_setting('app.clinic_id')::uuid));
create or replace view open_shares with (security_invoker = true) as
select s.clinic_id, s.id as share_id, s.patient_id, s.report_id, s.report_version, s.sections
from shares s
where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (s.recipient_practitioner_id is null
       or s.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and s.state <> 'withdrawn'
  and exists (select from clinical_reader)
  and exists (
      select from consents c
      where c.clinic_id = case when s.basis_clinic_id is null then s.clinic_id else s.basis_clinic_id end
        and c.patient_id = case when s.basis_patient_id is null then s.patient_id else s.basis_patient_id end
        and consent_reaches(c, s.purpose, s.categories, (select current_setting('app.at')::timestamptz))
        and case when s.basis_clinic_id is null
            then c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', s.recipient_clinic_id))
                 or (s.recipient_practitioner_id is not null
                     and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                         s.recipient_practitioner_id)))
            else c.two_way
                 and (c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', s.clinic_id))
                      or c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'clinic_id', s.clinic_id)))
            end)
  and not exists (
      select from unreadable_consents u
      where u.clinic_id = case when s.basis_clinic_id is null then s.clinic_id else s.basis_clinic_id end
        and u.patient_id = case when s.basis_patient_id is null then s.patient_id else s.basis_patient_id end);
create or replace view open_guest_shares with (security_invoker = true) as
select s.clinic_id, s.id as share_id, s.patient_id, s.report_id, s.report_version, s.sections
from shares s
join share_links l on l.clinic_id = s.clinic_id and l.share_id = s.id
where l.id = (select current_setting('app.link_id')::uuid)
  and l.ended_at is null
  and l.tries_left > 0
  and l.expires_at > (select current_setting('app.at')::timestamptz)
  and s.recipient_kind = 'guest'
  and s.state <> 'withdrawn'
  and exists (
      select from consents c
      where c.clinic_id = s.clinic_id
        and c.patient_id = s.patient_id
        and consent_reaches(c, s.purpose, s.categories, (select current_setting('app.at')::timestamptz))
        and exists (select from jsonb_array_elements(
                        case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                    where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = s.recipient_email))
  and not exists (select from unreadable_consents u where u.clinic_id = s.clinic_id and u.patient_id = s.patient_id);
create or replace view open_referrals with (security_invoker = true) as
select r.clinic_id, r.id as referral_id, r.patient_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and exists (select from referral_reader)
  and exists (
      select from consents c
      where c.clinic_id = r.clinic_id
        and c.patient_id = r.patient_id
        and consent_reaches(c, 'treatment', array['referral'], (select current_setting('app.at')::timestamptz))
        and case when r.guest_address is not null
            then exists (select from jsonb_array_elements(
                             case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                         where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = r.guest_address)
            else c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', r.recipient_clinic_id))
                 or (r.recipient_practitioner_id is not null
                     and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                         r.recipient_practitioner_id))) end)
  and not exists (select from unreadable_consents u where u.clinic_id = r.clinic_id and u.patient_id = r.patient_id);
create or replace view open_guest_referrals with (security_invoker = true) as
select r.clinic_id, r.id as referral_id, r.patient_id
from referrals r
join share_links l on l.clinic_id = r.clinic_id and l.referral_id = r.id
where l.id = (select current_setting('app.link_id')::uuid)
  and l.ended_at is null
  and l.tries_left > 0
  and l.expires_at > (select current_setting('app.at')::timestamptz)
  and r.recipient_clinic_id is null
  and r.state in ('sent', 'received')
  and exists (
      select from consents c
      where c.clinic_id = r.clinic_id
        and c.patient_id = r.patient_id
        and consent_reaches(c, 'treatment', array['referral'], (select current_setting('app.at')::timestamptz))
        and exists (select from jsonb_array_elements(
                        case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                    where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = r.guest_address))
  and not exists (select from unreadable_consents u where u.clinic_id = r.clinic_id and u.patient_id = r.patient_id);
create or replace view open_opinions with (security_invoker = true) as
select r.clinic_id, r.id as referral_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.kind = 'second_opinion'
  and r.patient_id is null
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and exists (select from referral_reader);

drop function may_be_told(uuid, text, uuid), referral_is_open(uuid, uuid), patient_is_referred(uuid, uuid),
    patient_is_open(uuid, uuid), attachment_is_open(uuid, uuid), attachments_are_open(uuid, uuid, integer),
    report_is_open(uuid, uuid, integer), consent_is_unreadable(consents), key_came_in(uuid, uuid), patient_came_in(uuid, uuid),
    acted_on_our_record(uuid, uuid), reads_referrals(), reads_clinical_content();

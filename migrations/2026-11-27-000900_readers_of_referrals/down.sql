alter policy own on opinion_texts
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader));
alter policy own on referral_messages
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader));
alter policy own on referral_texts
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid)
                and by_clinic = (select current_setting('app.clinic_id')::uuid));

create or replace view open_opinions with (security_invoker = true) as
select r.clinic_id, r.id as referral_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.kind = 'second_opinion'
  and r.patient_id is null
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and exists (select from clinical_reader);

create or replace view open_referrals with (security_invoker = true) as
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
        and case when r.guest_address is not null
            then exists (select from jsonb_array_elements(
                             case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                         where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = r.guest_address)
            else c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', r.recipient_clinic_id))
                 or (r.recipient_practitioner_id is not null
                     and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                         r.recipient_practitioner_id))) end)
  and not exists (select from unreadable_consents u where u.clinic_id = r.clinic_id and u.patient_id = r.patient_id);

drop view referral_reader;

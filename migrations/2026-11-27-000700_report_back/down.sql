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
      where c.clinic_id = s.clinic_id
        and c.patient_id = s.patient_id
        and consent_reaches(c, s.purpose, s.categories, (select current_setting('app.at')::timestamptz))
        -- A clinic covers its practitioners; a practitioner nobody else.
        and (c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', s.recipient_clinic_id))
             or (s.recipient_practitioner_id is not null
                 and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                     s.recipient_practitioner_id)))))
  -- None of the patient's consents is one that can't be read: it might be the one that forbids.
  and not exists (select from unreadable_consents u where u.clinic_id = s.clinic_id and u.patient_id = s.patient_id);
drop policy of_what_was_referred on shares;
drop trigger keep_basis on shares;
drop function shares_keep_their_basis();
drop index shares_of_basis;
alter table shares drop column basis_patient_id, drop column basis_clinic_id;

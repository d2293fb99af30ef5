alter policy told_at_a_link on events with check (case object_type
    when 'share' then exists (select from shares s where s.id = events.object_id and s.clinic_id = events.clinic_id)
    when 'incident' then exists (select from incidents i where i.id = events.object_id and i.clinic_id = events.clinic_id)
    when 'consent' then exists (select from consents c where c.id = events.object_id
        and (c.clinic_id = events.clinic_id
             or exists (select from shares s where s.recipient_clinic_id = events.clinic_id
                          and s.clinic_id = c.clinic_id and s.patient_id = c.patient_id)
             or exists (select from referrals r where r.recipient_clinic_id = events.clinic_id
                          and r.clinic_id = c.clinic_id and r.patient_id = c.patient_id)))
    else false end);

-- What a guest does with a referral is told to who sent it.
alter policy told_at_a_link on events with check (case object_type
    when 'share' then exists (select from shares s where s.id = events.object_id and s.clinic_id = events.clinic_id)
    when 'incident' then exists (select from incidents i where i.id = events.object_id and i.clinic_id = events.clinic_id)
    when 'referral' then exists (select from referrals r
        join share_links l on l.clinic_id = r.clinic_id and l.referral_id = r.id
        where r.id = events.object_id and r.clinic_id = events.clinic_id
          and l.id = (select current_setting('app.link_id')::uuid))
    when 'consent' then exists (select from consents c where c.id = events.object_id
        and (c.clinic_id = events.clinic_id
             or exists (select from shares s where s.recipient_clinic_id = events.clinic_id
                          and s.clinic_id = c.clinic_id and s.patient_id = c.patient_id)
             or exists (select from referrals r where r.recipient_clinic_id = events.clinic_id
                          and r.clinic_id = c.clinic_id and r.patient_id = c.patient_id)))
    else false end);

-- A guest who reads or declines a referral turns its clock, as everybody who moves one.

create policy this_link on referral_clocks to rapport_link
    using (exists (select from referrals r where r.clinic_id = referral_clocks.clinic_id and r.id = referral_clocks.referral_id))
    with check (exists (select from referrals r where r.clinic_id = referral_clocks.clinic_id and r.id = referral_clocks.referral_id));
grant select, update (awaits, due_at, report_due_at, expires_at, remind_at, answered_at, scheduled_at)
    on referral_clocks to rapport_link;

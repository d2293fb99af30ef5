-- What referrals say is read by who may read that: a client with the scopes of referrals too, which opens it no report.

create view referral_reader with (security_invoker = true) as
select m.id from members m
where m.clinic_id = (select current_setting('app.clinic_id')::uuid)
  and m.id = (select current_setting('app.member_id')::uuid)
  and m.state = 'active'
  and m.role in ('owner', 'practitioner')
union all
select c.id from api_clients c
where c.clinic_id = (select current_setting('app.clinic_id')::uuid)
  and c.id = (select current_setting('app.member_id')::uuid)
  and c.state = 'active'
  and c.scopes && array['referrals:read', 'referrals:write'];
comment on view referral_reader is 'The present member, if active in a role that reads clinical content, or client with a scope of referrals.';
grant select on referral_reader to rapport_tenant;

alter policy own on referral_texts
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from referral_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid)
                and by_clinic = (select current_setting('app.clinic_id')::uuid));

drop policy keeping on referrals;
revoke all on referrals from rapport_keeper;
revoke all on referrals, referral_texts, referral_transitions from rapport_link;
drop policy referred_to_a_guest on referral_texts;
drop policy referred_to_a_guest on patients;
drop policy this_link on referral_transitions;
drop policy this_link_moves on referral_transitions;
drop policy this_referral on consents;
drop policy this_referral on data_keys;
drop policy this_referral on incidents;
drop policy this_link_moves on referrals;
drop policy this_link on referrals;
drop view open_guest_referrals;
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
        and (c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'clinic', 'clinic_id', r.recipient_clinic_id))
             or (r.recipient_practitioner_id is not null
                 and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner', 'practitioner_id',
                     r.recipient_practitioner_id)))))
  and not exists (select from unreadable_consents u where u.clinic_id = r.clinic_id and u.patient_id = r.patient_id);

drop policy renewal on share_links;
create policy renewal on share_links for insert to rapport_link with check (exists (
    select from share_links l where l.id = current_setting('app.link_id')::uuid
      and l.clinic_id = share_links.clinic_id and l.share_id = share_links.share_id));

drop trigger keep_guest on referrals;
drop trigger claimed on referrals;
drop trigger keep_terms on referrals;
create trigger keep_terms before update on referrals for each row execute function referrals_keep_their_terms();
drop function referrals_keep_their_guest();
drop function referrals_are_claimed_once();

-- What went to a guest has no place in the older tables, and what was recorded of it stays in the log.
alter table referrals no force row level security;
alter table referral_texts no force row level security;
alter table referral_transitions no force row level security;
alter table share_links no force row level security;
alter table share_link_sessions no force row level security;
alter table incidents no force row level security;
alter table referral_messages no force row level security;
alter table referrals disable trigger append_only;
alter table referral_texts disable trigger append_only;
alter table referral_transitions disable trigger append_only;
alter table referral_messages disable trigger append_only;
delete from incidents where referral_id is not null;
delete from share_link_sessions s using share_links l where l.id = s.link_id and l.referral_id is not null;
delete from share_links where referral_id is not null;
delete from referral_messages m using referrals r where r.id = m.referral_id and r.guest_address is not null;
delete from referral_transitions t using referrals r where r.id = t.referral_id and r.guest_address is not null;
delete from referral_texts t using referrals r where r.id = t.referral_id and r.guest_address is not null;
delete from referrals where guest_address is not null;
alter table referrals enable trigger append_only;
alter table referral_texts enable trigger append_only;
alter table referral_transitions enable trigger append_only;
alter table referral_messages enable trigger append_only;
alter table referrals force row level security;
alter table referral_texts force row level security;
alter table referral_transitions force row level security;
alter table share_links force row level security;
alter table share_link_sessions force row level security;
alter table incidents force row level security;
alter table referral_messages force row level security;

alter table incidents
    drop constraint incidents_of_referral,
    drop constraint incidents_are_of_one,
    drop column referral_id,
    alter column share_id set not null;
alter table share_links
    drop constraint share_links_ended_by_check,
    add constraint share_links_ended_by_check check (ended_by in ('renewal', 'withdrawal', 'misdirected')),
    drop constraint share_links_of_referral,
    drop constraint share_links_lead_to_one,
    drop column referral_id,
    alter column share_id set not null;
drop index referrals_sealed;
alter table referrals
    drop constraint referrals_name_a_clinic_or_a_guest,
    drop column office_key_version,
    drop column envelope,
    drop column guest_address,
    alter column recipient_clinic_id set not null;

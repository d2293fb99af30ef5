-- Referrals to guests: somebody without an account reads one at a link, declines it, or takes it up by signing up. The link is
-- that of share_links: what it leads to is a share or a referral.

alter table referrals
    alter column recipient_clinic_id drop not null,
    add column guest_address text,
    add column envelope bytea,
    add column office_key_version integer,
    add constraint referrals_name_a_clinic_or_a_guest check (
        (recipient_clinic_id is not null or guest_address is not null)
        and (guest_address is null) = (envelope is null) and (envelope is null) = (office_key_version is null)),
    add constraint referrals_office_data_key foreign key (clinic_id, clinic_id, office_key_version)
        references data_keys (clinic_id, subject_id, version);
comment on column referrals.recipient_clinic_id is 'Nothing for a guest who has not taken it up.';
comment on column referrals.guest_address is
    'Of a guest: a keyed hash of the address, as the gate compares it. It stays when the guest has taken the referral up: the consent names the address.';
comment on column referrals.envelope is 'A guest''s name and address: sealed JSON, with the key of the clinic''s office.';
create index referrals_sealed on referrals (clinic_id, office_key_version) where envelope is not null;

-- A guest takes a referral up once: from then on a practitioner is whom it is for, and nothing else of it changes thereby.
drop trigger keep_terms on referrals;
create trigger keep_terms before update on referrals for each row
    when ((old.recipient_clinic_id is not null or new.recipient_clinic_id is null) and current_user <> 'rapport_keeper')
    execute function referrals_keep_their_terms();
create function referrals_are_claimed_once() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare claim constant text[] := array['recipient_clinic_id', 'recipient_practitioner_id', 'recipient_name', 'version'];
begin
    if to_jsonb(new) - claim is distinct from to_jsonb(old) - claim
    then raise exception 'the terms of a referral never change'; end if;
    return new;
end $$;
create trigger claimed before update on referrals for each row
    when (old.recipient_clinic_id is null and new.recipient_clinic_id is not null)
    execute function referrals_are_claimed_once();
-- Whoever rotates keys seals a guest anew, also of a referral that is over, and changes nothing else; everybody else no guest.
create function referrals_keep_their_guest() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare sealed constant text[] := array['envelope', 'office_key_version'];
begin
    if (current_user = 'rapport_keeper' and to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed)
       or (current_user <> 'rapport_keeper' and (new.guest_address, new.envelope, new.office_key_version)
           is distinct from (old.guest_address, old.envelope, old.office_key_version))
    then raise exception 'the terms of a referral never change'; end if;
    return new;
end $$;
create trigger keep_guest before update on referrals for each row execute function referrals_keep_their_guest();

alter table share_links
    alter column share_id drop not null,
    add column referral_id uuid,
    add constraint share_links_of_a_referral foreign key (clinic_id, referral_id) references referrals (clinic_id, id),
    add constraint share_links_lead_to_one check (num_nonnulls(share_id, referral_id) = 1),
    add constraint share_links_of_referral unique (clinic_id, referral_id, number),
    drop constraint share_links_ended_by_check,
    add constraint share_links_ended_by_check check (ended_by in ('renewal', 'withdrawal', 'misdirected', 'claim'));
comment on table share_links is
    'The link to one share or one referral that a guest was sent; the secret is kept as its SHA-256. What it is good for follows from the clock, the tries, the openings and what it leads to: share_links/state.rs.';

alter table incidents
    alter column share_id drop not null,
    add column referral_id uuid,
    add constraint incidents_of_a_referral foreign key (clinic_id, referral_id) references referrals (clinic_id, id),
    add constraint incidents_are_of_one check (num_nonnulls(share_id, referral_id) = 1),
    add constraint incidents_of_referral unique (clinic_id, kind, referral_id);

-- ---- the floor: a guest at a link sees its referral, and the words of that through the gate ----

drop policy renewal on share_links;
create policy renewal on share_links for insert to rapport_link with check (exists (
    select from share_links l where l.id = current_setting('app.link_id')::uuid and l.clinic_id = share_links.clinic_id
      and (l.share_id, l.referral_id) is not distinct from (share_links.share_id, share_links.referral_id)));

-- Nobody else's, and once it is somebody's who has an account it is behind no link any more.
create policy this_link on referrals for select to rapport_link using (guest_address is not null and exists (
    select from share_links l where l.id = (select current_setting('app.link_id')::uuid)
      and l.clinic_id = referrals.clinic_id and l.referral_id = referrals.id));
create policy this_link_moves on referrals for update to rapport_link
    using (recipient_clinic_id is null and state in ('sent', 'received') and exists (
        select from share_links l where l.id = (select current_setting('app.link_id')::uuid)
          and l.clinic_id = referrals.clinic_id and l.referral_id = referrals.id))
    with check (state in ('sent', 'received', 'declined'));

create view open_guest_referrals with (security_invoker = true) as
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
comment on view open_guest_referrals is 'What is open to the guest at app.link_id at app.at: the gate once more, as in open_referrals.';

-- Whoever took one up reads it under the consent that names the guest's address: the claim, by the secret and a code that went
-- there, is the proof that it is the same person. No other consent opens it.
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

create policy referred_to_a_guest on referral_texts for select to rapport_link using (exists (
    select from open_guest_referrals o
    where o.clinic_id = referral_texts.clinic_id and o.referral_id = referral_texts.referral_id offset 0));
create policy referred_to_a_guest on patients for select to rapport_link using (exists (
    select from open_guest_referrals o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));
create policy this_link on referral_transitions for select to rapport_link using (exists (
    select from referrals r where r.clinic_id = referral_transitions.clinic_id and r.id = referral_transitions.referral_id));
-- A guest is nobody's member.
create policy this_link_moves on referral_transitions for insert to rapport_link
    with check (to_state in ('received', 'declined') and by_clinic is null and by_id is null and text_id is null and exists (
        select from referrals r where r.clinic_id = referral_transitions.clinic_id and r.id = referral_transitions.referral_id));
create policy this_referral on consents for select to rapport_link using (exists (
    select from referrals r where r.clinic_id = consents.clinic_id and r.patient_id = consents.patient_id));
create policy this_referral on data_keys for select to rapport_link using (exists (
    select from share_links l join referrals r on r.clinic_id = l.clinic_id and r.id = l.referral_id
    where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = data_keys.clinic_id
      and data_keys.subject_id in (r.patient_id, r.clinic_id)
    offset 0));
create policy this_referral on incidents to rapport_link
    using (exists (select from referrals r where r.clinic_id = incidents.clinic_id and r.id = incidents.referral_id))
    with check (exists (select from referrals r where r.clinic_id = incidents.clinic_id and r.id = incidents.referral_id));
grant select, update (state, received_at, closed_at, recipient_clinic_id, recipient_practitioner_id, recipient_name, version)
    on referrals to rapport_link;
grant select on referral_texts, open_guest_referrals to rapport_link;
grant select, insert on referral_transitions to rapport_link;

create policy keeping on referrals to rapport_keeper using (true) with check (true);
grant select (id, clinic_id, envelope, office_key_version), update (envelope, office_key_version) on referrals to rapport_keeper;

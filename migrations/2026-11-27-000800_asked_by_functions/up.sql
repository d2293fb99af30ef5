-- What policies ask elsewhere, they ask by functions. A policy stands in the plan of every statement on its table, and what it
-- asks stood in there with it, at each place anew, with the policies of what it asks in turn: a reading of one share set up some
-- 150 nodes of plans, of which it ran a few. A function is planned by itself, once for each connection, and is called for the
-- rows only that are not one's own. The answers are the same.

-- ---- who is present --------------------------------------------------------------------------

create function reads_clinical_content() returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from clinical_reader); end $$;
comment on function reads_clinical_content is 'Whether the present member or client reads clinical content: is there a clinical_reader?';

create function reads_referrals() returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from referral_reader); end $$;
comment on function reads_referrals is 'Whether the present member or client reads what referrals say: is there a referral_reader?';

-- Whoever read in our records stands in them by name, also after leaving the other clinic.
create function acted_on_our_record(clinic uuid, member uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (
        select from audit_events e where e.actor_clinic_id = clinic and e.actor_clinic_id <> e.clinic_id
          and e.clinic_id = current_setting('app.clinic_id')::uuid and e.actor_id = member);
end $$;

-- ---- what came to the present clinic ---------------------------------------------------------

create function patient_came_in(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare here constant uuid := current_setting('app.clinic_id')::uuid;
begin
    return exists (select from shares s
                   where s.recipient_clinic_id = here and s.clinic_id = clinic and s.patient_id = patient)
        or exists (select from referrals r
                   where r.recipient_clinic_id = here and r.clinic_id = clinic and r.patient_id = patient);
end $$;
comment on function patient_came_in is 'Whether the present clinic was ever sent anything of this patient, by a share or a referral.';

-- A key opens nothing by itself: what it opens is guarded where it stands. Each question is one look into an index; as one, with
-- `or` between them, they read through all shares that the two clinics ever exchanged.
create function key_came_in(clinic uuid, subject uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
declare here constant uuid := current_setting('app.clinic_id')::uuid;
begin
    if subject <> clinic then return patient_came_in(clinic, subject); end if;
    return exists (select from shares s where s.recipient_clinic_id = here and s.clinic_id = clinic)
        or exists (select from referrals r where r.recipient_clinic_id = here and r.clinic_id = clinic
                     and r.kind = 'second_opinion' and r.patient_id is null);
end $$;
comment on function key_came_in is 'Whether the present clinic was sent what this key seals: something of the patient, or of the office.';

-- ---- whether a consent can be read, without a query of its own ---------------------------------

create function consent_is_unreadable(consent consents) returns boolean language sql immutable parallel safe return
    (consent).state not in ('pending', 'active', 'revoked', 'superseded', 'declined')
    or not (consent).categories <@ array['treatment_plan', 'progress_report', 'outcome_measures', 'history', 'attachments',
                 'referral', 'mental_health', 'substance_use', 'reproductive_health']
    or case when jsonb_typeof((consent).recipients) = 'array'
        then jsonb_array_length((consent).recipients) <> jsonb_array_length(
            jsonb_path_query_array((consent).recipients, '$[*] ? (@.type() == "object"
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
comment on function consent_is_unreadable is 'Whether some part of a consent can''t be understood: one such denies everything.';

-- ---- what is open ----------------------------------------------------------------------------
-- One pass over the patient's consents: one of them covers it whole, and none is one that can't be read, which might be the one
-- that forbids. `consent_reaches` becomes a part of the statement, which it does only where no argument is a query; elsewhere
-- settings are asked for by one, lest the planner ask for a setting that is not there.

create or replace view open_shares with (security_invoker = true) as
select s.clinic_id, s.id as share_id, s.patient_id, s.report_id, s.report_version, s.sections
from shares s
where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (s.recipient_practitioner_id is null
       or s.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and s.state <> 'withdrawn'
  and (select reads_clinical_content())
  and (
      select bool_or(
                 consent_reaches(c, s.purpose, s.categories, current_setting('app.at')::timestamptz)
                 and case when s.basis_clinic_id is null
                     -- A clinic covers its practitioners; a practitioner nobody else.
                     then c.recipients @> jsonb_build_array(
                              jsonb_build_object('kind', 'clinic', 'clinic_id', s.recipient_clinic_id))
                          or (s.recipient_practitioner_id is not null
                              and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner',
                                  'practitioner_id', s.recipient_practitioner_id)))
                     -- Back from whom it names, or whose practitioner it names.
                     else c.two_way
                          and (c.recipients @> jsonb_build_array(
                                   jsonb_build_object('kind', 'clinic', 'clinic_id', s.clinic_id))
                               or c.recipients @> jsonb_build_array(
                                   jsonb_build_object('kind', 'practitioner', 'clinic_id', s.clinic_id)))
                     end)
             and not bool_or(consent_is_unreadable(c))
      from consents c
      -- By `case` and not by `coalesce`, which Postgres holds for a leak: it would ask it of every consent there is.
      where c.clinic_id = case when s.basis_clinic_id is null then s.clinic_id else s.basis_clinic_id end
        and c.patient_id = case when s.basis_patient_id is null then s.patient_id else s.basis_patient_id end);

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
  and (
      select bool_or(
                 consent_reaches(c, s.purpose, s.categories, current_setting('app.at')::timestamptz)
                 -- Addresses are compared as purposes are, whatever their case; the share's was made so when it was written.
                 and exists (select from jsonb_array_elements(
                                 case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                             where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = s.recipient_email))
             and not bool_or(consent_is_unreadable(c))
      from consents c
      where c.clinic_id = s.clinic_id and c.patient_id = s.patient_id);

create or replace view open_referrals with (security_invoker = true) as
select r.clinic_id, r.id as referral_id, r.patient_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and (select reads_referrals())
  and (
      select bool_or(
                 consent_reaches(c, 'treatment', array['referral'], current_setting('app.at')::timestamptz)
                 -- Whoever took one up reads it under the consent that names the guest's address, and no other.
                 and case when r.guest_address is not null
                     then exists (select from jsonb_array_elements(
                                      case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                                  where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = r.guest_address)
                     else c.recipients @> jsonb_build_array(
                              jsonb_build_object('kind', 'clinic', 'clinic_id', r.recipient_clinic_id))
                          or (r.recipient_practitioner_id is not null
                              and c.recipients @> jsonb_build_array(jsonb_build_object('kind', 'practitioner',
                                  'practitioner_id', r.recipient_practitioner_id))) end)
             and not bool_or(consent_is_unreadable(c))
      from consents c
      where c.clinic_id = r.clinic_id and c.patient_id = r.patient_id);

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
  and (
      select bool_or(
                 consent_reaches(c, 'treatment', array['referral'], current_setting('app.at')::timestamptz)
                 and exists (select from jsonb_array_elements(
                                 case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                             where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = r.guest_address))
             and not bool_or(consent_is_unreadable(c))
      from consents c
      where c.clinic_id = r.clinic_id and c.patient_id = r.patient_id);

create or replace view open_opinions with (security_invoker = true) as
select r.clinic_id, r.id as referral_id
from referrals r
where r.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
  and (r.recipient_practitioner_id is null
       or r.recipient_practitioner_id = (select current_setting('app.member_id')::uuid))
  and r.kind = 'second_opinion'
  and r.patient_id is null
  and r.state not in ('draft', 'declined', 'redirected', 'cancelled', 'expired', 'entered_in_error')
  and (select reads_referrals());

drop view unreadable_consents;

create function report_is_open(clinic uuid, report uuid, version integer) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (select from open_shares o
                   where o.clinic_id = clinic and o.report_id = report and o.report_version = version);
end $$;

create function attachments_are_open(clinic uuid, report uuid, version integer) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (select from open_shares o
                   where o.clinic_id = clinic and o.report_id = report and o.report_version = version
                     and 'attachments' = any(o.sections));
end $$;

create function attachment_is_open(clinic uuid, attachment uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    return exists (select from version_attachments v join open_shares o on o.clinic_id = v.clinic_id
                       and o.report_id = v.report_id and o.report_version = v.number
                   where v.clinic_id = clinic and v.attachment_id = attachment and 'attachments' = any(o.sections));
end $$;

create function patient_is_open(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from open_shares o where o.clinic_id = clinic and o.patient_id = patient); end $$;

create function patient_is_referred(clinic uuid, patient uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from open_referrals o where o.clinic_id = clinic and o.patient_id = patient); end $$;

create function referral_is_open(clinic uuid, referral uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin return exists (select from open_referrals o where o.clinic_id = clinic and o.referral_id = referral); end $$;

-- Whom the present clinic may tell of what another one has to do with: its side of a share, a referral or a patient's consent.
create function may_be_told(clinic uuid, kind text, object uuid) returns boolean language plpgsql stable cost 1000
    set search_path = pg_catalog, public as $$
begin
    case kind
        when 'share' then
            return exists (select from shares s where s.id = object and clinic in (s.clinic_id, s.recipient_clinic_id));
        when 'referral' then
            return exists (select from referrals r where r.id = object and r.sent_at is not null
                             and clinic in (r.clinic_id, r.recipient_clinic_id));
        when 'consent' then
            return exists (
                select from consents c where c.id = object and c.clinic_id = current_setting('app.clinic_id')::uuid
                  and (exists (select from shares s where s.recipient_clinic_id = clinic
                                 and s.clinic_id = c.clinic_id and s.patient_id = c.patient_id)
                       or exists (select from referrals r where r.recipient_clinic_id = clinic
                                    and r.clinic_id = c.clinic_id and r.patient_id = c.patient_id and r.sent_at is not null)));
        else return false;
    end case;
end $$;

-- ---- the policies ----------------------------------------------------------------------------
-- Those whose names stood behind `own` were asked before it, of one's own rows too.

alter policy own on reports using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (draft is null or (select reads_clinical_content())));
alter policy own on report_versions using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (select reads_clinical_content()));
alter policy own on attachments using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (select reads_clinical_content()));
alter policy own on version_attachments using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (select reads_clinical_content()));
alter policy own on referral_texts using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (select reads_referrals()));
alter policy own on opinion_texts using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (select reads_referrals()));
alter policy own on referral_messages using (clinic_id = (select current_setting('app.clinic_id')::uuid)
    and (select reads_referrals()));

alter policy acted_on_our_record on members using (acted_on_our_record(clinic_id, id));

drop policy of_what_was_referred on consents;
drop policy of_what_came_in on consents;
create policy came_in on consents for select to rapport_tenant using (patient_came_in(clinic_id, patient_id));

drop policy asked on data_keys;
drop policy referred on data_keys;
alter policy came_in on data_keys using (key_came_in(clinic_id, subject_id));
alter policy referred on clinic_keys rename to came_with_a_referral;

alter policy disclosed on report_versions using (report_is_open(clinic_id, report_id, number));
alter policy disclosed on version_attachments using (attachments_are_open(clinic_id, report_id, number));
alter policy disclosed on attachments using (attachment_is_open(clinic_id, id));
alter policy disclosed on patients using (patient_is_open(clinic_id, id));
alter policy referred on patients rename to came_with_a_referral;
alter policy came_with_a_referral on patients using (patient_is_referred(clinic_id, id));

alter policy disclosed on referral_texts using (referral_is_open(clinic_id, referral_id));
alter policy disclosed on referral_messages using (referral_is_open(clinic_id, referral_id));
alter policy answered on referral_messages with check (by_clinic = (select current_setting('app.clinic_id')::uuid)
    and referral_is_open(clinic_id, referral_id));
alter policy came_in on referral_messages using (by_clinic <> (select current_setting('app.clinic_id')::uuid)
    and referral_is_open(clinic_id, referral_id));

alter policy told on events with check (clinic_id = (select current_setting('app.clinic_id')::uuid)
    or may_be_told(clinic_id, object_type, object_id));

do $$
declare name text;
begin
    foreach name in array array['reads_clinical_content()', 'reads_referrals()', 'acted_on_our_record(uuid, uuid)',
        'patient_came_in(uuid, uuid)', 'key_came_in(uuid, uuid)', 'report_is_open(uuid, uuid, integer)',
        'attachments_are_open(uuid, uuid, integer)', 'attachment_is_open(uuid, uuid)', 'patient_is_open(uuid, uuid)',
        'patient_is_referred(uuid, uuid)', 'referral_is_open(uuid, uuid)', 'may_be_told(uuid, text, uuid)'] loop
        execute format('grant execute on function %s to rapport_tenant', name);
    end loop;
end $$;
grant execute on function consent_is_unreadable(consents) to rapport_tenant, rapport_link;

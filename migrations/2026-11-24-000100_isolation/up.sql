-- The floor: which kind of work may touch what, by grants, and whose rows it sees, by row level security. It stands whatever
-- the service does; the service asks for its tenant all the same, for the index and as a second lock. README.md has the
-- conventions. The roles are there already: they belong to the cluster, and the service makes them before it migrates.

-- ---- rows name what their policy goes by -----------------------------------------------------

alter table consents drop constraint consents_superseded_by_fkey,
    add constraint consents_superseded_by_fkey foreign key (clinic_id, superseded_by) references consents (clinic_id, id);

drop index consents_of_patient;
alter table consents add constraint consents_of_patient unique (clinic_id, patient_id, id);
alter table consent_links add patient_id uuid;
update consent_links set patient_id = c.patient_id from consents c where c.id = consent_links.consent_id;
alter table consent_links alter patient_id set not null, drop constraint consent_links_clinic_id_consent_id_fkey,
    add foreign key (clinic_id, patient_id, consent_id) references consents (clinic_id, patient_id, id);

-- Whether somebody received anything of a patient, and what of a report.
create index shares_of_patient on shares (recipient_clinic_id, clinic_id, patient_id);

-- ---- the lock of the gate tells the time of decision -----------------------------------------

drop function hold_consents_of(uuid);
-- Answers the time at which the consents were held, and keeps it for the policies, which decide by the same time. The shift is
-- in milliseconds and zero but in tests, which travel in time.
create function hold_consents_of(patient uuid, shift_ms bigint) returns timestamptz language plpgsql
    set search_path = pg_catalog, public as $$
declare at timestamptz;
begin
    perform pg_advisory_xact_lock_shared(consents_lock_key(patient));
    at := clock_timestamp() + shift_ms * interval '1 millisecond';
    perform set_config('app.at', at::text, true);
    return at;
end $$;
alter function await_readings_of(uuid) set search_path = pg_catalog, public;
alter function consents_wait_for_readings() set search_path = pg_catalog, public;
alter function consents_keep_their_terms() set search_path = pg_catalog, public;
alter function refuse_change() set search_path = pg_catalog, public;

-- Purposes are the same whatever their case and the blanks around them (those of Unicode's White_Space). Case takes the rules
-- of Unicode and not of the database's locale; where Postgres was built without ICU, purposes beyond ASCII are the same only
-- as they are written, and the floor is the narrower for it.
do $$
begin
    execute format('create function purpose_key(purpose text) returns text language sql immutable parallel safe return '
        'lower(btrim(purpose, %L)%s)',
        E'\u0009\u000a\u000b\u000c\u000d\u0020\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000',
        case when exists (select from pg_collation where collname = 'und-x-icu') then ' collate "und-x-icu"' else '' end);
end $$;

-- ---- what the policies ask -------------------------------------------------------------------
-- Views of the invoker: they see what the present principal sees, and are planned as a part of the statement.

create view clinical_reader with (security_invoker = true) as
select m.id from members m
where m.clinic_id = (select current_setting('app.clinic_id')::uuid)
  and m.id = (select current_setting('app.member_id')::uuid)
  and m.state = 'active'
  and m.role in ('owner', 'practitioner');
comment on view clinical_reader is 'The present member, if active in a role that reads clinical content.';

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

create function consent_reaches(consent consents, purpose text, categories text[], at timestamptz) returns boolean
    language sql stable parallel safe return
    (consent).state = 'active'
    and (consent).signed_at <= at
    and ((consent).starts_at is null or (consent).starts_at <= at)
    and (consent).expires_at > at
    and purpose_key((consent).purpose) = purpose_key(purpose)
    -- The measures are a part of every plan and report.
    and categories <@ ((consent).categories || case when (consent).categories && array['treatment_plan', 'progress_report']
                                                    then array['outcome_measures'] else '{}' end);
comment on function consent_reaches is 'Whether a consent is in force, for this purpose, and wide enough; not yet for whom.';

create view open_shares with (security_invoker = true) as
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
comment on view open_shares is
    'What is open to the present member at app.at: the gate (45 CFR 164.508) once more, written from its rules and not from the service''s code.';

create view open_sections with (security_invoker = true) as
select o.clinic_id, o.share_id, o.patient_id, o.report_id, o.report_version, section
from open_shares o, unnest(o.sections) section;
comment on view open_sections is 'The same, a row for each section.';

-- ---- policies --------------------------------------------------------------------------------
-- The tenant is set for the transaction alone. A setting that is missing is an error and not an empty answer.
-- Of several policies Postgres tries the one with the last name first, hence `own` beside names before it in the alphabet: what
-- is one's own shows in the row, and only for what is left it looks elsewhere. `offset 0` keeps the planner from collecting
-- beforehand all that there is elsewhere: the service's statements name the row that they want.

do $$
declare name text;
begin
    foreach name in array array['clinics', 'members', 'mfa_challenges', 'sessions', 'refresh_tokens', 'patients', 'consents',
        'consent_forms', 'consent_links', 'consent_link_sessions', 'reports', 'report_versions', 'shares', 'audit_events',
        'idempotency_keys', 'mails'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
end $$;

-- Names and addresses of clinics are public, professional facts.
create policy anyones on clinics for select to rapport_tenant, rapport_link using (true);
create policy sign_up on clinics for insert to rapport_sign_in with check (true);

create policy own on members to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy directory on members for select to rapport_tenant using (state = 'active' and profession is not null);
-- Whoever read in our records stands in them by name, also after leaving the other clinic.
create policy acted_on_our_record on members for select to rapport_tenant using (exists (
    select from audit_events e
    where e.actor_clinic_id = members.clinic_id and e.actor_clinic_id <> e.clinic_id
      and e.clinic_id = (select current_setting('app.clinic_id')::uuid) and e.actor_id = members.id
    offset 0));
-- Whose an address, a token or an invitation is, is not known before it was found.
create policy sign_in on members to rapport_sign_in using (true) with check (true);
create policy sign_in on mfa_challenges to rapport_sign_in using (true) with check (true);
create policy sign_in on sessions to rapport_sign_in using (true) with check (true);
create policy sign_in on refresh_tokens to rapport_sign_in using (true) with check (true);
create policy housekeeping on mfa_challenges to rapport_worker using (true);
create policy housekeeping on refresh_tokens to rapport_worker using (true);
create policy own on sessions to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid));

create policy own on patients to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy disclosed on patients for select to rapport_tenant using (exists (
    select from open_shares o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));

create policy own on consents to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
-- The gate weighs all of a patient's consents: it answers why not, too.
create policy of_what_came_in on consents for select to rapport_tenant using (exists (
    select from shares s where s.recipient_clinic_id = (select current_setting('app.clinic_id')::uuid)
      and s.clinic_id = consents.clinic_id and s.patient_id = consents.patient_id offset 0));

create policy own on consent_forms to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy own on consent_links to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

-- A patient at a link reaches what the link is about, and of the patient's other consents what a signature replaces.
create policy this_link on consent_links to rapport_link
    using (id = (select current_setting('app.link_id')::uuid));
create policy this_link on consent_link_sessions to rapport_link
    using (link_id = (select current_setting('app.link_id')::uuid))
    with check (link_id = (select current_setting('app.link_id')::uuid));
create policy this_patient on consents to rapport_link using (exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid)
      and l.clinic_id = consents.clinic_id and l.patient_id = consents.patient_id));
create policy this_patient on patients for select to rapport_link using (exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid)
      and l.clinic_id = patients.clinic_id and l.patient_id = patients.id));

-- A draft is content; that there is a signed report is not.
create policy own on reports to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and (draft is null or exists (select from clinical_reader)))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy own on report_versions to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid) and exists (select from clinical_reader))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy disclosed on report_versions for select to rapport_tenant using (exists (
    select from open_shares o where o.clinic_id = report_versions.clinic_id
      and o.report_id = report_versions.report_id and o.report_version = report_versions.number offset 0));

create policy own on shares to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy came_in on shares for select to rapport_tenant
    using (recipient_clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy moved_on on shares for update to rapport_tenant
    using (recipient_clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (recipient_clinic_id = (select current_setting('app.clinic_id')::uuid) and state <> 'withdrawn');

create policy ours on audit_events for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           or actor_clinic_id = (select current_setting('app.clinic_id')::uuid));
-- In whosever records it stands, it was ours to do.
create policy done on audit_events for insert to rapport_tenant
    with check (actor_clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy done_by_nobody on audit_events for insert to rapport_sign_in, rapport_link, rapport_worker with check (true);
create policy all_of_it on audit_events for select to rapport_sealer, rapport_auditor using (true);

create policy ones_own on idempotency_keys to rapport_tenant
    using (scope = (select current_setting('app.member_id')::uuid))
    with check (scope = (select current_setting('app.member_id')::uuid));
create policy nobodys on idempotency_keys to rapport_sign_in
    using (scope = '00000000-0000-0000-0000-000000000000') with check (scope = '00000000-0000-0000-0000-000000000000');
create policy this_link on idempotency_keys to rapport_link
    using (scope = (select current_setting('app.link_id')::uuid))
    with check (scope = (select current_setting('app.link_id')::uuid));
create policy housekeeping on idempotency_keys to rapport_worker using (true);

create policy own on mails for insert to rapport_tenant
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy this_link on mails for insert to rapport_link with check (exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = mails.clinic_id));
create policy delivery on mails to rapport_worker using (true) with check (true);

-- ---- grants ----------------------------------------------------------------------------------
-- What never changes is granted to nobody, on top of the triggers; nobody truncates, refers or makes anything.

revoke all on all tables in schema public from public;
revoke execute on all functions in schema public from public;
alter default privileges revoke execute on functions from public;

grant execute on function consents_lock_key(uuid), await_readings_of(uuid) to rapport_tenant, rapport_link;
grant execute on function hold_consents_of(uuid, bigint), purpose_key(text),
    consent_reaches(consents, text, text[], timestamptz) to rapport_tenant, rapport_link;
grant select on unreadable_consents to rapport_tenant, rapport_link;
grant select on clinical_reader, open_shares, open_sections to rapport_tenant;
grant select on __diesel_schema_migrations to rapport_worker;

grant select on clinics to rapport_tenant, rapport_link;
grant insert on clinics to rapport_sign_in;

-- Passwords, second factors and invitations are read by nobody who has signed in.
grant select (id, clinic_id, name, email, role, state, profession, npi, focus, is_accepting, created_at, updated_at, version),
    insert,
    update (state, profession, npi, focus, is_accepting, invitation_hash, updated_at, version)
    on members to rapport_tenant;
grant select, insert,
    update (state, password_hash, invitation_hash, totp_secret, totp_confirmed_at, totp_last_step, updated_at, version)
    on members to rapport_sign_in;
grant select, insert, update (tries_left), delete on mfa_challenges to rapport_sign_in;
grant select (expires_at), delete on mfa_challenges to rapport_worker;
grant select, update (ended_at) on sessions to rapport_tenant;
grant select, insert, update (refreshed_at, ended_at) on sessions to rapport_sign_in;
grant select, insert, update (used_at) on refresh_tokens to rapport_sign_in;
grant select (expires_at), delete on refresh_tokens to rapport_worker;

grant select, insert,
    update (given_name, family_name, family_key, birth_date, mrn, email, phone, updated_at, version)
    on patients to rapport_tenant;
grant select on patients to rapport_link;

grant select, insert,
    update (state, signed_at, signature_method, signed_name, paper_signed_on, paper_form_hash, revoked_at, revocation_method,
        revocation_note, superseded_by, version)
    on consents to rapport_tenant;
grant select,
    update (state, signed_at, signature_method, signed_name, paper_signed_on, paper_form_hash, revoked_at, revocation_method,
        revocation_note, superseded_by, version)
    on consents to rapport_link;
grant select, insert on consent_forms to rapport_tenant;
grant insert on consent_links to rapport_tenant;
grant select, update (tries_left, code_hash, code_expires_at, codes_sent, code_sent_at) on consent_links to rapport_link;
grant select, insert, update (last_seen_at) on consent_link_sessions to rapport_link;

grant select, insert, update (kind, state, draft, sensitive, current_version, signed_at, updated_at, version)
    on reports to rapport_tenant;
grant select, insert on report_versions to rapport_tenant;
grant select, insert, update (state, opened_at, acknowledged_at, withdrawn_at, version) on shares to rapport_tenant;

grant select, insert on audit_events to rapport_tenant;
grant insert on audit_events to rapport_sign_in, rapport_link, rapport_worker;
grant select on audit_events to rapport_sealer, rapport_auditor;

grant select, insert on idempotency_keys to rapport_tenant, rapport_sign_in, rapport_link;
grant select (created_at), delete on idempotency_keys to rapport_worker;
grant insert on mails to rapport_tenant, rapport_link;
grant select, update (body, next_attempt_at, attempts, sent_at, last_error) on mails to rapport_worker;

-- Guests: a share to somebody without an account, the link that they are sent, and what the clinic learns if it went astray.

alter table shares
    add column recipient_email text,
    alter column recipient_clinic_id drop not null,
    drop constraint shares_recipient_kind_check,
    add constraint shares_recipient_kind_check check (recipient_kind in ('practitioner', 'clinic', 'guest')) not valid,
    add constraint shares_name_a_clinic_or_a_guest check (
        (recipient_kind = 'guest') = (recipient_clinic_id is null)
        and (recipient_kind = 'guest') = (recipient_email is not null)
    ) not valid;
comment on column shares.recipient_email is 'Of a guest: where the link went, trimmed and in small letters, as the gate compares it.';

alter table audit_events
    drop constraint audit_events_actor_kind_check,
    add constraint audit_events_actor_kind_check
        check (actor_kind in ('member', 'client', 'patient', 'guest', 'anonymous', 'system')) not valid;

create table share_links (
    id              uuid primary key,
    clinic_id       uuid not null,
    share_id        uuid not null,
    number          integer not null,
    secret_hash     bytea not null,
    tries_left      integer not null,
    openings        integer not null default 0,
    opened_at       timestamptz,
    code_hash       bytea,
    code_expires_at timestamptz,
    codes_sent      integer not null default 0,
    code_sent_at    timestamptz,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    ended_at        timestamptz,
    ended_by        text check (ended_by in ('renewal', 'withdrawal', 'misdirected')),
    unique (clinic_id, id),
    unique (clinic_id, share_id, number),
    foreign key (clinic_id, share_id) references shares (clinic_id, id),
    check (expires_at <= created_at + interval '7 days'),
    check ((ended_at is null) = (ended_by is null))
);
comment on table share_links is
    'The link to one share that a guest was sent; the secret is kept as its SHA-256. What it is good for follows from the clock, the tries, the openings and the share: share_links/state.rs.';

create table share_link_sessions (
    hash         bytea primary key,
    clinic_id    uuid not null,
    link_id      uuid not null,
    csrf_hash    bytea not null,
    expires_at   timestamptz not null,
    last_seen_at timestamptz not null,
    foreign key (clinic_id, link_id) references share_links (clinic_id, id)
);
comment on table share_link_sessions is
    'A guest at a link: 15 minutes idle, 60 at most, found by the SHA-256 of its cookie. It ends with its link.';
create index share_link_sessions_of_link on share_link_sessions (clinic_id, link_id);
create index share_link_sessions_by_age on share_link_sessions (expires_at);

create table incidents (
    id          uuid primary key,
    clinic_id   uuid not null references clinics,
    kind        text not null check (kind in ('misdirected')),
    share_id    uuid not null,
    patient_id  uuid not null,
    was_read    boolean not null,
    reported_at timestamptz not null,
    closed_at   timestamptz,
    closed_by   uuid,
    note        text,
    version     integer not null default 1,
    unique (clinic_id, id),
    unique (clinic_id, kind, share_id),
    foreign key (clinic_id, share_id) references shares (clinic_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, closed_by) references members (clinic_id, id),
    check ((closed_at is null) = (closed_by is null)),
    check ((closed_at is null) = (note is null))
);
comment on table incidents is 'Something went where it should not have gone. It stays open until somebody closes it with a note.';
create index incidents_of_clinic on incidents (clinic_id, id);

create function incidents_stay_closed() returns trigger language plpgsql set search_path = pg_catalog, public as $$
begin
    if old.closed_at is not null then raise exception 'an incident that was closed stays as it is'; end if;
    return new;
end $$;
create trigger stay_closed before update on incidents for each row execute function incidents_stay_closed();

-- ---- the floor: a guest at a link sees its share, and the content of that through the gate ----

do $$
declare name text;
begin
    foreach name in array array['share_links', 'share_link_sessions', 'incidents'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
end $$;
create policy own on share_links to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy own on share_link_sessions for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy own on incidents to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

-- Without a sub-select: a renewal asks this very table, and Postgres takes a sub-select in both for a circle.
create policy this_link on share_links for select to rapport_link using (id = current_setting('app.link_id')::uuid);
create policy this_link_moves on share_links for update to rapport_link using (id = current_setting('app.link_id')::uuid);
create policy renewal on share_links for insert to rapport_link with check (exists (
    select from share_links l where l.id = current_setting('app.link_id')::uuid
      and l.clinic_id = share_links.clinic_id and l.share_id = share_links.share_id));
create policy this_link on share_link_sessions to rapport_link
    using (link_id = (select current_setting('app.link_id')::uuid))
    with check (link_id = (select current_setting('app.link_id')::uuid));
create policy this_link on shares to rapport_link
    using (exists (select from share_links l where l.id = (select current_setting('app.link_id')::uuid)
                     and l.clinic_id = shares.clinic_id and l.share_id = shares.id))
    with check (state <> 'withdrawn');
create policy this_share on consents for select to rapport_link using (exists (
    select from shares s where s.recipient_kind = 'guest' and s.clinic_id = consents.clinic_id
      and s.patient_id = consents.patient_id));
create policy this_share on incidents to rapport_link
    using (exists (select from shares s where s.clinic_id = incidents.clinic_id and s.id = incidents.share_id))
    with check (exists (select from shares s where s.clinic_id = incidents.clinic_id and s.id = incidents.share_id));
create policy this_share on mails for insert to rapport_link with check (exists (
    select from share_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = mails.clinic_id));
-- Who is told when something went astray.
create policy guardians on members for select to rapport_link using (
    state = 'active' and role in ('owner', 'privacy_officer') and exists (
        select from share_links l where l.id = (select current_setting('app.link_id')::uuid) and l.clinic_id = members.clinic_id));

create view open_guest_shares with (security_invoker = true) as
select s.clinic_id, s.id as share_id, s.patient_id, s.report_id, s.report_version, s.sections
from shares s
join share_links l on l.clinic_id = s.clinic_id and l.share_id = s.id
where l.id = (select current_setting('app.link_id')::uuid)
  and l.ended_at is null
  and l.tries_left > 0
  and l.expires_at > (select current_setting('app.at')::timestamptz)
  and s.recipient_kind = 'guest'
  and s.state <> 'withdrawn'
  and exists (
      select from consents c
      where c.clinic_id = s.clinic_id
        and c.patient_id = s.patient_id
        and consent_reaches(c, s.purpose, s.categories, (select current_setting('app.at')::timestamptz))
        -- Addresses are compared as purposes are, whatever their case; the share's was made so when it was written.
        and exists (select from jsonb_array_elements(
                        case jsonb_typeof(c.recipients) when 'array' then c.recipients else '[]' end) named
                    where named ->> 'kind' = 'guest' and purpose_key(named ->> 'email') = s.recipient_email))
  and not exists (select from unreadable_consents u where u.clinic_id = s.clinic_id and u.patient_id = s.patient_id);
comment on view open_guest_shares is 'What is open to the guest at app.link_id at app.at: the gate once more, as in open_shares.';

create policy disclosed_to_a_guest on patients for select to rapport_link using (exists (
    select from open_guest_shares o where o.clinic_id = patients.clinic_id and o.patient_id = patients.id offset 0));
create policy disclosed_to_a_guest on report_versions for select to rapport_link using (exists (
    select from open_guest_shares o where o.clinic_id = report_versions.clinic_id
      and o.report_id = report_versions.report_id and o.report_version = report_versions.number offset 0));

grant select, insert, update (ended_at, ended_by) on share_links to rapport_tenant;
grant select on share_link_sessions to rapport_tenant;
grant select, insert, update (closed_at, closed_by, note, version) on incidents to rapport_tenant;
grant select, insert,
    update (tries_left, openings, opened_at, code_hash, code_expires_at, codes_sent, code_sent_at, ended_at, ended_by)
    on share_links to rapport_link;
grant select, insert, update (last_seen_at), delete on share_link_sessions to rapport_link;
grant select, insert on incidents to rapport_link;
grant select (id, clinic_id, email, role, state) on members to rapport_link;
grant select, update (state, opened_at, acknowledged_at, withdrawn_at, version) on shares to rapport_link;
grant select on report_versions, open_guest_shares to rapport_link;

-- Events, by which other systems follow, and webhooks, by which they are told. An event holds ids and never health information;
-- there is a row for each clinic that hears of it, written in the transaction of the change.

create table events (
    id             uuid not null,
    clinic_id      uuid not null references clinics,
    kind           text not null,
    object_type    text not null check (object_type in ('consent', 'report', 'share', 'referral', 'incident',
                       'emergency_access')),
    object_id      uuid not null,
    object_version integer not null,
    occurred_at    timestamptz not null,
    position       bigint generated always as identity,
    sequence       bigint check (sequence > 0),
    primary key (clinic_id, id),
    unique (clinic_id, sequence)
);
comment on table events is 'What happened, for each clinic that hears of it: ids and words of a closed list.';
comment on column events.position is
    'The order of writing. Of one object it is the order of its changes: a change is written while it holds the object.';
comment on column events.sequence is
    'Counts the clinic''s events without a gap. Given once the event was committed, by one at a time: whoever has seen a number has seen every smaller one, however late a transaction commits.';
create index events_to_be_numbered on events (position) where sequence is null;

create function events_never_change() returns trigger language plpgsql set search_path = pg_catalog, public as $$
declare numbered constant text[] := array['sequence'];
begin
    if old.sequence is not null or to_jsonb(new) - numbered is distinct from to_jsonb(old) - numbered
    then raise exception 'events is append-only'; end if;
    return new;
end $$;
create trigger never_change before update on events for each row execute function events_never_change();
create trigger append_only before delete or truncate on events for each statement execute function refuse_change();

create table webhooks (
    id               uuid primary key,
    clinic_id        uuid not null references clinics,
    url              text not null,
    types            text[] not null,
    state            text not null check (state in ('pending', 'active', 'disabled', 'ended')),
    disabled_because text check (disabled_because in ('unverified', 'gone', 'failing', 'unauthorised')),
    authorised_by    uuid not null,
    challenge_at     timestamptz,
    challenges       integer not null default 0,
    failing_since    timestamptz,
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    version          integer not null default 1,
    unique (clinic_id, id),
    foreign key (clinic_id, authorised_by) references members (clinic_id, id),
    check ((state = 'disabled') = (disabled_because is not null)),
    check (challenge_at is null or state = 'pending')
);
comment on table webhooks is 'Where a clinic wants to be told of events.';
comment on column webhooks.types is 'Which events; all if it is empty.';
comment on column webhooks.authorised_by is
    'The owner by whose right it delivers: read again at each delivery, and when that ends nothing is delivered any more.';
comment on column webhooks.challenge_at is 'When the address is asked next whether it wants this.';
create index webhooks_of_clinic on webhooks (clinic_id, id);
create index webhooks_to_be_challenged on webhooks (challenge_at) where challenge_at is not null;

create table webhook_secrets (
    id                 uuid primary key,
    clinic_id          uuid not null,
    webhook_id         uuid not null,
    secret             bytea not null,
    public_key         text not null,
    office_key_version integer not null,
    created_at         timestamptz not null,
    ends_at            timestamptz,
    unique (clinic_id, id),
    foreign key (clinic_id, webhook_id) references webhooks (clinic_id, id),
    constraint webhook_secrets_office_data_key foreign key (clinic_id, clinic_id, office_key_version)
        references data_keys (clinic_id, subject_id, version)
);
comment on table webhook_secrets is
    'What deliveries are signed with, sealed: a key for HMAC and one for Ed25519. Two are good for a time when one takes the place of the other.';
create index webhook_secrets_of_webhook on webhook_secrets (clinic_id, webhook_id, id);
create index webhook_secrets_of_key on webhook_secrets (clinic_id, office_key_version);

create table webhook_deliveries (
    clinic_id       uuid not null,
    webhook_id      uuid not null,
    event_id        uuid not null,
    object_id       uuid not null,
    sequence        bigint not null,
    state           text not null check (state in ('pending', 'delivered', 'failed', 'refused')),
    attempts        integer not null default 0,
    created_at      timestamptz not null,
    next_attempt_at timestamptz not null,
    give_up_at      timestamptz not null,
    last_attempt_at timestamptz,
    last_status     integer,
    finished_at     timestamptz,
    primary key (clinic_id, webhook_id, event_id),
    foreign key (clinic_id, webhook_id) references webhooks (clinic_id, id),
    foreign key (clinic_id, event_id) references events (clinic_id, id),
    check ((state = 'pending') = (finished_at is null))
);
comment on table webhook_deliveries is
    'What a webhook is to be told, or was. It goes by the id of its event. Of one object each waits for the one before it.';
create index webhook_deliveries_waiting on webhook_deliveries (webhook_id, object_id, sequence) where state = 'pending';
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where state = 'pending';

-- ---- the floor -------------------------------------------------------------------------------

do $$
declare name text;
begin
    foreach name in array array['events', 'webhooks', 'webhook_secrets', 'webhook_deliveries'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
    end loop;
    foreach name in array array['webhooks', 'webhook_secrets', 'webhook_deliveries'] loop
        execute format('create policy own on %I to rapport_tenant
            using (clinic_id = (select current_setting(''app.clinic_id'')::uuid))
            with check (clinic_id = (select current_setting(''app.clinic_id'')::uuid))', name);
    end loop;
end $$;

-- The patient's link sees which clinics hold something of the patient's: they hear of what the patient decides.
create policy of_this_patient on shares for select to rapport_link using (exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid)
      and l.clinic_id = shares.clinic_id and l.patient_id = shares.patient_id));
create policy of_this_patient on referrals for select to rapport_link using (sent_at is not null and exists (
    select from consent_links l where l.id = (select current_setting('app.link_id')::uuid)
      and l.clinic_id = referrals.clinic_id and l.patient_id = referrals.patient_id));
grant select (id, clinic_id, patient_id, recipient_clinic_id, sent_at) on referrals to rapport_link;

-- Another clinic is told of nothing but what the two have in common.
create policy own on events for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid));
create policy told on events for insert to rapport_tenant with check (sequence is null and (
    clinic_id = (select current_setting('app.clinic_id')::uuid)
    or case object_type
       when 'share' then exists (select from shares s where s.id = events.object_id
           and events.clinic_id in (s.clinic_id, s.recipient_clinic_id))
       when 'referral' then exists (select from referrals r where r.id = events.object_id and r.sent_at is not null
           and events.clinic_id in (r.clinic_id, r.recipient_clinic_id))
       when 'consent' then exists (select from consents c where c.id = events.object_id
           and c.clinic_id = (select current_setting('app.clinic_id')::uuid)
           and (exists (select from shares s where s.recipient_clinic_id = events.clinic_id
                          and s.clinic_id = c.clinic_id and s.patient_id = c.patient_id)
                or exists (select from referrals r where r.recipient_clinic_id = events.clinic_id
                             and r.clinic_id = c.clinic_id and r.patient_id = c.patient_id and r.sent_at is not null)))
       else false end));
create policy told_at_a_link on events for insert to rapport_link with check (sequence is null and case object_type
    when 'share' then exists (select from shares s where s.id = events.object_id and s.clinic_id = events.clinic_id)
    when 'incident' then exists (select from incidents i where i.id = events.object_id and i.clinic_id = events.clinic_id)
    when 'consent' then exists (select from consents c where c.id = events.object_id
        and (c.clinic_id = events.clinic_id
             or exists (select from shares s where s.recipient_clinic_id = events.clinic_id
                          and s.clinic_id = c.clinic_id and s.patient_id = c.patient_id)
             or exists (select from referrals r where r.recipient_clinic_id = events.clinic_id
                          and r.clinic_id = c.clinic_id and r.patient_id = c.patient_id)))
    else false end);
create policy numbering on events to rapport_worker using (true) with check (true);
create policy delivery on webhooks to rapport_worker using (true) with check (true);
create policy delivery on webhook_deliveries to rapport_worker using (true) with check (true);

grant select, insert on events to rapport_tenant;
grant insert on events to rapport_link;
grant select, update (sequence) on events to rapport_worker;
grant select, insert, update (url, types, state, disabled_because, authorised_by, challenge_at, challenges, failing_since,
    updated_at, version) on webhooks to rapport_tenant;
grant select (id, clinic_id, state, types, failing_since, challenge_at, challenges), update (challenge_at, challenges)
    on webhooks to rapport_worker;
grant select, insert, update (ends_at) on webhook_secrets to rapport_tenant;
grant select, update (state, attempts, next_attempt_at, give_up_at, last_status, finished_at)
    on webhook_deliveries to rapport_tenant;
grant select, insert, update (attempts, next_attempt_at, last_attempt_at) on webhook_deliveries to rapport_worker;

create policy keeping on webhook_secrets to rapport_keeper using (true) with check (true);
grant select (id, clinic_id, secret, office_key_version), update (secret, office_key_version) on webhook_secrets
    to rapport_keeper;

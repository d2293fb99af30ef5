-- Emergency access (45 CFR 164.312(a)(2)(ii)): a member whose role does not read clinical content reads that of one patient
-- of the own clinic, for an hour at most. What other clinics shared stays behind the gate.

-- Codes that were asked for again within a session are counted where those of signing in are.
alter table mfa_challenges drop constraint mfa_challenges_purpose_check;
alter table mfa_challenges add constraint mfa_challenges_purpose_check check (purpose in ('enrol', 'verify', 'step_up'));

create table emergency_accesses (
    id          uuid primary key,
    clinic_id   uuid not null references clinics,
    member_id   uuid not null,
    patient_id  uuid not null,
    reason      text not null check (reason in ('treatment_emergency', 'patient_request_urgent', 'safety', 'other')),
    explanation bytea not null,
    key_version integer not null,
    started_at  timestamptz not null,
    ends_at     timestamptz not null,
    ended_at    timestamptz,
    ended_by    uuid,
    finding     text check (finding in ('justified', 'not_justified')),
    note        bytea,
    reviewed_at timestamptz,
    reviewed_by uuid,
    version     integer not null default 1,
    unique (clinic_id, id),
    foreign key (clinic_id, member_id) references members (clinic_id, id),
    foreign key (clinic_id, patient_id) references patients (clinic_id, id),
    foreign key (clinic_id, ended_by) references members (clinic_id, id),
    foreign key (clinic_id, reviewed_by) references members (clinic_id, id),
    check (ends_at > started_at and ends_at - started_at <= interval '60 minutes'),
    check ((ended_at is null) = (ended_by is null)),
    check (ended_at between started_at and ends_at),
    check ((reviewed_at is null) = (reviewed_by is null) and (reviewed_at is null) = (finding is null)
           and (reviewed_at is null) = (note is null)),
    constraint emergency_accesses_data_key foreign key (clinic_id, patient_id, key_version)
        references data_keys (clinic_id, subject_id, version),
    constraint emergency_accesses_nobody_reviews_their_own check (reviewed_by <> member_id)
);
comment on table emergency_accesses is
    'Somebody read in an emergency what their role does not read. It ends by the clock, and its review stays open until somebody else closes it.';
comment on column emergency_accesses.explanation is 'Sealed, as the note is: either may tell of the patient.';
create index emergency_accesses_of_patient on emergency_accesses (clinic_id, patient_id);
create index emergency_accesses_of_member on emergency_accesses (clinic_id, member_id, ends_at);

-- Whoever rotates keys writes the same again, sealed with another key; everybody else nothing.
create function emergency_accesses_keep_their_terms() returns trigger language plpgsql
    set search_path = pg_catalog, public as $$
begin
    if (new.id, new.clinic_id, new.member_id, new.patient_id, new.reason, new.started_at, new.ends_at)
       is distinct from
       (old.id, old.clinic_id, old.member_id, old.patient_id, old.reason, old.started_at, old.ends_at)
       or (new.explanation, new.key_version) is distinct from (old.explanation, old.key_version)
          and current_user <> 'rapport_keeper'
    then raise exception 'the terms of an emergency access never change'; end if;
    if old.ended_at is not null and (new.ended_at, new.ended_by) is distinct from (old.ended_at, old.ended_by)
    then raise exception 'an emergency access that ended stays ended'; end if;
    if old.reviewed_at is not null
       and ((new.finding, new.reviewed_at, new.reviewed_by) is distinct from (old.finding, old.reviewed_at, old.reviewed_by)
            or new.note is distinct from old.note and current_user <> 'rapport_keeper')
    then raise exception 'a review that was closed stays as it is'; end if;
    return new;
end $$;
create trigger keep_terms before update on emergency_accesses
    for each row execute function emergency_accesses_keep_their_terms();
create trigger append_only before delete or truncate on emergency_accesses
    for each statement execute function refuse_change();

-- It can't be silent: whoever adds a row, the transaction does not commit without the record of it.
create function emergency_accesses_are_recorded() returns trigger language plpgsql
    set search_path = pg_catalog, public as $$
begin
    if not exists (select from audit_events e
                   where e.xid = pg_current_xact_id() and e.clinic_id = new.clinic_id and e.object_id = new.id
                     and e.action = 'emergency_access.open' and e.outcome = 'permitted')
    then raise exception 'an emergency access without its record'; end if;
    return null;
end $$;
create constraint trigger is_recorded after insert on emergency_accesses deferrable initially deferred
    for each row execute function emergency_accesses_are_recorded();

-- ---- the floor -------------------------------------------------------------------------------

alter table emergency_accesses enable row level security;
alter table emergency_accesses force row level security;
create policy own on emergency_accesses to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));
grant select, insert, update (ended_at, ended_by, finding, note, reviewed_at, reviewed_by, version)
    on emergency_accesses to rapport_tenant;
create policy keeping on emergency_accesses to rapport_keeper using (true) with check (true);
grant select (id, clinic_id, patient_id, explanation, note, key_version), update (explanation, note, key_version)
    on emergency_accesses to rapport_keeper;

-- The patients whose reports are open to the present member in an emergency at this time.
create function open_emergencies(at timestamptz) returns uuid[] language sql stable
    set search_path = pg_catalog, public as $$
    select coalesce(array_agg(a.patient_id), '{}') from emergency_accesses a
    where a.clinic_id = current_setting('app.clinic_id')::uuid
      and a.member_id = current_setting('app.member_id')::uuid
      and a.started_at <= at
      and coalesce(a.ended_at, a.ends_at) > at
      and exists (select from members m
                  where m.clinic_id = current_setting('app.clinic_id')::uuid
                    and m.id = current_setting('app.member_id')::uuid and m.state = 'active')
$$;

-- Holds the present member's emergency accesses against being ended until the transaction does, answers the time at which it
-- did, and keeps for the policies below what is open at that time.
create function hold_emergency_accesses(shift_ms bigint) returns timestamptz language plpgsql
    set search_path = pg_catalog, public as $$
declare at timestamptz;
begin
    perform from emergency_accesses a
        where a.clinic_id = current_setting('app.clinic_id')::uuid
          and a.member_id = current_setting('app.member_id')::uuid
          and a.ends_at > clock_timestamp() + shift_ms * interval '1 millisecond'
        order by a.id for share;
    at := clock_timestamp() + shift_ms * interval '1 millisecond';
    perform set_config('app.emergency_patients', open_emergencies(at)::text, true);
    return at;
end $$;
grant execute on function open_emergencies(timestamptz), hold_emergency_accesses(bigint) to rapport_tenant;

-- Whoever declared no emergency has none: here alone a missing setting is an answer, and it is no. The rule itself is asked
-- once for a transaction, above, and not by each statement: readings by role, which are all but a few, carry its weight else.
create policy in_an_emergency on reports for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and patient_id = any ((select nullif(current_setting('app.emergency_patients', true), ''))::uuid[]));
create policy in_an_emergency on report_versions for select to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid)
           and patient_id = any ((select nullif(current_setting('app.emergency_patients', true), ''))::uuid[]));

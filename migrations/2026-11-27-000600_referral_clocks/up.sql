-- Clocks: how soon a clinic wants its referrals answered and reported on, whose turn it is, and what is late. What was sent
-- keeps the times of then.

create table referral_times (
    clinic_id             uuid primary key references clinics,
    routine_answer_hours  integer not null check (routine_answer_hours between 1 and 2160),
    routine_report_days   integer not null check (routine_report_days between 1 and 730),
    routine_expiry_days   integer not null check (routine_expiry_days between 1 and 365),
    urgent_answer_hours   integer not null check (urgent_answer_hours between 1 and 2160),
    urgent_report_days    integer not null check (urgent_report_days between 1 and 730),
    urgent_expiry_days    integer not null check (urgent_expiry_days between 1 and 365),
    emergent_answer_hours integer not null check (emergent_answer_hours between 1 and 2160),
    emergent_report_days  integer not null check (emergent_report_days between 1 and 730),
    emergent_expiry_days  integer not null check (emergent_expiry_days between 1 and 365),
    version               integer not null default 1
);
comment on table referral_times is 'The times that a clinic sets for the referrals that it sends; without a row those of the service hold.';

create table referral_clocks (
    referral_id   uuid primary key,
    clinic_id     uuid not null,
    answer_hours  integer not null check (answer_hours > 0),
    report_days   integer not null check (report_days > 0),
    awaits        text check (awaits in ('sender', 'recipient')),
    due_at        timestamptz,
    report_due_at timestamptz,
    expires_at    timestamptz,
    remind_at     timestamptz,
    answered_at   timestamptz,
    scheduled_at  timestamptz,
    unique (clinic_id, referral_id),
    foreign key (clinic_id, referral_id) references referrals (clinic_id, id),
    check ((awaits is null) = (due_at is null)),
    check (due_at is not null or (expires_at is null and remind_at is null))
);
comment on table referral_clocks is 'Of each referral that was sent: whose turn it is, when it is due, and when it lapses.';
comment on column referral_clocks.report_due_at is 'When the report is due, also while an answer to something else is awaited.';
comment on column referral_clocks.remind_at is 'When whoever it awaits is told, or told again.';
create index referral_clocks_due on referral_clocks (clinic_id, due_at) where due_at is not null;
create index referral_clocks_to_remind on referral_clocks (remind_at) where remind_at is not null;
create index referral_clocks_to_expire on referral_clocks (expires_at) where expires_at is not null;

insert into referral_clocks (referral_id, clinic_id, answer_hours, report_days, awaits, due_at, report_due_at, expires_at,
                             answered_at, scheduled_at)
select r.id, r.clinic_id, t.answer_hours, t.report_days,
       case when r.closed_at is null then case r.state when 'information_requested' then 'sender' else 'recipient' end end,
       case when r.closed_at is null
            then coalesce(r.accepted_at + make_interval(days => t.report_days), r.sent_at + make_interval(hours => t.answer_hours)) end,
       r.accepted_at + make_interval(days => t.report_days),
       case when r.state in ('sent', 'received', 'information_requested') then r.sent_at + make_interval(days => t.expiry_days) end,
       (select min(m.at) from referral_transitions m where m.referral_id = r.id
          and m.verb in ('accept', 'decline', 'redirect', 'request_information')),
       (select min(m.at) from referral_transitions m where m.referral_id = r.id and m.verb = 'schedule')
from referrals r
join (values ('routine', 72, 60, 30), ('urgent', 24, 30, 14), ('emergent', 4, 14, 7)) t (urgency, answer_hours, report_days, expiry_days)
    using (urgency)
where r.sent_at is not null;

-- ---- the floor -------------------------------------------------------------------------------

alter table referral_times enable row level security;
alter table referral_times force row level security;
alter table referral_clocks enable row level security;
alter table referral_clocks force row level security;

create policy own on referral_times to rapport_tenant
    using (clinic_id = (select current_setting('app.clinic_id')::uuid))
    with check (clinic_id = (select current_setting('app.clinic_id')::uuid));

-- Who sees a referral sees its clock, and moves it on with the referral.
create policy of_referral on referral_clocks to rapport_tenant
    using (exists (select from referrals r where r.clinic_id = referral_clocks.clinic_id
                     and r.id = referral_clocks.referral_id offset 0))
    with check (exists (select from referrals r where r.clinic_id = referral_clocks.clinic_id
                          and r.id = referral_clocks.referral_id offset 0));

-- A guest who reads or declines a referral turns its clock, as everybody who moves one.
create policy this_link on referral_clocks to rapport_link
    using (exists (select from referrals r where r.clinic_id = referral_clocks.clinic_id and r.id = referral_clocks.referral_id))
    with check (exists (select from referrals r where r.clinic_id = referral_clocks.clinic_id and r.id = referral_clocks.referral_id));

-- The worker reminds, and ends what nobody answered; it reads no word of any of them.
create policy clocks on referrals for select to rapport_worker using (true);
create policy lapsing on referrals for update to rapport_worker using (true) with check (state = 'expired');
create policy clocks on referral_clocks to rapport_worker using (true) with check (true);
create policy lapsing on referral_transitions for insert to rapport_worker
    with check (to_state = 'expired' and verb is null and by_clinic is null and by_id is null and text_id is null);
create policy to_be_told on members for select to rapport_worker using (state = 'active');

grant select, insert, update (routine_answer_hours, routine_report_days, routine_expiry_days, urgent_answer_hours,
    urgent_report_days, urgent_expiry_days, emergent_answer_hours, emergent_report_days, emergent_expiry_days, version)
    on referral_times to rapport_tenant;
grant select, insert, update (awaits, due_at, report_due_at, expires_at, remind_at, answered_at, scheduled_at)
    on referral_clocks to rapport_tenant, rapport_link;
grant select, update (state, state_before, closed_at, version) on referrals to rapport_worker;
grant select, update (awaits, due_at, expires_at, remind_at) on referral_clocks to rapport_worker;
grant insert on referral_transitions to rapport_worker;
grant select (id, clinic_id, email, role, state) on members to rapport_worker;
grant insert on mails to rapport_worker;

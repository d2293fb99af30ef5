create table sign_in_failures (
    account     bytea not null,
    source      bytea not null,
    failures    integer not null default 0 check (failures >= 0),
    last_at     timestamptz not null,
    known_until timestamptz,
    primary key (account, source)
);
create index sign_in_failures_by_age on sign_in_failures (last_at);
comment on table sign_in_failures is
    'How often signing in failed lately, by account and by where it was tried from; an empty source stands for everywhere. Both are keyed hashes: the table tells neither who has an account nor who tried, and holds rows for addresses that nobody has.';
comment on column sign_in_failures.known_until is
    'Until when this source counts as known, because somebody signed in from it with both factors.';

alter table sign_in_failures enable row level security;
alter table sign_in_failures force row level security;
create policy sign_in on sign_in_failures to rapport_sign_in using (true) with check (true);
create policy housekeeping on sign_in_failures to rapport_worker using (true);
grant select, insert, update (failures, last_at, known_until), delete on sign_in_failures to rapport_sign_in;
grant select (last_at, known_until), delete on sign_in_failures to rapport_worker;

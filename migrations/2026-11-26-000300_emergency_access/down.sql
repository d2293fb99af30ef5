drop policy in_an_emergency on reports;
drop policy in_an_emergency on report_versions;
drop function hold_emergency_accesses(bigint);
drop function open_emergencies(timestamptz);
-- The record of what was read under it stays: it is append-only.
drop table emergency_accesses;
drop function emergency_accesses_keep_their_terms();
drop function emergency_accesses_are_recorded();
delete from mfa_challenges where purpose = 'step_up';
alter table mfa_challenges drop constraint mfa_challenges_purpose_check;
alter table mfa_challenges add constraint mfa_challenges_purpose_check check (purpose in ('enrol', 'verify'));

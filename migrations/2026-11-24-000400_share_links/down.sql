drop policy disclosed_to_a_guest on patients;
drop policy disclosed_to_a_guest on report_versions;
drop view open_guest_shares;
drop policy guardians on members;
drop policy this_share on mails;
drop policy this_share on consents;
drop policy this_share on incidents;
drop policy this_link on shares;
revoke all on shares, report_versions, members from rapport_link;
drop table incidents;
drop function incidents_stay_closed();
drop table share_link_sessions;
drop table share_links;
-- The record of what guests did stays: it is append-only.
alter table audit_events
    drop constraint audit_events_actor_kind_check,
    add constraint audit_events_actor_kind_check
        check (actor_kind in ('member', 'patient', 'anonymous', 'system')) not valid;
-- A guest's share has no place in the older table.
delete from shares where recipient_kind = 'guest';
alter table shares
    drop constraint shares_name_a_clinic_or_a_guest,
    drop column recipient_email,
    drop constraint shares_recipient_kind_check,
    add constraint shares_recipient_kind_check check (recipient_kind in ('practitioner', 'clinic')),
    alter column recipient_clinic_id set not null;

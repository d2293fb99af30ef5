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

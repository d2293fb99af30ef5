-- Apart from the change before, which holds its lock on the tables for a moment only.
alter table shares validate constraint shares_recipient_kind_check;
alter table shares validate constraint shares_name_a_clinic_or_a_guest;
alter table audit_events validate constraint audit_events_actor_kind_check;

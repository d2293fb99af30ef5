alter table audit_events drop constraint audit_events_actor_kind_check;
alter table audit_events add constraint audit_events_actor_kind_check
    check (actor_kind in ('member', 'patient', 'anonymous', 'system')) not valid;
drop table revoked_tokens;
drop table api_client_assertions;
drop table api_client_secrets;
drop table api_clients;

create or replace view clinical_reader with (security_invoker = true) as
select m.id from members m
where m.clinic_id = (select current_setting('app.clinic_id')::uuid)
  and m.id = (select current_setting('app.member_id')::uuid)
  and m.state = 'active'
  and m.role in ('owner', 'practitioner');
comment on view clinical_reader is 'The present member, if active in a role that reads clinical content.';
alter table audit_events drop constraint audit_events_actor_kind_check;
alter table audit_events add constraint audit_events_actor_kind_check
    check (actor_kind in ('member', 'patient', 'guest', 'anonymous', 'system')) not valid;
drop table revoked_tokens;
drop table api_client_assertions;
drop table api_client_secrets;
drop table api_clients;

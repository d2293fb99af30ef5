drop table webhook_deliveries;
drop table webhook_secrets;
drop table webhooks;
drop table events;
drop function events_never_change();
revoke select (id, clinic_id, patient_id, recipient_clinic_id, sent_at) on referrals from rapport_link;
drop policy of_this_patient on referrals;
drop policy of_this_patient on shares;

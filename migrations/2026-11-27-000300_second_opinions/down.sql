-- Where an opinion names nobody, this ends at its missing patient: nothing is thrown away silently.
drop trigger close_with_an_answer on referrals;
drop policy asked on data_keys;
drop table opinion_texts;
drop view open_opinions;
drop table referral_ties;
drop trigger keep_kind on referrals;
alter table referrals drop constraint referrals_close_with_a_report;
alter table referrals drop constraint referrals_name_nobody;
alter table referrals alter column patient_id set not null;
alter table referrals drop column kind;
alter table referrals add constraint referrals_close_with_a_report check ((state in ('completed', 'discontinued')) = (closing_share_id is not null));
comment on column referrals.patient_id is null;
drop function opinions_close_with_an_answer();
drop function opinion_texts_never_change();
drop function referrals_keep_their_kind();

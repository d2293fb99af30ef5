-- An address is one account at a time: who left a clinic, or was invited in vain, can come in again, here or elsewhere.
create unique index members_by_email on members (email) where state <> 'ended';
alter table members drop constraint members_email_key;

alter table members add constraint members_email_key unique (email);
drop index members_by_email;

drop table referral_messages;
drop function referral_messages_keep_their_words();

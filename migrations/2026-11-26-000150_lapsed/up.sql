-- What has lapsed is forgotten every few minutes, and found by its age, without a look at all the rest. Both tables hold what
-- half a day brings: the lock is short.
create index mfa_challenges_by_end on mfa_challenges (expires_at);
create index refresh_tokens_by_end on refresh_tokens (expires_at);

drop index refresh_tokens_by_end;
drop index mfa_challenges_by_end;

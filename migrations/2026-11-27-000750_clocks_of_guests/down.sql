revoke all on referral_clocks from rapport_link;
drop policy this_link on referral_clocks;

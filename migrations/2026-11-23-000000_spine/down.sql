drop table mails, idempotency_keys, audit_events, shares, report_versions, reports, consent_link_sessions, consent_links,
    consent_forms, consents, patients, refresh_tokens, sessions, mfa_challenges, members, clinics;
drop function refuse_change(), consents_keep_their_terms(), consents_wait_for_readings(), hold_consents_of(uuid),
    await_readings_of(uuid), consents_lock_key(uuid);

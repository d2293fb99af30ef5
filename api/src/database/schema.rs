//! The tables as Diesel sees them. A test compares this file with a migrated database.

diesel::table! {
    clinics (id) {
        id -> Uuid,
        name -> Text,
        phone -> Nullable<Text>,
        address -> Nullable<Text>,
        npi -> Nullable<Text>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    members (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        name -> Text,
        email -> Text,
        role -> Text,
        state -> Text,
        profession -> Nullable<Text>,
        npi -> Nullable<Text>,
        focus -> Array<Text>,
        is_accepting -> Bool,
        password_hash -> Nullable<Text>,
        totp_secret -> Nullable<Bytea>,
        totp_confirmed_at -> Nullable<Timestamptz>,
        totp_last_step -> BigInt,
        invitation_hash -> Nullable<Bytea>,
        invitation_expires_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Integer,
        totp_key_version -> Nullable<Integer>,
    }
}

diesel::table! {
    mfa_challenges (hash) {
        hash -> Bytea,
        clinic_id -> Uuid,
        member_id -> Uuid,
        purpose -> Text,
        tries_left -> Integer,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    sign_in_failures (account, source) {
        account -> Bytea,
        source -> Bytea,
        failures -> Integer,
        last_at -> Timestamptz,
        known_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        member_id -> Uuid,
        created_at -> Timestamptz,
        refreshed_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Bytea,
        session_id -> Uuid,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    patients (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Integer,
        identity -> Bytea,
        mrn_token -> Nullable<BigInt>,
        key_version -> Integer,
    }
}

diesel::table! {
    patient_tokens (clinic_id, token, patient_id) {
        clinic_id -> Uuid,
        token -> BigInt,
        patient_id -> Uuid,
    }
}

diesel::table! {
    clinic_keys (clinic_id, version) {
        clinic_id -> Uuid,
        version -> Integer,
        root_id -> Text,
        wrapped -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    data_keys (clinic_id, subject_id, version) {
        clinic_id -> Uuid,
        subject_id -> Uuid,
        version -> Integer,
        clinic_key_version -> Nullable<Integer>,
        wrapped -> Nullable<Bytea>,
        created_at -> Timestamptz,
        shredded_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    key_rotations (id) {
        id -> Uuid,
        level -> Text,
        started_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        root_before -> Nullable<Text>,
    }
}

diesel::table! {
    consents (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        patient_id -> Uuid,
        state -> Text,
        recipients -> Jsonb,
        categories -> Array<Text>,
        purpose -> Text,
        two_way -> Bool,
        starts_at -> Nullable<Timestamptz>,
        expires_at -> Timestamptz,
        asked_by -> Uuid,
        asked_at -> Timestamptz,
        lapses_at -> Timestamptz,
        statement_version -> Text,
        signed_at -> Nullable<Timestamptz>,
        signature_method -> Nullable<Text>,
        paper_signed_on -> Nullable<Date>,
        paper_form_hash -> Nullable<Text>,
        revoked_at -> Nullable<Timestamptz>,
        revocation_method -> Nullable<Text>,
        superseded_by -> Nullable<Uuid>,
        version -> Integer,
        terms -> Bytea,
        signature -> Nullable<Bytea>,
        revocation -> Nullable<Bytea>,
        key_version -> Integer,
    }
}

diesel::table! {
    consent_forms (consent_id) {
        consent_id -> Uuid,
        clinic_id -> Uuid,
        media_type -> Text,
        content -> Nullable<Bytea>,
        attested_by -> Uuid,
        recorded_at -> Timestamptz,
        patient_id -> Uuid,
        object_id -> Nullable<Uuid>,
        size -> Nullable<Integer>,
        details -> Nullable<Bytea>,
        key_version -> Integer,
    }
}

diesel::table! {
    attachments (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        patient_id -> Uuid,
        report_id -> Uuid,
        media_type -> Text,
        size -> Integer,
        sha256 -> Text,
        details -> Bytea,
        key_version -> Integer,
        added_by -> Uuid,
        added_at -> Timestamptz,
    }
}

diesel::table! {
    version_attachments (clinic_id, report_id, number, attachment_id) {
        clinic_id -> Uuid,
        patient_id -> Uuid,
        report_id -> Uuid,
        number -> Integer,
        attachment_id -> Uuid,
        sha256 -> Text,
    }
}

diesel::table! {
    attachment_usage (clinic_id) {
        clinic_id -> Uuid,
        bytes -> BigInt,
    }
}

diesel::table! {
    consent_links (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        consent_id -> Uuid,
        patient_id -> Uuid,
        secret_hash -> Bytea,
        tries_left -> Integer,
        code_hash -> Nullable<Bytea>,
        code_expires_at -> Nullable<Timestamptz>,
        codes_sent -> Integer,
        code_sent_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    consent_link_sessions (hash) {
        hash -> Bytea,
        link_id -> Uuid,
        csrf_hash -> Bytea,
        expires_at -> Timestamptz,
        last_seen_at -> Timestamptz,
    }
}

diesel::table! {
    reports (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        patient_id -> Uuid,
        kind -> Text,
        state -> Text,
        author_id -> Uuid,
        draft -> Nullable<Bytea>,
        sensitive -> Array<Text>,
        current_version -> Nullable<Integer>,
        signed_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Integer,
        key_version -> Integer,
    }
}

diesel::table! {
    report_versions (report_id, number) {
        report_id -> Uuid,
        number -> Integer,
        clinic_id -> Uuid,
        kind -> Text,
        body -> Bytea,
        content_hash -> Text,
        sensitive -> Array<Text>,
        signed_by -> Uuid,
        signer_name -> Text,
        signer_profession -> Nullable<Text>,
        signed_at -> Timestamptz,
        amendment_reason -> Nullable<Bytea>,
        patient_id -> Uuid,
        key_version -> Integer,
    }
}

diesel::table! {
    shares (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        report_id -> Uuid,
        report_version -> Integer,
        patient_id -> Uuid,
        kind -> Text,
        recipient_kind -> Text,
        recipient_practitioner_id -> Nullable<Uuid>,
        recipient_clinic_id -> Nullable<Uuid>,
        recipient_name -> Text,
        sections -> Array<Text>,
        categories -> Array<Text>,
        purpose -> Text,
        sent_by -> Uuid,
        sender_name -> Text,
        sender_profession -> Nullable<Text>,
        state -> Text,
        delivered_at -> Timestamptz,
        opened_at -> Nullable<Timestamptz>,
        acknowledged_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        version -> Integer,
        recipient_email -> Nullable<Text>,
        letter -> Nullable<Bytea>,
        key_version -> Integer,
        envelope -> Nullable<Bytea>,
        office_key_version -> Nullable<Integer>,
        basis_clinic_id -> Nullable<Uuid>,
        basis_patient_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    share_links (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        share_id -> Nullable<Uuid>,
        number -> Integer,
        secret_hash -> Bytea,
        tries_left -> Integer,
        openings -> Integer,
        opened_at -> Nullable<Timestamptz>,
        code_hash -> Nullable<Bytea>,
        code_expires_at -> Nullable<Timestamptz>,
        codes_sent -> Integer,
        code_sent_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Text>,
        referral_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    share_link_sessions (hash) {
        hash -> Bytea,
        clinic_id -> Uuid,
        link_id -> Uuid,
        csrf_hash -> Bytea,
        expires_at -> Timestamptz,
        last_seen_at -> Timestamptz,
    }
}

diesel::table! {
    incidents (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        kind -> Text,
        share_id -> Nullable<Uuid>,
        referral_id -> Nullable<Uuid>,
        patient_id -> Uuid,
        was_read -> Bool,
        reported_at -> Timestamptz,
        closed_at -> Nullable<Timestamptz>,
        closed_by -> Nullable<Uuid>,
        note -> Nullable<Bytea>,
        version -> Integer,
        key_version -> Integer,
    }
}

diesel::table! {
    referrals (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        kind -> Text,
        patient_id -> Nullable<Uuid>,
        sent_by -> Uuid,
        sender_name -> Text,
        sender_profession -> Nullable<Text>,
        recipient_clinic_id -> Nullable<Uuid>,
        recipient_practitioner_id -> Nullable<Uuid>,
        recipient_name -> Text,
        recipient_patient_id -> Nullable<Uuid>,
        instead_clinic_id -> Nullable<Uuid>,
        instead_practitioner_id -> Nullable<Uuid>,
        instead_name -> Nullable<Text>,
        urgency -> Text,
        state -> Text,
        state_before -> Nullable<Text>,
        share_ids -> Array<Uuid>,
        closing_share_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        received_at -> Nullable<Timestamptz>,
        accepted_at -> Nullable<Timestamptz>,
        appointment_at -> Nullable<Timestamptz>,
        started_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        version -> Integer,
        guest_address -> Nullable<Text>,
        envelope -> Nullable<Bytea>,
        office_key_version -> Nullable<Integer>,
    }
}

diesel::table! {
    referral_times (clinic_id) {
        clinic_id -> Uuid,
        routine_answer_hours -> Integer,
        routine_report_days -> Integer,
        routine_expiry_days -> Integer,
        urgent_answer_hours -> Integer,
        urgent_report_days -> Integer,
        urgent_expiry_days -> Integer,
        emergent_answer_hours -> Integer,
        emergent_report_days -> Integer,
        emergent_expiry_days -> Integer,
        version -> Integer,
    }
}

diesel::table! {
    referral_clocks (referral_id) {
        referral_id -> Uuid,
        clinic_id -> Uuid,
        answer_hours -> Integer,
        report_days -> Integer,
        awaits -> Nullable<Text>,
        due_at -> Nullable<Timestamptz>,
        report_due_at -> Nullable<Timestamptz>,
        expires_at -> Nullable<Timestamptz>,
        remind_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        scheduled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    referral_texts (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        patient_id -> Uuid,
        referral_id -> Uuid,
        by_clinic -> Uuid,
        body -> Bytea,
        key_version -> Integer,
    }
}

diesel::table! {
    referral_transitions (referral_id, number) {
        clinic_id -> Uuid,
        referral_id -> Uuid,
        number -> Integer,
        from_state -> Nullable<Text>,
        to_state -> Text,
        verb -> Nullable<Text>,
        at -> Timestamptz,
        by_clinic -> Nullable<Uuid>,
        by_id -> Nullable<Uuid>,
        by_name -> Nullable<Text>,
        by_profession -> Nullable<Text>,
        reason -> Nullable<Text>,
        text_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    referral_ties (clinic_id, referral_id) {
        clinic_id -> Uuid,
        referral_id -> Uuid,
        patient_id -> Nullable<Uuid>,
        opinion_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    opinion_texts (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        referral_id -> Uuid,
        number -> Integer,
        by_clinic -> Uuid,
        attested_by -> Nullable<Uuid>,
        attested_name -> Nullable<Text>,
        attested_at -> Nullable<Timestamptz>,
        body -> Bytea,
        office_key_version -> Integer,
    }
}

diesel::table! {
    referral_messages (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        patient_id -> Uuid,
        referral_id -> Uuid,
        by_clinic -> Uuid,
        by_id -> Uuid,
        by_name -> Text,
        by_profession -> Nullable<Text>,
        written_at -> Timestamptz,
        body -> Bytea,
        key_version -> Integer,
        read_at -> Nullable<Timestamptz>,
        read_by -> Nullable<Uuid>,
        read_by_name -> Nullable<Text>,
        read_by_profession -> Nullable<Text>,
    }
}

diesel::table! {
    emergency_accesses (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        member_id -> Uuid,
        patient_id -> Uuid,
        reason -> Text,
        explanation -> Bytea,
        key_version -> Integer,
        started_at -> Timestamptz,
        ends_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        ended_by -> Nullable<Uuid>,
        finding -> Nullable<Text>,
        note -> Nullable<Bytea>,
        reviewed_at -> Nullable<Timestamptz>,
        reviewed_by -> Nullable<Uuid>,
        version -> Integer,
    }
}

diesel::table! {
    audit_events (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        occurred_at -> Timestamptz,
        action -> Text,
        outcome -> Text,
        reason -> Nullable<Text>,
        actor_kind -> Text,
        actor_id -> Nullable<Uuid>,
        actor_clinic_id -> Nullable<Uuid>,
        object_type -> Text,
        object_id -> Nullable<Uuid>,
        patient_id -> Nullable<Uuid>,
        consent_id -> Nullable<Uuid>,
        request_id -> Text,
        xid -> crate::database::transaction_id::Xid8,
        salt -> Uuid,
    }
}

diesel::table! {
    audit_leaves (leaf_index) {
        leaf_index -> BigInt,
        event_id -> Uuid,
        xid -> crate::database::transaction_id::Xid8,
        encoding -> SmallInt,
        leaf_hash -> Bytea,
    }
}

diesel::table! {
    audit_nodes (level, position) {
        level -> SmallInt,
        position -> BigInt,
        hash -> Bytea,
    }
}

diesel::table! {
    audit_checkpoints (size) {
        size -> BigInt,
        origin -> Text,
        root -> Bytea,
        previous_root -> Nullable<Bytea>,
        sealed_at -> Timestamptz,
        public_key -> Bytea,
        signature -> Bytea,
    }
}

diesel::table! {
    idempotency_keys (scope, key_hash) {
        scope -> Uuid,
        fingerprint -> Bytea,
        status -> SmallInt,
        etag -> Nullable<Integer>,
        location -> Nullable<Text>,
        created_at -> Timestamptz,
        key_hash -> Bytea,
        body -> Bytea,
    }
}

diesel::table! {
    mails (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        created_at -> Timestamptz,
        next_attempt_at -> Timestamptz,
        attempts -> Integer,
        sent_at -> Nullable<Timestamptz>,
        letter -> Nullable<Bytea>,
        office_key_version -> Nullable<Integer>,
    }
}

diesel::table! {
    api_clients (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        name -> Text,
        scopes -> Array<Text>,
        state -> Text,
        jwks -> Nullable<Jsonb>,
        jwks_uri -> Nullable<Text>,
        author_id -> Nullable<Uuid>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    api_client_secrets (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        client_id -> Uuid,
        hash -> Bytea,
        created_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    api_client_assertions (clinic_id, client_id, jti_hash) {
        clinic_id -> Uuid,
        client_id -> Uuid,
        jti_hash -> Bytea,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    revoked_tokens (jti) {
        jti -> Uuid,
        clinic_id -> Uuid,
        client_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    events (clinic_id, id) {
        id -> Uuid,
        clinic_id -> Uuid,
        kind -> Text,
        object_type -> Text,
        object_id -> Uuid,
        object_version -> Integer,
        occurred_at -> Timestamptz,
        position -> BigInt,
        sequence -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        url -> Text,
        types -> Array<Text>,
        state -> Text,
        disabled_because -> Nullable<Text>,
        authorised_by -> Uuid,
        challenge_at -> Nullable<Timestamptz>,
        challenges -> Integer,
        failing_since -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Integer,
    }
}

diesel::table! {
    webhook_secrets (id) {
        id -> Uuid,
        clinic_id -> Uuid,
        webhook_id -> Uuid,
        secret -> Bytea,
        public_key -> Text,
        office_key_version -> Integer,
        created_at -> Timestamptz,
        ends_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_deliveries (clinic_id, webhook_id, event_id) {
        clinic_id -> Uuid,
        webhook_id -> Uuid,
        event_id -> Uuid,
        object_id -> Uuid,
        sequence -> BigInt,
        state -> Text,
        attempts -> Integer,
        created_at -> Timestamptz,
        next_attempt_at -> Timestamptz,
        give_up_at -> Timestamptz,
        last_attempt_at -> Nullable<Timestamptz>,
        last_status -> Nullable<Integer>,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::joinable!(api_client_secrets -> api_clients (client_id));
diesel::joinable!(report_versions -> reports (report_id));
diesel::joinable!(sessions -> members (member_id));
diesel::joinable!(members -> clinics (clinic_id));
diesel::joinable!(consent_links -> consents (consent_id));
diesel::joinable!(consents -> patients (patient_id));
diesel::joinable!(shares -> clinics (clinic_id));
diesel::joinable!(incidents -> shares (share_id));
diesel::joinable!(incidents -> referrals (referral_id));
diesel::joinable!(referrals -> clinics (clinic_id));
diesel::joinable!(version_attachments -> attachments (attachment_id));
diesel::allow_tables_to_appear_in_same_query!(
    clinics,
    members,
    sessions,
    refresh_tokens,
    patients,
    patient_tokens,
    data_keys,
    consents,
    consent_forms,
    consent_links,
    attachments,
    version_attachments,
    reports,
    report_versions,
    shares,
    share_links,
    incidents,
    emergency_accesses,
    referrals,
    referral_clocks,
    referral_texts,
    referral_transitions,
    referral_ties,
    opinion_texts,
    referral_messages,
    audit_events,
    audit_leaves,
    api_clients,
    api_client_secrets,
    revoked_tokens,
    events,
    webhooks,
    webhook_secrets,
    webhook_deliveries,
);

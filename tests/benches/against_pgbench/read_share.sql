-- A recipient reads a share: what the service sends for GET /v1/shares/{id}, in the same round trips.
\set i :i + 1
\set new :base + (:i * 64 + :client_id) * 2
\set n random(1, :shares)
\set patient (:n - 1) % 10000 + 1
\startpipeline
BEGIN;
SELECT set_config('role', 'rapport_tenant', true), set_config('statement_timeout', '5s', true),
    set_config('lock_timeout', '2s', true), set_config('idle_in_transaction_session_timeout', '5s', true),
    set_config('app.clinic_id', :clinic, true), set_config('app.member_id', :member, true);
\endpipeline
SELECT "members"."id", "members"."role", "members"."state", "members"."name",
    "members"."profession", "sessions"."expires_at", "sessions"."ended_at", clock_timestamp()
    FROM ("sessions" INNER JOIN "members" ON ("sessions"."member_id" = "members"."id"))
    WHERE ((("sessions"."id" = :session) AND ("sessions"."clinic_id" = :clinic)) AND ("members"."id" = :member)) LIMIT :one;
SELECT "shares"."id", "shares"."clinic_id", "shares"."report_id", "shares"."report_version",
    "shares"."patient_id", "shares"."kind", "shares"."recipient_kind", "shares"."recipient_practitioner_id",
    "shares"."recipient_clinic_id", "shares"."recipient_name", "shares"."sections", "shares"."categories",
    "shares"."purpose", "shares"."sent_by", "shares"."sender_name", "shares"."sender_profession", "shares"."state",
    "shares"."delivered_at", "shares"."opened_at", "shares"."acknowledged_at", "shares"."withdrawn_at",
    "shares"."version", "shares"."recipient_email", "shares"."letter", "shares"."key_version", "shares"."envelope",
    "shares"."office_key_version", "shares"."basis_clinic_id", "shares"."basis_patient_id", "clinics"."name" FROM ("shares" INNER
    JOIN "clinics" ON ("shares"."clinic_id" = "clinics"."id")) WHERE (("shares"."id" = bench.id(:n)) AND
    (("shares"."clinic_id" = :clinic) OR ("shares"."recipient_clinic_id" = :clinic))) LIMIT :one;
\startpipeline
SELECT hold_consents_of(bench.id(:patient), :no_shift);
SELECT "consents"."id", "consents"."clinic_id", "consents"."state", "consents"."recipients",
    "consents"."categories", "consents"."purpose", "consents"."two_way", "consents"."signed_at", "consents"."starts_at",
    "consents"."expires_at" FROM "consents" WHERE (("consents"."clinic_id" = :sender) AND ("consents"."patient_id" =
    bench.id(:patient)));
SELECT "shares"."state" FROM "shares" WHERE (("shares"."clinic_id" = :sender) AND ("shares"."id" = bench.id(:n))) LIMIT :one;
\endpipeline
\startpipeline
INSERT INTO "audit_events" ("id", "clinic_id", "occurred_at", "action", "outcome", "reason", "actor_kind", "actor_id",
    "actor_clinic_id", "object_type", "object_id", "patient_id", "consent_id", "request_id")
    VALUES (bench.id(:new), :sender, :now, :action, :permitted, :none, :actor, :member, :clinic, :kind, bench.id(:n), bench.id(:patient), bench.id(:patient), :request);
SELECT "report_versions"."report_id", "report_versions"."number", "report_versions"."clinic_id",
    "report_versions"."patient_id", "report_versions"."kind", "report_versions"."body", "report_versions"."content_hash",
    "report_versions"."sensitive", "report_versions"."signed_by", "report_versions"."signer_name",
    "report_versions"."signer_profession", "report_versions"."signed_at", "report_versions"."amendment_reason",
    "report_versions"."key_version", "data_keys"."clinic_id", "data_keys"."subject_id", "data_keys"."version",
    "data_keys"."clinic_key_version", "data_keys"."wrapped" FROM ("report_versions" INNER JOIN "data_keys" ON
    ((("data_keys"."clinic_id" = "report_versions"."clinic_id") AND ("data_keys"."subject_id" =
    "report_versions"."patient_id")) AND ("data_keys"."version" = "report_versions"."key_version"))) WHERE
    (((("report_versions"."clinic_id" = :sender) AND ("report_versions"."report_id" = bench.id(:n))) AND
    ("report_versions"."number" = :one)) AND ("data_keys"."wrapped" IS NOT NULL)) LIMIT :one;
SELECT "patients"."identity", "patients"."key_version" FROM "patients" WHERE (("patients"."clinic_id" = :sender) AND
    ("patients"."id" = bench.id(:patient))) LIMIT :one;
\endpipeline
COMMIT;

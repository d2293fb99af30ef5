-- A practitioner looks for patients by family name: what the service sends for POST /v1/patients/search, in the same round
-- trips.
\set i :i + 1
\set new :base + (:i * 64 + :client_id) * 2
\set n random(1, :families)
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
SELECT "patients"."id", "patients"."created_at", "patients"."updated_at", "patients"."version", "patients"."identity",
    "data_keys"."clinic_id", "data_keys"."subject_id", "data_keys"."version", "data_keys"."clinic_key_version",
    "data_keys"."wrapped" FROM (("patient_tokens" INNER JOIN "patients" ON (("patients"."clinic_id" =
    "patient_tokens"."clinic_id") AND ("patients"."id" = "patient_tokens"."patient_id"))) INNER JOIN "data_keys" ON
    ((("data_keys"."clinic_id" = "patients"."clinic_id") AND ("data_keys"."subject_id" = "patients"."id")) AND
    ("data_keys"."version" = "patients"."key_version"))) WHERE ((("patient_tokens"."clinic_id" = :clinic) AND
    ("patient_tokens"."token" = bench.token(:n))) AND ("data_keys"."wrapped" IS NOT NULL)) ORDER BY
    "patient_tokens"."patient_id" DESC LIMIT :rows;
INSERT INTO "audit_events" ("id", "clinic_id", "occurred_at", "action", "outcome", "reason", "actor_kind", "actor_id",
    "actor_clinic_id", "object_type", "object_id", "patient_id", "consent_id", "request_id")
    VALUES (bench.id(:new), :clinic, :now, :action, :permitted, :none, :actor, :member, :clinic, :kind, :none, :none, :none, :request);
COMMIT;

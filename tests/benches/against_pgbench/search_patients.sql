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
SELECT "members"."id", "members"."clinic_id", "members"."role", "members"."state", "members"."name",
    "members"."profession", "sessions"."expires_at", "sessions"."ended_at", clock_timestamp()
    FROM ("sessions" INNER JOIN "members" ON ("sessions"."member_id" = "members"."id"))
    WHERE ((("sessions"."id" = :session) AND ("sessions"."clinic_id" = :clinic)) AND ("members"."id" = :member)) LIMIT :one;
SELECT "patients"."id", "patients"."given_name", "patients"."family_name", "patients"."birth_date",
    "patients"."mrn", "patients"."email", "patients"."phone", "patients"."created_at", "patients"."updated_at",
    "patients"."version" FROM "patients" WHERE ((("patients"."clinic_id" = :clinic) AND ("patients"."family_key" >=
    bench_family(:n))) AND ("patients"."family_key" < bench_family_end(:n))) ORDER BY "patients"."family_key",
    "patients"."id" LIMIT :rows;
INSERT INTO "audit_events" ("id", "clinic_id", "occurred_at", "action", "outcome", "reason", "actor_kind", "actor_id",
    "actor_clinic_id", "object_type", "object_id", "patient_id", "consent_id", "request_id")
    VALUES (bench_id(:new), :clinic, :now, :action, :permitted, :none, :actor, :member, :clinic, :kind, :none, :none, :none, :request);
COMMIT;

-- A practitioner drafts a report and signs it: what the service sends for POST /v1/reports and POST /v1/reports/{id}/signature,
-- each with an idempotency key, in the same round trips.
\set i :i + 1
\set new :base + (:i * 64 + :client_id) * 2
\set next :new + 1
\set n random(1, :patients)
\set lock random(1, 1000000000000)
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
\startpipeline
SELECT pg_try_advisory_xact_lock(:lock);
SELECT "idempotency_keys"."fingerprint", "idempotency_keys"."status", "idempotency_keys"."etag", "idempotency_keys"."location",
    "idempotency_keys"."body" FROM "idempotency_keys"
    WHERE (("idempotency_keys"."scope" = :member) AND ("idempotency_keys"."key_hash" = bench.key(:new))) LIMIT :one;
\endpipeline
SELECT "patients"."id", "patients"."created_at", "patients"."updated_at", "patients"."version", "patients"."identity",
    "data_keys"."clinic_id", "data_keys"."subject_id", "data_keys"."version", "data_keys"."clinic_key_version",
    "data_keys"."wrapped" FROM ("patients" INNER JOIN "data_keys" ON ((("data_keys"."clinic_id" =
    "patients"."clinic_id") AND ("data_keys"."subject_id" = "patients"."id")) AND ("data_keys"."version" =
    "patients"."key_version"))) WHERE ((("patients"."clinic_id" = :clinic) AND ("patients"."id" = bench.id(:n))) AND
    ("data_keys"."wrapped" IS NOT NULL)) LIMIT :one;
SELECT "data_keys"."clinic_id", "data_keys"."subject_id", "data_keys"."version", "data_keys"."clinic_key_version",
    "data_keys"."wrapped" FROM "data_keys" WHERE (("data_keys"."clinic_id" = :clinic) AND ("data_keys"."subject_id" =
    bench.id(:n))) ORDER BY "data_keys"."version" DESC LIMIT :one;
INSERT INTO "reports" ("id", "clinic_id", "patient_id", "kind", "state", "author_id", "draft", "key_version", "sensitive",
    "created_at", "updated_at") VALUES (bench.id(:new), :clinic, bench.id(:n), :report_kind, :draft, :member, :body, :one,
    :no_names, :now, :now) RETURNING "reports"."id", "reports"."patient_id", "reports"."kind", "reports"."state",
    "reports"."author_id", "reports"."sensitive", "reports"."current_version", "reports"."signed_at",
    "reports"."created_at", "reports"."updated_at", "reports"."version";
INSERT INTO "audit_events" ("id", "clinic_id", "occurred_at", "action", "outcome", "reason", "actor_kind", "actor_id",
    "actor_clinic_id", "object_type", "object_id", "patient_id", "consent_id", "request_id")
    VALUES (bench.id(:new), :clinic, :now, :create, :permitted, :none, :actor, :member, :clinic, :kind, bench.id(:new), bench.id(:n), :none, :request);
INSERT INTO "idempotency_keys" ("scope", "key_hash", "fingerprint", "status", "etag", "location", "body", "created_at")
    VALUES (:member, bench.key(:new), :fingerprint, :status, :one, :path, :answer, :now);
COMMIT;
\set lock random(1, 1000000000000)
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
\startpipeline
SELECT pg_try_advisory_xact_lock(:lock);
SELECT "idempotency_keys"."fingerprint", "idempotency_keys"."status", "idempotency_keys"."etag", "idempotency_keys"."location",
    "idempotency_keys"."body" FROM "idempotency_keys"
    WHERE (("idempotency_keys"."scope" = :member) AND ("idempotency_keys"."key_hash" = bench.key(:next))) LIMIT :one;
\endpipeline
SELECT "reports"."id", "reports"."patient_id", "reports"."kind", "reports"."state", "reports"."author_id",
    "reports"."sensitive", "reports"."current_version", "reports"."signed_at",
    "reports"."created_at", "reports"."updated_at", "reports"."version", "members"."id", "members"."name",
    "members"."profession" FROM ("reports" INNER JOIN "members" ON ("reports"."author_id" = "members"."id")) WHERE
    (("reports"."clinic_id" = :clinic) AND ("reports"."id" = bench.id(:new))) LIMIT :one;
SELECT "reports"."draft", "data_keys"."clinic_id", "data_keys"."subject_id", "data_keys"."version",
    "data_keys"."clinic_key_version", "data_keys"."wrapped" FROM ("reports" INNER JOIN "data_keys" ON
    ((("data_keys"."clinic_id" = "reports"."clinic_id") AND ("data_keys"."subject_id" = "reports"."patient_id")) AND
    ("data_keys"."version" = "reports"."key_version"))) WHERE ((("reports"."clinic_id" = :clinic) AND ("reports"."id" =
    bench.id(:new))) AND ("data_keys"."wrapped" IS NOT NULL)) LIMIT :one;
SELECT "data_keys"."clinic_id", "data_keys"."subject_id", "data_keys"."version", "data_keys"."clinic_key_version",
    "data_keys"."wrapped" FROM "data_keys" WHERE (("data_keys"."clinic_id" = :clinic) AND ("data_keys"."subject_id" =
    bench.id(:n))) ORDER BY "data_keys"."version" DESC LIMIT :one;
UPDATE "reports" SET "state" = :signed, "draft" = :none, "sensitive" = :no_names, "current_version" = :one,
    "signed_at" = :now, "updated_at" = :now, "version" = ("reports"."version" + :one) WHERE (("reports"."id" =
    bench.id(:new)) AND ("reports"."version" = :one)) RETURNING "reports"."id", "reports"."patient_id",
    "reports"."kind", "reports"."state", "reports"."author_id", "reports"."sensitive", "reports"."current_version", "reports"."signed_at", "reports"."created_at", "reports"."updated_at",
    "reports"."version";
INSERT INTO "report_versions" ("report_id", "number", "clinic_id", "patient_id", "kind", "body", "content_hash", "sensitive",
    "signed_by", "signer_name", "signer_profession", "signed_at", "amendment_reason", "key_version") VALUES (bench.id(:new), :one,
    :clinic, bench.id(:n), :report_kind, :body, :hash, :no_names, :member, :name, :profession, :now, :none, :one);
INSERT INTO "events" ("id", "clinic_id", "kind", "object_type", "object_id", "object_version", "occurred_at")
    VALUES (bench.id(:next), :clinic, :event, :kind, bench.id(:new), :two, :now);
SELECT "attachments"."id", "attachments"."sha256" FROM "attachments" WHERE (("attachments"."clinic_id" = :clinic) AND
    ("attachments"."report_id" = bench.id(:new)));
INSERT INTO "audit_events" ("id", "clinic_id", "occurred_at", "action", "outcome", "reason", "actor_kind", "actor_id",
    "actor_clinic_id", "object_type", "object_id", "patient_id", "consent_id", "request_id")
    VALUES (bench.id(:next), :clinic, :now, :sign, :permitted, :none, :actor, :member, :clinic, :kind, bench.id(:new), bench.id(:n), :none, :request);
INSERT INTO "idempotency_keys" ("scope", "key_hash", "fingerprint", "status", "etag", "location", "body", "created_at")
    VALUES (:member, bench.key(:next), :fingerprint, :status, :one, :none, :answer, :now);
COMMIT;

//! The OpenAPI document: what the handlers say of themselves, and in one pass what holds for all of them.

mod problems;

use crate::{
    app,
    http::routes::{Operations, Routes},
};
use actix_web::App;
use rapport_contract::{
    events::{EventObjectType, EventType},
    problem::Problem,
    webhooks::WebhookChallenge,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::{OpenApi, ToSchema};

/// Changes that demand an `If-Match`.
const IF_MATCH: &[&str] = &[
    "amend_report",
    "end_api_client",
    "end_member",
    "end_webhook",
    "move_referral",
    "record_paper_signature",
    "review_emergency_access",
    "set_referral_times",
    "sign_report",
    "update_api_client",
    "update_own_entry",
    "update_patient",
    "update_report",
    "update_webhook",
    "withdraw_share",
];
/// Changes that honour one and do without.
const OPTIONAL_IF_MATCH: &[&str] = &["acknowledge_share", "close_incident", "end_emergency_access", "revoke_consent"];
/// POSTs whose answers are never stored, because they hold a secret or send one: a key is taken and changes nothing. Each is
/// safe to repeat by its own rules.
const NEVER_REPLAYED: &[&str] = &[
    "add_api_client_secret",
    "add_webhook_secret",
    "challenge_consent_link",
    "challenge_referral_link",
    "challenge_share_link",
    "claim_linked_referral",
    "enrol_mfa",
    "log_in",
    "log_out",
    "open_consent_link_session",
    "open_referral_link_session",
    "open_share_link_session",
    "refresh_tokens",
    "request_token",
    "revoke_token",
    "renew_referral_link",
    "renew_share_link",
    "report_misdirected_referral",
    "report_misdirected_share",
    "verify_mfa",
];
/// Answers that carry an `ETag`.
const ETAG: &[&str] = &[
    "ask_consent",
    "acknowledge_share",
    "amend_report",
    "challenge_webhook",
    "create_api_client",
    "close_incident",
    "create_patient",
    "create_referral",
    "create_report",
    "create_webhook",
    "end_emergency_access",
    "get_api_client",
    "get_consent",
    "get_emergency_access",
    "get_incident",
    "get_own_entry",
    "get_patient",
    "get_practitioner",
    "get_referral",
    "get_referral_times",
    "get_report",
    "get_share",
    "get_webhook",
    "invite_member",
    "move_referral",
    "open_emergency_access",
    "record_paper_signature",
    "review_emergency_access",
    "revoke_consent",
    "set_referral_times",
    "share_report",
    "sign_report",
    "update_api_client",
    "update_own_entry",
    "update_patient",
    "update_report",
    "update_webhook",
];

/// Answers that carry the newest checkpoint of the audit log.
const CHECKPOINT: &[&str] = &[
    "get_audit_consistency",
    "get_audit_proof",
    "list_audit_checkpoints",
    "list_audit_events",
    "list_disclosures",
    "list_sharing_history",
];

const TAGS: &[(&str, &str)] = &[
    ("auth", "Signing in with two factors, refreshing, ending sessions."),
    ("oauth", "Machines sign in (RFC 6749, 4.4), and tokens are taken back (RFC 7009)."),
    ("clinics", "A clinic signs up."),
    ("api clients", "The machines of a clinic: their scopes, keys and secrets."),
    ("members", "The people of a clinic, by invitation."),
    ("practitioners", "The directory: public, professional facts of every clinic."),
    ("patients", "A clinic's own patient records. No other clinic ever sees one."),
    ("consents", "The patient's written permission (45 CFR 164.508)."),
    ("consent links", "The patient's side: read, sign, decline, revoke, without an account."),
    ("reports", "Treatment plans and progress reports: drafts, signed versions, amendments, documents."),
    ("attachments", "Files that go with a report: known by their content, signed with it, handed out as downloads."),
    ("shares", "Sending a signed version, and reading what came in, through the gate."),
    (
        "referrals",
        "One clinic asks another to see a patient, or what it thinks; the loop closes with a signed report, or with the answer.",
    ),
    (
        "referral links",
        "A guest's side of a referral: read it, decline it, say that it went astray, or take it up with an account.",
    ),
    ("share links", "A guest's side: read one share, acknowledge it, or say that it went astray, without an account."),
    ("incidents", "What went where it should not have gone, until somebody closes it."),
    (
        "emergency access",
        "Reading in an emergency what one's role does not read (45 CFR 164.312(a)(2)(ii)), and the review of it.",
    ),
    ("events", "What happened, for other systems to follow: ids, and never health information."),
    ("webhooks", "Where a clinic wants to be told of events (Standard Webhooks)."),
    ("audit", "Who did what; what left to whom; and the proof that the record of it was not changed."),
    ("service", "Health, readiness, keys."),
];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rapport",
        version = "1.0.0",
        description = "Consented treatment plans, progress reports and referrals between clinics.\n\nConsent is a gate, not a scan: without the patient's signed, unrevoked, unexpired, wide enough consent not one byte of a report reaches a recipient, and every reading leaves a record.\n\nErrors are `application/problem+json` (RFC 9457), each kind explained at its own address. Unknown request fields are refused. Lists answer `{items, next_cursor}`. Single objects carry an `ETag`; changes demand it back in `If-Match`. Every POST takes an `Idempotency-Key`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This service"))
)]
struct Base;

/// The document as the routes make it. It is committed, and what is committed is served.
///
/// # Errors
/// If a part of it can't be serialised, which a test would show.
pub fn document() -> anyhow::Result<Value> {
    let mut collected = Base::openapi();
    App::new().configure(|config| {
        let mut operations = Operations::default();
        app::api_routes(&mut Routes::new(config, &mut operations).described_in(&mut collected));
    });
    let mut document = serde_json::to_value(collected)?;
    add_components(&mut document);
    add_to_operations(&mut document);
    problems::add(&mut document);
    add_from_tables(&mut document);
    add_webhooks(&mut document);
    forget_unknown(&mut document);
    show_examples(&mut document);
    if let Some(root) = document.as_object_mut() {
        root.insert(
            "tags".into(),
            TAGS.iter().map(|(name, text)| json!({"name": name, "description": text})).collect(),
        );
    }
    Ok(document)
}

fn add_components(document: &mut Value) {
    let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    components.insert(
        "securitySchemes".into(),
        json!({
            "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "An access token of a session or of an API client, at most 5 minutes old: a JWT (RFC 9068), made and checked as RFC8725 asks, with one algorithm (EdDSA), issuer and audience."},
            "mfa_token": {"type": "http", "scheme": "bearer",
                "description": "The token of the second step of signing in, from /v1/auth/login."},
            "link_session": {"type": "apiKey", "in": "cookie", "name": "rapport_consent",
                "description": "A patient's session at one consent link; by TLS the name is __Host-rapport_consent-{id}. Changes need the X-CSRF-Token header too."},
            "guest_session": {"type": "apiKey", "in": "cookie", "name": "rapport_share",
                "description": "A guest's session at the link to one share or referral; by TLS the name is __Host-rapport_share-{id}. Changes need the X-CSRF-Token header too."}
        }),
    );
    components.insert(
        "headers".into(),
        json!({
            "X-Request-Id": {"description": "The request's id, yours or ours.", "schema": {"type": "string"}},
            "ETag": {"description": "The object's version, to be sent back in If-Match.", "schema": {"type": "string"}},
            "RateLimit": {"description": "What is left of your budget.", "schema": {"type": "string"}},
            "RateLimit-Policy": {"description": "Your budget.", "schema": {"type": "string"}},
            "Rapport-Checkpoint": {"description": "The newest checkpoint of the audit log, to be kept: its signed note in base64.", "schema": {"type": "string"}},
            "Retry-After": {"description": "When to try again, in seconds.", "schema": {"type": "integer", "format": "int32", "minimum": 0}},
            "Idempotency-Replayed": {"description": "`true` if this is the stored answer of an earlier request with the same key.", "schema": {"type": "string", "enum": ["true"]}},
            "Location": {"description": "Where the new object is.", "schema": {"type": "string"}}
        }),
    );
    let mut schemas = vec![
        (Problem::name().into_owned(), <Problem as utoipa::PartialSchema>::schema()),
        (WebhookChallenge::name().into_owned(), <WebhookChallenge as utoipa::PartialSchema>::schema()),
    ];
    Problem::schemas(&mut schemas);
    if let Some(known) = components.entry("schemas").or_insert_with(|| json!({})).as_object_mut() {
        for (name, schema) in schemas {
            known.insert(name, serde_json::to_value(schema).unwrap_or_default());
        }
    }
}

/// What the service sends to a webhook's address, by what it happened to (OpenAPI 3.1, `webhooks`).
fn add_webhooks(document: &mut Value) {
    let taken = json!({
        "2XX": {"description": "It is taken."},
        "410": {"description": "The address wants no more: the webhook is disabled."},
        "default": {"description": "It comes again, later and later, for 3 days. A redirect is not followed."}
    });
    let mut webhooks: serde_json::Map<String, Value> = EventObjectType::ALL
        .into_iter()
        .map(|object| {
            let types: Vec<EventType> = EventType::ALL.into_iter().filter(|kind| kind.object() == object).collect();
            let names: Vec<String> = types.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
            let object = object.as_str();
            let example = json!({"id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a20", "type": types.first().map(|kind| kind.as_str()),
                "occurred_at": "2026-11-23T09:30:00Z", "sequence": 42,
                "object": {"type": object, "id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a21", "version": 1}});
            let text = format!(
                "{}. Events of one object come in their order, each at least once, for 3 days until it is taken; the id says which \
                 one was told before. It says that there is something to read, never what.",
                names.join(", ")
            );
            let of = object.replace('_', " ");
            let summary = format!("Something happened to: {of}");
            let body = json!({"schema": {"$ref": format!("{SCHEMAS}Event")}, "example": example});
            (object.to_owned(), told(&format!("told_of_{object}"), &summary, &text, &body, &taken))
        })
        .collect();
    let text = "Before an address is told anything, and when it changes, it is asked whether it wants this. It answers 200 with \
                `{\"challenge\": ...}`, the same.";
    let echo = json!({"type": "object", "required": ["challenge"], "properties": {"challenge": {"type": "string"}}});
    let answered = json!({
        "200": {"description": "It does.", "content": {"application/json": {"schema": echo,
            "example": {"challenge": "mJ3o6gq0QJ5mS0m0e8r9dA"}}}},
        "default": {"description": "It does not say so, and is told nothing. A redirect is not followed."}
    });
    let body = json!({"schema": {"$ref": format!("{SCHEMAS}WebhookChallenge")}});
    let asked = told("ask_to_be_told", "Do you want to be told?", text, &body, &answered);
    webhooks.insert("challenge".into(), asked);
    if let Some(root) = document.as_object_mut() {
        root.insert("webhooks".into(), Value::Object(webhooks));
    }
}

/// A request of the service's own, signed by Standard Webhooks.
fn told(id: &str, summary: &str, text: &str, body: &Value, responses: &Value) -> Value {
    let header = |name: &str, text: &str| json!({"name": name, "in": "header", "required": true, "description": text, "schema": {"type": "string"}});
    json!({"post": {
        "operationId": id, "tags": ["webhooks"], "summary": summary, "description": text, "security": [],
        "parameters": [
            header("webhook-id", "The event's id, or the webhook's where it is asked: the same however often it comes."),
            header("webhook-timestamp", "When it was sent, in seconds since 1970; older than 5 minutes, it is not to be believed."),
            header("webhook-signature", "Signatures over id, timestamp and body, by each good secret: `v1,` HMAC-SHA256, `v1a,` ed25519."),
        ],
        "requestBody": {"required": true, "content": {"application/json": body}},
        "responses": responses
    }})
}

fn add_to_operations(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for item in paths.values_mut() {
        let Some(operations) = item.as_object_mut() else { continue };
        for (method, operation) in operations {
            if let Some(operation) = operation.as_object_mut() {
                complete(method, operation);
            }
        }
    }
}

fn complete(method: &str, operation: &mut serde_json::Map<String, Value>) {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    // `security(())` is written for what is public; it stands in the document as no security at all.
    let security = operation.entry("security").or_insert_with(|| json!([{"bearer": []}]));
    let is_public = security == &json!([{}]);
    if is_public {
        *security = json!([]);
    }
    let is_link = |scheme: &Value| scheme.get("link_session").is_some() || scheme.get("guest_session").is_some();
    let uses_link = security.as_array().is_some_and(|schemes| schemes.iter().any(is_link));
    let only_link = security.as_array().is_some_and(|schemes| schemes.iter().all(is_link));
    let is_change = method != "get";

    let mut parameters: Vec<Value> = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    // What may be left out is an `Option`, which utoipa takes for one that may be null; no header is.
    for schema in parameters.iter_mut().filter_map(|parameter| parameter.get_mut("schema")) {
        if let Some([kind, null]) = schema.get("type").and_then(Value::as_array).map(Vec::as_slice)
            && null == "null"
        {
            let kind = kind.clone();
            schema["type"] = kind;
        }
    }
    let mut told = |name: &str, is_required: bool, text: &str, schema: Value| {
        parameters.push(
            json!({"name": name, "in": "header", "required": is_required, "description": text, "schema": schema}),
        );
    };
    if method == "post" && NEVER_REPLAYED.contains(&id.as_str()) {
        let text =
            "Taken and without effect: this answer is never stored. The request is safe to repeat by its own rules.";
        told("Idempotency-Key", false, text, json!({"type": "string"}));
    } else if method == "post" {
        let text = "Makes the request safe to repeat: the same key and body bring the same answer.";
        // Visible ASCII, and blanks between.
        let key = json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"});
        told("Idempotency-Key", false, text, key);
    }
    let mut header =
        |name: &str, is_required: bool, text: &str| told(name, is_required, text, json!({"type": "string"}));
    if uses_link && is_change {
        header("X-CSRF-Token", only_link, "The session's csrf_token.");
    }
    if IF_MATCH.contains(&id.as_str()) {
        header("If-Match", true, "The ETag of the version that you read.");
    }
    if OPTIONAL_IF_MATCH.contains(&id.as_str()) {
        header("If-Match", false, "The ETag of the version that you read, if the change is to depend on it.");
    }
    if !parameters.is_empty() {
        operation.insert("parameters".into(), Value::Array(parameters));
    }

    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut() else { continue };
        if response.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
            let text = match status.as_str() {
                "201" => "Made.",
                "202" => "Accepted.",
                "204" => "Done; there is no body.",
                _ => "The answer.",
            };
            response.insert("description".into(), text.into());
        }
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if let Some(headers) = headers.as_object_mut() {
            let mut refer =
                |name: &str| headers.insert(name.into(), json!({"$ref": format!("#/components/headers/{name}")}));
            refer("X-Request-Id");
            refer("RateLimit");
            refer("RateLimit-Policy");
            if ETAG.contains(&id.as_str()) {
                refer("ETag");
            }
            if CHECKPOINT.contains(&id.as_str()) {
                refer("Rapport-Checkpoint");
            }
            if status == "201" {
                refer("Location");
            }
            if method == "post" && !NEVER_REPLAYED.contains(&id.as_str()) {
                refer("Idempotency-Replayed");
            }
        }
    }
}

/// How long the texts of lists may be, which the types can't say: of which schema, which property, how many characters.
const TEXTS_OF_LISTS: &[(&str, &str, u32)] = &[
    ("Jwk", "key_ops", 20),
    ("NewReferral", "requested_services", 200),
    ("OpinionAnswer", "red_flags", 1000),
    ("OpinionAnswer", "suggestions", 1000),
    ("PractitionerPatch", "focus", 60),
];
/// Where an answer leads (OpenAPI 3.1, "Link Object"): from which operations, by which member of the answer, as the `id`
/// of which others.
const LINKS: &[(&[&str], &str, &[&str])] = &[
    (&["sign_up_clinic"], "/owner/id", &["get_practitioner"]),
    (&["invite_member"], "/id", &["end_member"]),
    (
        &["create_api_client"],
        "/id",
        &["get_api_client", "update_api_client", "end_api_client", "add_api_client_secret"],
    ),
    (
        &["create_patient"],
        "/id",
        &[
            "get_patient",
            "update_patient",
            "ask_consent",
            "list_consents",
            "open_emergency_access",
            "list_disclosures",
            "list_sharing_history",
        ],
    ),
    (&["ask_consent"], "/id", &["get_consent", "record_paper_signature", "get_consent_form", "revoke_consent"]),
    (
        &["create_report"],
        "/id",
        &[
            "get_report",
            "update_report",
            "add_attachment",
            "list_attachments",
            "sign_report",
            "amend_report",
            "list_report_versions",
            "get_report_document",
            "share_report",
            "list_report_shares",
        ],
    ),
    (&["create_report", "sign_report"], "/patient_id", &["get_patient"]),
    (&["add_attachment"], "/id", &["get_attachment", "get_attachment_content", "delete_attachment"]),
    (&["share_report"], "/id", &["get_share", "acknowledge_share", "withdraw_share"]),
    (
        &["create_referral"],
        "/id",
        &["get_referral", "move_referral", "list_referral_messages", "write_referral_message", "get_referral_timeline"],
    ),
    (&["open_emergency_access"], "/id", &["get_emergency_access", "end_emergency_access", "review_emergency_access"]),
    (
        &["create_webhook"],
        "/webhook/id",
        &[
            "get_webhook",
            "update_webhook",
            "challenge_webhook",
            "add_webhook_secret",
            "list_webhook_deliveries",
            "end_webhook",
        ],
    ),
];

/// Files are handed out under what they are.
const FILES: &[(&str, &[&str])] = &[
    ("get_attachment_content", MEDIA_TYPES),
    ("get_consent_form", &["application/pdf", "image/png", "image/jpeg"]),
    ("get_linked_attachment", MEDIA_TYPES),
    ("get_shared_attachment", MEDIA_TYPES),
];
const MEDIA_TYPES: &[&str] = &["application/pdf", "image/png", "image/jpeg", "text/plain"];

/// What is said of operations and types by tables: limits within lists, the types of files, where answers lead; and which bodies
/// may be left out.
fn add_from_tables(document: &mut Value) {
    for (schema, property, longest) in TEXTS_OF_LISTS {
        let at = format!("/components/schemas/{schema}/properties/{property}/items");
        if let Some(items) = document.pointer_mut(&at).and_then(Value::as_object_mut) {
            items.insert("minLength".into(), 1.into());
            items.insert("maxLength".into(), (*longest).into());
        }
    }
    let optional: Vec<String> = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("properties").is_some() && schema.get("required").is_none())
        .map(|(name, _)| format!("{SCHEMAS}{name}"))
        .collect();
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(serde_json::Map::iter_mut) {
        let (method, operation) = operation;
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = id.as_str();
        if let Some((_, types)) = FILES.iter().find(|(file, _)| *file == id) {
            let binary =
                |kind: &&str| ((*kind).to_owned(), json!({"schema": {"type": "string", "contentMediaType": kind}}));
            if let Some(content) = operation.pointer_mut("/responses/200/content") {
                *content = Value::Object(types.iter().map(binary).collect());
            }
        }
        let led: Vec<_> = LINKS.iter().filter(|(from, ..)| from.contains(&id)).collect();
        let links: serde_json::Map<String, Value> = led
            .into_iter()
            .flat_map(|(_, member, to)| to.iter().map(move |to| (*to, *member)))
            .map(|(to, member)| {
                let link = json!({"operationId": to, "parameters": {"id": format!("$response.body#{member}")}});
                (to.to_owned(), link)
            })
            .collect();
        if !links.is_empty() {
            let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
            let made = responses.into_iter().flatten().find(|(status, _)| status.starts_with('2'));
            if let Some(answer) = made.and_then(|(_, answer)| answer.as_object_mut()) {
                answer.insert("links".into(), Value::Object(links));
            }
        }
        // A POST may leave its body out if it may leave out all that is in it.
        let of = operation.pointer("/requestBody/content/application~1json/schema/$ref").and_then(Value::as_str);
        if method == "post"
            && of.is_some_and(|of| optional.iter().any(|name| name == of))
            && let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut)
        {
            body.insert("required".into(), false.into());
        }
    }
}

/// Sets each schema's example beside the requests and answers that have the schema, where mock servers and readers look.
fn show_examples(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let examples: BTreeMap<String, Value> =
        schemas.keys().filter_map(|name| Some((format!("{SCHEMAS}{name}"), example_of(name, schemas)?))).collect();
    for (name, schema) in schemas {
        if let (Some(own), Some(whole)) = (schema.get_mut("example"), examples.get(&format!("{SCHEMAS}{name}"))) {
            own.clone_from(whole);
        }
    }
    for section in ["paths", "webhooks"] {
        if let Some(section) = document.get_mut(section) {
            show_in(section, &examples);
        }
    }
}

/// Where the schemas stand.
const SCHEMAS: &str = "#/components/schemas/";

/// A schema's example, in which what it has to hold and leaves out is filled in from the examples of its parts. One that has
/// none is made of those alone: a page is shown with one item, and without another page.
fn example_of(name: &str, schemas: &serde_json::Map<String, Value>) -> Option<Value> {
    let schema = schemas.get(name)?;
    let own = schema.get("example");
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else { return own.cloned() };
    let Some(required) = schema.get("required").and_then(Value::as_array) else { return own.cloned() };
    let referred = |part: &Value| example_of(part.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)?, schemas);
    let of_part = |part: &Value| referred(part).or_else(|| Some(json!([referred(part.get("items")?)?])));
    let mut example = match own {
        Some(own) => own.as_object()?.clone(),
        None => serde_json::Map::new(),
    };
    for (property, part) in properties {
        let is_required = required.iter().any(|name| name == property);
        if is_required && !example.contains_key(property) {
            example.insert(property.clone(), of_part(part)?);
        } else if own.is_none() && property == "next_cursor" {
            example.insert(property.clone(), Value::Null);
        }
    }
    Some(Value::Object(example))
}

fn show_in(value: &mut Value, examples: &BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("schema").and_then(|schema| schema.get("$ref")).and_then(Value::as_str);
            if let Some(example) = reference.and_then(|reference| examples.get(reference)).cloned() {
                members.entry("example").or_insert(example);
            }
            members.values_mut().for_each(|member| show_in(member, examples));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| show_in(item, examples)),
        _ => {}
    }
}

/// `unknown` is how old clients read what new services say. It is never said, so it does not stand in the document.
fn forget_unknown(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
                values.retain(|value| value != "unknown");
            }
            members.values_mut().for_each(forget_unknown);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_unknown),
        _ => {}
    }
}

//! Which kinds of problems each operation answers: what comes with its shape, by rule, and what is its own, by a table.
//!
//! Tests hold every answer that they see against this. A kind that a handler may answer and that nothing brings here is found
//! as soon as somebody gets it.

use super::{NEVER_REPLAYED, SCHEMAS};
use rapport_contract::problem::Kind;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// They look into no database, so that they work without one.
const WITHOUT_DATABASE: &[&str] = &["get_authorization_server", "get_health", "get_jwks", "get_smart_configuration"];

/// Everybody who signed in may do these, in whatever role or scope.
const OPEN_TO_EVERYBODY: &[&str] = &[
    "get_audit_consistency",
    "get_own_entry",
    "get_practitioner",
    "list_audit_checkpoints",
    "list_practitioners",
    "update_own_entry",
];

/// What the gate answers where no consent carries what is asked for.
const DENIALS: &[Kind] = &[
    Kind::ConsentMissing,
    Kind::ConsentPending,
    Kind::ConsentExpired,
    Kind::ConsentRevoked,
    Kind::RecipientNotNamed,
    Kind::PurposeMismatch,
    Kind::ConsentTooNarrow,
];

/// What passes the gate.
const GATED: &[&str] = &[
    "acknowledge_linked_share",
    "acknowledge_share",
    "get_linked_attachment",
    "get_linked_referral",
    "get_linked_share",
    "get_referral",
    "get_share",
    "get_shared_attachment",
    "list_referral_messages",
    "move_referral",
    "share_report",
    "write_referral_message",
];

/// What an operation answers besides what comes with its shape.
const OWN: &[(&str, &[Kind])] = &[
    ("accept_invitation", &[Kind::NotFound]),
    ("acknowledge_linked_share", &[Kind::ShareWithdrawn, Kind::IllegalTransition]),
    ("acknowledge_share", &[Kind::ShareWithdrawn, Kind::IllegalTransition]),
    ("add_api_client_secret", &[Kind::IllegalTransition]),
    ("add_attachment", &[Kind::QuotaExceeded]),
    ("add_webhook_secret", &[Kind::IllegalTransition]),
    ("amend_report", &[Kind::IllegalTransition, Kind::ReportIncomplete]),
    ("challenge_webhook", &[Kind::IllegalTransition]),
    ("claim_linked_referral", &[Kind::VerificationFailed]),
    ("close_incident", &[Kind::IllegalTransition]),
    ("create_patient", &[Kind::Conflict]),
    ("create_referral", &[Kind::NotFound]),
    ("create_report", &[Kind::NotFound]),
    ("create_webhook", &[Kind::IllegalTransition]),
    ("decline_linked_referral", &[Kind::IllegalTransition]),
    ("delete_attachment", &[Kind::IllegalTransition]),
    ("end_api_client", &[Kind::IllegalTransition]),
    ("end_emergency_access", &[Kind::IllegalTransition]),
    ("end_member", &[Kind::Conflict, Kind::IllegalTransition]),
    ("end_sessions", &[Kind::NotFound]),
    ("end_webhook", &[Kind::IllegalTransition]),
    ("end_webhook_secret", &[Kind::IllegalTransition]),
    ("get_linked_attachment", &[Kind::ShareWithdrawn]),
    ("get_linked_share", &[Kind::ShareWithdrawn]),
    ("get_own_entry", &[Kind::NotFound]),
    ("get_report_document", &[Kind::NotAcceptable]),
    ("get_share", &[Kind::ShareWithdrawn]),
    ("get_shared_attachment", &[Kind::ShareWithdrawn]),
    ("invite_member", &[Kind::Conflict]),
    ("list_referral_messages", &[Kind::IllegalTransition]),
    ("log_in", &[Kind::InvalidCredentials]),
    ("log_out", &[Kind::NotFound]),
    ("move_referral", &[Kind::IllegalTransition]),
    ("open_consent_link_session", &[Kind::VerificationFailed]),
    ("open_emergency_access", &[Kind::VerificationFailed, Kind::Conflict]),
    ("open_referral_link_session", &[Kind::VerificationFailed]),
    ("open_share_link_session", &[Kind::VerificationFailed]),
    ("record_paper_signature", &[Kind::IllegalTransition, Kind::QuotaExceeded]),
    ("refresh_tokens", &[Kind::Unauthenticated]),
    ("refuse_linked_consent", &[Kind::IllegalTransition]),
    ("request_token", &[Kind::UnsupportedGrantType, Kind::InvalidScope, Kind::InvalidClient]),
    ("resend_webhook_delivery", &[Kind::IllegalTransition]),
    ("review_emergency_access", &[Kind::IllegalTransition]),
    ("revoke_consent", &[Kind::IllegalTransition]),
    ("revoke_linked_consent", &[Kind::IllegalTransition]),
    ("revoke_token", &[Kind::InvalidClient]),
    ("share_report", &[Kind::IllegalTransition]),
    ("sign_linked_consent", &[Kind::Conflict, Kind::IllegalTransition]),
    ("sign_report", &[Kind::IllegalTransition, Kind::ReportIncomplete]),
    ("sign_up_clinic", &[Kind::Conflict]),
    ("update_api_client", &[Kind::IllegalTransition]),
    ("update_own_entry", &[Kind::NotFound]),
    ("update_patient", &[Kind::Conflict]),
    ("update_report", &[Kind::IllegalTransition]),
    ("update_webhook", &[Kind::IllegalTransition]),
    ("verify_mfa", &[Kind::VerificationFailed]),
    ("withdraw_share", &[Kind::IllegalTransition]),
    ("write_referral_message", &[Kind::IllegalTransition]),
];

/// Adds to each operation what it answers when it refuses or fails: a response for each status, which lists its kinds. Those
/// that have the same kinds have one response.
pub(super) fn add(document: &mut Value) {
    let mut shared = BTreeMap::new();
    // It is answered where no operation is.
    refer(&mut shared, &[Kind::MethodNotAllowed]);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let kinds = kinds_of(path, method, operation);
            let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
            for kinds in kinds.chunk_by(|one, next| one.status() == next.status()) {
                let status = kinds.first().map(|kind| kind.status().to_string()).unwrap_or_default();
                responses.insert(status, refer(&mut shared, kinds));
            }
        }
    }
    let examples: Map<String, Value> = Kind::ALL.iter().map(|kind| (kind.slug().to_owned(), example(*kind))).collect();
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("examples".into(), examples.into());
        components.insert("responses".into(), shared.into_iter().collect::<Map<_, _>>().into());
    }
}

/// Every kind that an operation answers, in the order of their status codes.
fn kinds_of(path: &str, method: &str, operation: &Value) -> Vec<Kind> {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let schemes = || operation.get("security").and_then(Value::as_array).into_iter().flatten();
    let has_token = schemes().next().is_some();
    let has_right = schemes().any(|scheme| scheme.get("bearer").is_some()) && !OPEN_TO_EVERYBODY.contains(&id);
    // Whom it was sent to, and nobody of the clinic; and who sends back what a session was given with its cookie.
    let is_link = path.contains("_links/");
    let has_body = matches!(method, "post" | "put" | "patch");
    let is_form = operation.pointer("/requestBody/content/application~1x-www-form-urlencoded").is_some();
    let keeps_answer = method == "post" && !NEVER_REPLAYED.contains(&id);
    let parameters = || operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let has_query = parameters().any(|parameter| parameter.get("in").is_some_and(|place| place == "query"));
    let if_match = parameters().find(|parameter| parameter.get("name").is_some_and(|name| name == "If-Match"));
    let is_required = |parameter: &Value| parameter.get("required") == Some(&Value::Bool(true));
    let own = || OWN.iter().filter(|(of, _)| *of == id).flat_map(|(_, kinds)| *kinds);
    let comes = |kind: Kind| match kind {
        Kind::BadRequest | Kind::ContentTooLarge | Kind::UnsupportedMediaType => has_body,
        Kind::Unauthenticated => has_token,
        Kind::Forbidden => has_right || is_link,
        Kind::NotFound => path.contains('{'),
        Kind::IdempotencyInProgress | Kind::IdempotencyKeyReused => keeps_answer,
        Kind::Stale => if_match.is_some(),
        Kind::Validation => has_query || has_body && !is_form,
        Kind::PreconditionRequired => if_match.is_some_and(is_required),
        Kind::RateLimited | Kind::Internal => true,
        Kind::Unavailable => !WITHOUT_DATABASE.contains(&id),
        kind => DENIALS.contains(&kind) && GATED.contains(&id),
    };
    Kind::ALL.iter().copied().filter(|kind| comes(*kind) || own().any(|own| own == kind)).collect()
}

/// A reference to the response that has these kinds, of one status.
fn refer(shared: &mut BTreeMap<String, Value>, kinds: &[Kind]) -> Value {
    let status = kinds.first().map_or(500, |kind| kind.status());
    let denials = kinds.iter().filter(|kind| DENIALS.contains(kind)).count();
    let mut names = Vec::new();
    for kind in kinds {
        // What the gate answers goes by one name: it all means that no consent carries this.
        match DENIALS.contains(kind) && denials == DENIALS.len() {
            true if names.iter().any(|name| name == "Denied") => {}
            true => names.push("Denied".to_owned()),
            false => names.push(in_one_word(kind.slug())),
        }
    }
    let name = format!("Problem{status}{}", names.join("Or"));
    let reference = json!({"$ref": format!("#/components/responses/{name}")});
    shared.entry(name).or_insert_with(|| response(status, kinds));
    reference
}

/// `not-found` as `NotFound`.
fn in_one_word(slug: &str) -> String {
    slug.split('-')
        .map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first.to_uppercase() + rest
        })
        .collect()
}

fn response(status: u16, kinds: &[Kind]) -> Value {
    let told: Vec<String> = kinds.iter().map(|kind| format!("`{}`: {}.", kind.slug(), kind.title())).collect();
    let examples: Map<String, Value> = kinds
        .iter()
        .map(|kind| {
            let slug = kind.slug();
            (slug.to_owned(), json!({"$ref": format!("#/components/examples/{slug}")}))
        })
        .collect();
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
    if let Some(headers) = headers.as_object_mut().filter(|_| matches!(status, 429 | 503)) {
        headers.insert("Retry-After".into(), json!({"$ref": "#/components/headers/Retry-After"}));
    }
    json!({"description": told.join(" "), "headers": headers, "content": {"application/problem+json": {
        "schema": {"$ref": format!("{SCHEMAS}Problem")}, "examples": examples}}})
}

fn example(kind: Kind) -> Value {
    json!({"summary": kind.title(), "value": {"type": format!("/problems/{}", kind.slug()), "title": kind.title(),
        "status": kind.status(), "detail": kind.explanation(), "request_id": "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10"}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_name_operations_of_the_document() {
        let document = super::super::document().unwrap();
        let own: Vec<&str> = OWN.iter().map(|(id, _)| *id).collect();
        let ids: Vec<&str> = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .flat_map(|item| item.as_object().unwrap().values())
            .map(|operation| operation["operationId"].as_str().unwrap())
            .collect();
        for list in [&own[..], WITHOUT_DATABASE, OPEN_TO_EVERYBODY, GATED] {
            assert!(list.is_sorted_by(|one, next| one < next), "{list:?}");
            for id in list {
                assert!(ids.contains(id), "{id}");
            }
        }
    }
}

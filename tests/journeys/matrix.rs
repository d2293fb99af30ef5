//! Who may do what with whose: every operation of the served document, by every kind of caller, over HTTP.
//!
//! The outcome is a table in `policy_matrix.txt`, which a person who knows the law and not the code can review. A changed
//! answer is a changed promise: the test fails until somebody has read the new table and accepted it.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails loudly")]

mod answers;
mod canaries;
mod misuse;
mod plans;
mod rotated;
mod stage;
mod table;

use answers::{Answer, Service};
use rapport_tests::World;
use serde_json::Value;
use stage::{Caller, Stage};
use std::path::Path;
use table::{Line, render};

/// Whose object an operation is tried on, seen from clinic North.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// Nobody's in particular: the operation names no object.
    Nobody,
    /// The right secret, password or token in the request.
    Right,
    /// A wrong one.
    Wrong,
    /// The caller's own: a session, or the patient's or guest's link.
    Own,
    /// Of somebody else of the same clinic, or of another patient.
    Colleague,
    /// Of clinic North; nothing of it was shared.
    North,
    /// Of clinic North, shared with clinic South under a consent in force.
    Shared,
    /// Of clinic North, shared with clinic South under a consent that the patient has revoked since.
    Revoked,
    /// Of clinic West, where none of the callers is.
    West,
    /// An id that nobody has. It has no line of its own: it is what all out of reach must look like.
    Missing,
}

impl Of {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Nobody => "(no object)",
            Self::Right => "with the right secret",
            Self::Wrong => "with a wrong secret",
            Self::Own => "the caller's own",
            Self::Colleague => "somebody else's",
            Self::North => "North's, not shared",
            Self::Shared => "North's, shared with South",
            Self::Revoked => "North's, consent revoked",
            Self::West => "another clinic's",
            Self::Missing => "nobody's",
        }
    }

    const fn is_norths(self) -> bool {
        matches!(self, Self::North | Self::Shared | Self::Revoked)
    }
}

/// The lines of an operation. One that is not here fails the test, and so does a line without an operation.
const LINES: &[(&str, &[Of])] = {
    use Of::*;
    &[
        ("log_in", &[Right, Wrong]),
        ("enrol_mfa", &[Right, Wrong]),
        ("verify_mfa", &[Right, Wrong]),
        ("refresh_tokens", &[Right, Wrong]),
        ("log_out", &[Nobody]),
        ("list_sessions", &[Nobody]),
        ("end_session", &[Own, Colleague, West]),
        ("end_sessions", &[Nobody]),
        ("request_token", &[Right, Wrong]),
        ("revoke_token", &[Right, Wrong]),
        ("sign_up_clinic", &[Nobody]),
        ("create_api_client", &[Nobody]),
        ("list_api_clients", &[Nobody]),
        ("get_api_client", &[North, West]),
        ("update_api_client", &[North, West]),
        ("end_api_client", &[North, West]),
        ("add_api_client_secret", &[North, West]),
        ("end_api_client_secret", &[North, West]),
        ("invite_member", &[Nobody]),
        ("list_members", &[Nobody]),
        ("accept_invitation", &[Right, Wrong]),
        ("end_member", &[North, West]),
        ("list_practitioners", &[Nobody]),
        ("get_practitioner", &[North, West]),
        ("get_own_entry", &[Nobody]),
        ("update_own_entry", &[Nobody]),
        ("create_patient", &[Nobody]),
        ("search_patients", &[Nobody]),
        ("get_patient", &[North, Shared, Revoked, West]),
        ("update_patient", &[North, Shared, Revoked, West]),
        ("ask_consent", &[North, Shared, Revoked, West]),
        ("list_consents", &[North, Shared, Revoked, West]),
        ("get_consent", &[North, Shared, Revoked, West]),
        ("record_paper_signature", &[North, Revoked, West]),
        ("get_consent_form", &[North, West]),
        ("revoke_consent", &[North, Revoked, West]),
        ("challenge_consent_link", &[Right, Wrong]),
        ("open_consent_link_session", &[Right, Wrong]),
        ("get_linked_consent", &[Own, Colleague]),
        ("sign_linked_consent", &[Own, Colleague]),
        ("refuse_linked_consent", &[Own, Colleague]),
        ("revoke_linked_consent", &[Own, Colleague]),
        ("create_report", &[North, West]),
        ("list_reports", &[Nobody]),
        ("get_report", &[North, Shared, Revoked, West]),
        ("update_report", &[North, West]),
        ("sign_report", &[North, West]),
        ("amend_report", &[North, Shared, Revoked, West]),
        ("list_report_versions", &[North, Shared, Revoked, West]),
        ("get_report_version", &[North, Shared, Revoked, West]),
        ("get_report_document", &[North, Shared, Revoked, West]),
        ("add_attachment", &[North, Shared, Revoked, West]),
        ("list_attachments", &[North, Shared, Revoked, West]),
        ("get_attachment", &[North, Shared, Revoked, West]),
        ("get_attachment_content", &[North, Shared, Revoked, West]),
        ("delete_attachment", &[North, Shared, Revoked, West]),
        ("share_report", &[North, Shared, Revoked, West]),
        ("list_report_shares", &[North, Shared, Revoked, West]),
        ("list_inbox", &[Nobody]),
        ("get_shared_attachment", &[Shared, Revoked, West]),
        ("get_share", &[Shared, Revoked, West]),
        ("acknowledge_share", &[Shared, Revoked, West]),
        ("withdraw_share", &[Shared, Revoked, West]),
        ("create_referral", &[North, Shared, Revoked, West]),
        ("list_referrals", &[Nobody]),
        ("get_referral", &[North, Shared, Revoked, West]),
        ("get_referral_timeline", &[North, Shared, Revoked, West]),
        ("move_referral", &[North, Shared, Revoked, West]),
        ("list_referral_messages", &[Shared, Revoked, North, West]),
        ("write_referral_message", &[Shared, Revoked, North, West]),
        ("get_referral_times", &[Nobody]),
        ("set_referral_times", &[Nobody]),
        ("get_referral_summary", &[Nobody]),
        ("challenge_referral_link", &[Right, Wrong]),
        ("open_referral_link_session", &[Right, Wrong]),
        ("renew_referral_link", &[Right, Wrong]),
        ("get_linked_referral", &[Own, Colleague]),
        ("decline_linked_referral", &[Own, Colleague]),
        ("report_misdirected_referral", &[Own, Colleague]),
        ("claim_linked_referral", &[Right, Wrong]),
        ("list_events", &[Nobody]),
        ("follow_events", &[Nobody]),
        ("create_webhook", &[Nobody]),
        ("list_webhooks", &[Nobody]),
        ("get_webhook", &[North, West]),
        ("update_webhook", &[North, West]),
        ("end_webhook", &[North, West]),
        ("challenge_webhook", &[North, West]),
        ("add_webhook_secret", &[North, West]),
        ("end_webhook_secret", &[North, West]),
        ("list_webhook_deliveries", &[North, West]),
        ("resend_webhook_delivery", &[North, West]),
        ("challenge_share_link", &[Right, Wrong]),
        ("open_share_link_session", &[Right, Wrong]),
        ("renew_share_link", &[Right, Wrong]),
        ("get_linked_share", &[Own, Colleague]),
        ("get_linked_attachment", &[Own, Colleague]),
        ("acknowledge_linked_share", &[Own, Colleague]),
        ("report_misdirected_share", &[Own, Colleague]),
        ("list_incidents", &[Nobody]),
        ("get_incident", &[North, West]),
        ("close_incident", &[North, West]),
        ("open_emergency_access", &[North, West]),
        ("list_emergency_access", &[Nobody]),
        ("get_emergency_access", &[Own, North, West]),
        ("end_emergency_access", &[Own, North, West]),
        ("review_emergency_access", &[Own, North, West]),
        ("list_audit_events", &[Nobody]),
        ("list_audit_checkpoints", &[Nobody]),
        ("get_audit_consistency", &[Nobody]),
        ("get_audit_proof", &[North, West]),
        ("list_disclosures", &[North, Shared, Revoked, West]),
        ("list_sharing_history", &[North, Shared, Revoked, West]),
        ("get_jwks", &[Nobody]),
        ("get_authorization_server", &[Nobody]),
        ("get_smart_configuration", &[Nobody]),
        ("get_health", &[Nobody]),
        ("get_readiness", &[Nobody]),
    ]
};

/// Where everybody who signed in may look: public, professional facts.
const DIRECTORY: &[&str] = &["get_practitioner"];
/// What clinic South reads of what it was sent: the only way in which anything leaves a clinic.
const GATE: &[&str] = &[
    "get_share",
    "get_shared_attachment",
    "acknowledge_share",
    "get_referral",
    "move_referral",
    "list_referral_messages",
    "write_referral_message",
];
/// What clinic South sees of what it was sent without the gate: how far it has come.
const STATUS: &[&str] = &["get_referral_timeline"];
/// Answers that hold the content of a report, to whom it may concern.
const CONTENT: &[&str] = &[
    "amend_report",
    "create_report",
    "get_attachment_content",
    "get_report",
    "get_report_document",
    "get_report_version",
    "sign_report",
    "update_report",
];

/// An operation of the document.
#[derive(Clone)]
struct Operation {
    id: String,
    tag: String,
    summary: String,
    method: reqwest::Method,
    path: String,
    /// The name of its security scheme; `None` is public.
    security: Option<String>,
    statuses: Vec<String>,
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schemes = operation["security"].as_array().unwrap();
            operations.push(Operation {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                tag: operation["tags"][0].as_str().unwrap().to_owned(),
                summary: operation["summary"].as_str().unwrap().to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                security: schemes.first().map(|scheme| scheme.as_object().unwrap().keys().next().unwrap().clone()),
                statuses: operation["responses"].as_object().unwrap().keys().cloned().collect(),
            });
        }
    }
    operations
}

#[tokio::test]
async fn who_may_do_what_with_whose_is_what_the_committed_matrix_says() {
    let world = World::start().await;
    let mut stage = Stage::set(&world).await;
    let service = Service::of(&world);
    let document: Value = serde_json::from_str(&service.get("/openapi.json").await.body).unwrap();
    let operations = operations(&document);
    every_operation_has_its_lines(&operations);

    let mut faults = Vec::new();
    let mut lines = Vec::new();
    for (id, ofs) in LINES {
        let operation = operations.iter().find(|operation| operation.id == *id).unwrap();
        for of in *ofs {
            stage.renew().await;
            let mut cells = Vec::new();
            for caller in Caller::ALL {
                let answer = service.ask(operation, &stage.request(operation, caller, *of).await).await;
                let mut fault = |text: String| faults.push(format!("{caller:?} {id}, {}: {text}", of.in_words()));
                check(operation, caller, *of, &answer, &stage, &mut fault);
                if operation.path.contains('{') && is_out_of_reach(operation, caller, *of) {
                    let missing = service.ask(operation, &stage.request(operation, caller, Of::Missing).await).await;
                    if (answer.status, &answer.body) != (missing.status, &missing.body) {
                        fault(format!("not the answer to an id that nobody has: {answer:?}, {missing:?}"));
                    }
                }
                cells.push(answer.in_short());
            }
            lines.push(Line { operation: id, of: *of, cells });
        }
    }
    assert!(faults.is_empty(), "{} rules are broken:\n{}", faults.len(), faults.join("\n"));
    compare(&render(&document, &operations, &lines));
}

fn every_operation_has_its_lines(operations: &[Operation]) {
    for operation in operations {
        let count = LINES.iter().filter(|(id, _)| *id == operation.id).count();
        assert_eq!(count, 1, "{}: an operation needs its lines in the matrix, once", operation.id);
    }
    for (id, _) in LINES {
        assert!(operations.iter().any(|operation| operation.id == *id), "{id} is no operation of the document");
    }
}

/// Whether it must look to this caller as if it did not exist.
fn is_out_of_reach(operation: &Operation, caller: Caller, of: Of) -> bool {
    let id = operation.id.as_str();
    if DIRECTORY.contains(&id) {
        return false;
    }
    match of {
        Of::West => true,
        Of::Colleague => true,
        Of::Wrong => ["/v1/consent_links/", "/v1/referral_links/", "/v1/share_links/"]
            .iter()
            .any(|path| operation.path.starts_with(path)),
        of if of.is_norths() => match caller {
            Caller::Recipient => !GATE.contains(&id) && !STATUS.contains(&id),
            Caller::Stranger => true,
            _ => false,
        },
        _ => false,
    }
}

/// The rules that hold whatever the committed table says.
fn check(
    operation: &Operation,
    caller: Caller,
    of: Of,
    answer: &Answer,
    stage: &Stage,
    fault: &mut impl FnMut(String),
) {
    let id = operation.id.as_str();
    let (status, slug) = (answer.status, answer.slug.as_deref());
    if !operation.statuses.contains(&status.to_string()) {
        fault(format!("the document knows no {status}"));
    }
    if matches!(status, 400 | 405 | 406 | 412 | 413 | 415 | 422 | 428 | 429 | 500..) {
        fault(format!("a well-formed request was refused for its form: {answer:?}"));
    }
    let is_anonymous = matches!(caller, Caller::Nobody | Caller::Forged | Caller::Ended);
    let takes_token = matches!(operation.security.as_deref(), Some("bearer" | "link_session" | "guest_session"));
    if (is_anonymous && takes_token) && (status, slug) != (401, Some("unauthenticated")) {
        fault(format!("{answer:?} without a session"));
    }
    if operation.security.as_deref() == Some("bearer") && caller == Caller::Patient && status != 401 {
        fault("a patient's link opens nothing but itself".to_owned());
    }
    if operation.security.as_deref() == Some("bearer") && caller == Caller::Guest && status != 401 {
        fault("a guest's link opens nothing but itself".to_owned());
    }
    if operation.security.as_deref() == Some("guest_session") && caller != Caller::Guest && status != 401 {
        fault("a link takes the guest's session".to_owned());
    }
    if operation.security.as_deref() == Some("link_session") && caller != Caller::Patient && status != 401 {
        fault("a link takes the patient's session".to_owned());
    }
    let takes_a_person = ["amend_report", "record_paper_signature", "sign_report"].contains(&id)
        || ["api clients", "emergency access", "members", "webhooks"].contains(&operation.tag.as_str());
    if caller.is_machine() && takes_a_person && operation.security.is_some() && slug != Some("forbidden") {
        fault(format!("{answer:?} to a machine"));
    }
    let has_no_role_for_content = matches!(caller, Caller::Staff | Caller::PrivacyOfficer);
    if has_no_role_for_content && CONTENT.contains(&id) && answer.is_success() {
        fault("content for somebody who does not treat".to_owned());
    }
    if caller == Caller::Stranger && of.is_norths() && !DIRECTORY.contains(&id) && answer.is_success() {
        fault("a stranger reached a clinic's object".to_owned());
    }
    if caller == Caller::Recipient && of == Of::Revoked && GATE.contains(&id) && slug != Some("consent-revoked") {
        fault(format!("{answer:?} after revocation"));
    }
    if matches!(caller, Caller::Owner | Caller::Practitioner | Caller::Writer)
        && of == Of::Revoked
        && id == "share_report"
        && slug != Some("consent-revoked")
    {
        fault(format!("{answer:?} after revocation"));
    }
    if of == Of::West && !DIRECTORY.contains(&id) && answer.is_success() {
        fault("another clinic's object was reached".to_owned());
    }
    // What an answer holds counts more than what it says of itself.
    let treats = matches!(caller, Caller::Owner | Caller::Practitioner | Caller::Reader | Caller::Writer);
    let reads_share = caller == Caller::Recipient
        && matches!(id, "get_share" | "get_shared_attachment" | "get_referral" | "list_referral_messages")
        && of == Of::Shared
        || caller == Caller::Guest
            && matches!(id, "get_linked_share" | "get_linked_attachment" | "get_linked_referral")
            && of == Of::Own;
    // And the check can fail: where content is due, it is there.
    // A draft has no messages.
    let is_content = CONTENT.contains(&id) || id == "get_referral" || id == "list_referral_messages" && of != Of::North;
    let is_due = reads_share || treats && is_content && answer.is_success();
    if answer.body.contains(stage::CONTENT_OF_NORTH) != is_due {
        fault("content is where none should be, or is missing where it should be".to_owned());
    }
    if answer.body.contains(stage::CONTENT_OF_WEST) {
        fault("it holds the content of another clinic's report".to_owned());
    }
    let is_outside = !matches!(
        caller,
        Caller::Owner
            | Caller::Practitioner
            | Caller::Staff
            | Caller::PrivacyOfficer
            | Caller::Reader
            | Caller::Writer
            | Caller::Patient
    );
    // A clinic's own log names the ids that its own people asked for, whether there is anything behind them or not.
    if is_outside && takes_token && id != "list_audit_events" {
        for (what, secret) in stage.norths_own() {
            let is_sent = caller == Caller::Recipient && matches!(what, "share" | "shared report" | "patient's name");
            // Whoever is to see the patient is told how to reach the patient.
            let is_sent = is_sent || caller == Caller::Recipient && id == "get_referral" && what == "patient's address";
            // Whoever was sent something hears what became of the permission for it, by its id.
            let is_sent = is_sent || caller == Caller::Recipient && id == "list_events" && what == "consent";
            let is_guests = caller == Caller::Guest && of == Of::Own && matches!(what, "report" | "patient's name");
            let is_sent = is_sent || is_guests;
            let is_sent =
                is_sent || caller == Caller::Guest && id == "get_linked_referral" && what == "patient's address";
            if answer.body.contains(secret.as_str()) && !is_sent {
                fault(format!("it tells North's {what}"));
            }
        }
    }
}

fn compare(table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/policy_matrix.txt");
    if std::env::var_os("RAPPORT_ACCEPT_MATRIX").is_some_and(|value| value == "1") {
        std::fs::write(&file, table).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let (now, then): (Vec<_>, Vec<_>) = (table.lines().collect(), committed.lines().collect());
    let gone = then.iter().filter(|line| !now.contains(line)).map(|line| format!("- {line}"));
    let new = now.iter().filter(|line| !then.contains(line)).map(|line| format!("+ {line}"));
    let differences: Vec<String> = gone.chain(new).collect();
    assert!(
        table == committed,
        "Somebody may do something else than policy_matrix.txt says (- committed, + now):\n{}\nIf that is meant: \
         RAPPORT_ACCEPT_MATRIX=1 cargo test -p rapport-tests matrix, and have the new table reviewed.",
        differences.join("\n")
    );
}

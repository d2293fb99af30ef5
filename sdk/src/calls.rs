//! Every method of every handle, called once: which operation of the service it is, and which of them send `If-Match`.

use crate::{
    ConsentLink, SecondFactor,
    fake::{Asked, Fake, Reply, json, problem},
};
use chrono::NaiveDate;
use futures_util::TryStreamExt;
use rapport_contract::{
    emergency_access::{EmergencyReason, Finding},
    events::EventType,
    patients::PatientSearch,
    referrals::{ReferralMove, ReferralReason, ReferralState, ReferralVerb},
    webhooks::DeliveryState,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json as value};
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(7);
const SECRET: Uuid = Uuid::from_u128(8);
const ATTACHMENT: Uuid = Uuid::from_u128(9);
const EVENT: Uuid = Uuid::from_u128(10);
const AT: &str = "2026-11-23T09:00:00Z";

/// The operations, in the order in which the test calls them.
const CALLS: &[&str] = &[
    "POST /v1/clinics",
    "POST /v1/auth/login",
    "POST /v1/auth/mfa/enrol",
    "POST /v1/auth/mfa/verify",
    "GET /v1/auth/sessions",
    "DELETE /v1/auth/sessions/{id}",
    "POST /v1/api_clients",
    "GET /v1/api_clients",
    "GET /v1/api_clients/{id}",
    "PATCH /v1/api_clients/{id} If-Match",
    "DELETE /v1/api_clients/{id} If-Match",
    "POST /v1/api_clients/{id}/secrets",
    "DELETE /v1/api_clients/{id}/secrets/{secret_id}",
    "POST /v1/members",
    "GET /v1/members",
    "POST /v1/members/accept",
    "DELETE /v1/members/{id} If-Match",
    "GET /v1/practitioners",
    "GET /v1/practitioners/{id}",
    "GET /v1/practitioners/me",
    "PATCH /v1/practitioners/me If-Match",
    "POST /v1/patients",
    "GET /v1/patients/{id}",
    "PATCH /v1/patients/{id} If-Match",
    "POST /v1/patients/search",
    "POST /v1/patients/{id}/consents",
    "GET /v1/patients/{id}/consents",
    "GET /v1/consents/{id}",
    "POST /v1/consents/{id}/paper_signature If-Match",
    "GET /v1/consents/{id}/form",
    "POST /v1/consents/{id}/revocation",
    "POST /v1/consent_links/{id}/challenge",
    "POST /v1/consent_links/{id}/session",
    "GET /v1/consent_links/{id}",
    "POST /v1/consent_links/{id}/signature",
    "POST /v1/consent_links/{id}/refusal",
    "POST /v1/consent_links/{id}/revocation",
    "POST /v1/reports",
    "GET /v1/reports",
    "GET /v1/reports/{id}",
    "PATCH /v1/reports/{id} If-Match",
    "POST /v1/reports/{id}/signature If-Match",
    "POST /v1/reports/{id}/amendments If-Match",
    "GET /v1/reports/{id}/versions",
    "GET /v1/reports/{id}/versions/2",
    "GET /v1/reports/{id}/document",
    "POST /v1/reports/{id}/attachments",
    "GET /v1/reports/{id}/attachments",
    "GET /v1/attachments/{id}",
    "GET /v1/attachments/{id}/content",
    "DELETE /v1/attachments/{id}",
    "POST /v1/reports/{id}/shares",
    "GET /v1/reports/{id}/shares",
    "GET /v1/inbox",
    "GET /v1/shares/{id}",
    "GET /v1/shares/{id}/attachments/{attachment_id}/content",
    "POST /v1/shares/{id}/acknowledgement",
    "DELETE /v1/shares/{id} If-Match",
    "POST /v1/share_links/{id}/challenge",
    "POST /v1/share_links/{id}/renewal",
    "POST /v1/share_links/{id}/misdirected",
    "POST /v1/share_links/{id}/session",
    "GET /v1/share_links/{id}",
    "GET /v1/share_links/{id}/attachments/{attachment_id}/content",
    "POST /v1/share_links/{id}/acknowledgement",
    "POST /v1/share_links/{id}/misdirected",
    "GET /v1/incidents",
    "GET /v1/incidents/{id}",
    "POST /v1/incidents/{id}/closure",
    "POST /v1/referrals",
    "GET /v1/referrals?direction=received&state=in_care",
    "GET /v1/referrals?overdue=true",
    "GET /v1/referral_times",
    "PUT /v1/referral_times If-Match",
    "GET /v1/referral_summary?days=30",
    "GET /v1/referrals/{id}",
    "GET /v1/referrals/{id}/timeline",
    "POST /v1/referrals/{id}/{verb} If-Match",
    "GET /v1/referrals/{id}/messages",
    "POST /v1/referrals/{id}/messages",
    "POST /v1/referral_links/{id}/challenge",
    "POST /v1/referral_links/{id}/renewal",
    "POST /v1/referral_links/{id}/misdirected",
    "POST /v1/referral_links/{id}/session",
    "GET /v1/referral_links/{id}",
    "POST /v1/referral_links/{id}/decline",
    "POST /v1/referral_links/{id}/misdirected",
    "POST /v1/referral_links/{id}/claim",
    "POST /v1/patients/{id}/emergency_access",
    "GET /v1/emergency_access",
    "GET /v1/emergency_access/{id}",
    "POST /v1/emergency_access/{id}/end",
    "POST /v1/emergency_access/{id}/review If-Match",
    "GET /v1/audit_events?patient_id={id}&actor_id={id}&reason=emergency-access&from=2026-11-23T09%3A00%3A00Z\
     &until=2026-11-23T09%3A00%3A00Z",
    "GET /v1/events?type=share.opened&after=7",
    "GET /v1/events/stream?type=share.opened",
    "POST /v1/webhooks",
    "GET /v1/webhooks",
    "GET /v1/webhooks/{id}",
    "PATCH /v1/webhooks/{id} If-Match",
    "DELETE /v1/webhooks/{id} If-Match",
    "POST /v1/webhooks/{id}/challenge",
    "POST /v1/webhooks/{id}/secrets",
    "DELETE /v1/webhooks/{id}/secrets/{secret_id}",
    "GET /v1/webhooks/{id}/deliveries?state=failed",
    "POST /v1/webhooks/{id}/deliveries/{event_id}/resend",
    "GET /v1/audit_events",
    "GET /v1/audit/checkpoints",
    "GET /v1/audit/proofs/{id}",
    "GET /v1/audit/consistency?from=1&to=2",
    "GET /v1/patients/{id}/disclosures",
    "GET /v1/patients/{id}/sharing_history",
    "POST /v1/auth/logout",
    "DELETE /v1/auth/sessions",
];

fn read<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn answer(asked: &Asked) -> Reply {
    match asked.path.as_str() {
        "/v1/auth/login" => json(200, r#"{"mfa_enrolment_token": "m", "expires_in": 600}"#),
        "/v1/auth/sessions" | "/v1/auth/logout" | "/oauth/revoke" => json(200, "{}"),
        path if path.ends_with("/session") => {
            let headers = "set-cookie: link=c; HttpOnly\r\n".to_owned();
            Reply::Say(200, headers, r#"{"csrf_token": "t", "expires_in": 900}"#.to_owned())
        }
        _ => problem(404, "not-found"),
    }
}

fn operation(asked: &Asked) -> String {
    let path = asked.path.replace(&ID.to_string(), "{id}").replace(&SECRET.to_string(), "{secret_id}");
    let path = path.replace(&ATTACHMENT.to_string(), "{attachment_id}");
    let path = path.replace("{id}/accept", "{id}/{verb}").replace(&EVENT.to_string(), "{event_id}");
    let precondition = match asked.header("if-match") {
        Some("\"3\"") => " If-Match",
        Some(other) => panic!("{path}: {other}"),
        None => "",
    };
    format!("{} {path}{precondition}", asked.method)
}

#[tokio::test]
async fn every_method_calls_the_operation_that_it_is_named_after() {
    let fake = Fake::start(|_, asked| answer(asked)).await;
    let client = fake.signed_in(300);
    let clinic = value!({"id": ID, "name": "North"});
    let author = value!({"id": ID, "name": "Ada Example", "profession": null});

    let owner = value!({"name": "Ada", "email": "a@example.org", "password": "p", "profession": "physician"});
    let _ = client.sign_up(&read(value!({"clinic": {"name": "North"}, "owner": owner}))).await;
    let SecondFactor::Enrol(enrolment) = client.sign_in("a@example.org", "p").await.unwrap() else { panic!() };
    let _ = enrolment.enrol().await;
    let _ = enrolment.verify("123456").await;
    let auth = client.auth();
    let _ = auth.sessions().send().await;
    let _ = auth.end_session(ID.into()).await;

    let clients = client.api_clients();
    let _ = clients.create(&read(value!({"name": "Software", "scopes": ["patients:read"]}))).await;
    let _ = clients.list().send().await;
    let _ = clients.get(ID.into()).await;
    let made = value!({"id": ID, "name": "Software", "scopes": [], "state": "active", "jwks": null, "jwks_uri": null,
        "author_id": null, "secrets": [], "created_by": ID, "created_at": AT, "updated_at": AT, "version": 3});
    let made = read(made);
    let _ = clients.update(&made, &Default::default()).await;
    let _ = clients.end(&made).await;
    let _ = clients.add_secret(ID.into()).await;
    let _ = clients.end_secret(ID.into(), SECRET.into()).await;

    let members = client.members();
    let _ = members.invite(&read(value!({"name": "Bo", "email": "b@example.org", "role": "staff"}))).await;
    let _ = members.list().send().await;
    let _ = members.accept(&read(value!({"token": "t", "password": "p"}))).await;
    let member = value!({"id": ID, "name": "Bo", "email": "b@example.org", "role": "staff", "profession": null,
        "state": "active", "created_at": AT, "version": 3});
    let _ = members.end(&read(member)).await;

    let practitioners = client.practitioners();
    let _ = practitioners.search().send().await;
    let _ = practitioners.get(ID.into()).await;
    let _ = practitioners.me().await;
    let me = value!({"id": ID, "name": "Ada", "profession": "physician", "nucc_code": null, "npi": null, "focus": [],
        "is_accepting": true, "clinic": clinic, "version": 3});
    let _ = practitioners.update_me(&read(me), &Default::default()).await;

    let patients = client.patients();
    let person = value!({"given_name": "Casey", "family_name": "Sample", "birth_date": "1953-04-17"});
    let _ = patients.create(&read(person)).await;
    let _ = patients.get(ID.into()).await;
    let patient = value!({"id": ID, "given_name": "Casey", "family_name": "Sample", "birth_date": "1953-04-17",
        "mrn": null, "email": null, "phone": null, "created_at": AT, "updated_at": AT, "version": 3});
    let _ = patients.update(&read(patient), &Default::default()).await;
    let _ = patients.search(&PatientSearch::default()).send().await;

    let consents = client.consents();
    let asked = value!({"recipients": [], "categories": [], "purpose": "treatment", "expires_at": AT});
    let _ = consents.ask(ID.into(), &read(asked)).await;
    let _ = consents.of_patient(ID.into()).send().await;
    let _ = consents.get(ID.into()).await;
    let consent = value!({"id": ID, "patient_id": ID, "state": "pending", "recipients": [], "categories": [],
        "purpose": "treatment", "starts_at": null, "expires_at": AT, "two_way": false, "asked_at": AT, "asked_by": ID,
        "lapses_at": AT, "statement": "s", "statement_hash": "h", "statement_version": "1", "signature": null,
        "revoked_at": null, "revocation_method": null, "superseded_by": null, "version": 3});
    let form = value!({"media_type": "application/pdf", "content": ""});
    let paper = value!({"signed_name": "Casey", "signed_on": "2026-11-20", "attested": true, "form": form});
    let _ = consents.record_paper_signature(&read(consent), &read(paper)).await;
    let _ = consents.form(ID.into()).await;
    let _ = consents.revoke(ID.into(), &Default::default()).await;

    let link: ConsentLink = client.consent_links().open(ID, "s");
    let _ = link.challenge().await;
    let at_link = link.session(NaiveDate::default(), "123456").await.unwrap();
    let _ = at_link.get().await;
    let seen = value!({"consent_id": ID, "state": "pending", "clinic_name": "North", "patient_name": "Casey",
        "recipients": [], "categories": [], "categories_in_words": [], "purpose": "treatment", "starts_at": null,
        "expires_at": AT, "two_way": false, "statement": "s", "statement_hash": "h", "signed_at": null,
        "revoked_at": null, "revocation_method": null});
    let _ = at_link.sign(&read(seen), "Casey Sample").await;
    let _ = at_link.refuse().await;
    let _ = at_link.revoke().await;

    let reports = client.reports();
    let _ = reports.draft(&read(value!({"patient_id": ID, "kind": "progress_report"}))).await;
    let _ = reports.list().send().await;
    let _ = reports.get(ID.into()).await;
    let report = value!({"id": ID, "patient_id": ID, "kind": "progress_report", "state": "draft", "body": {},
        "sensitive_categories": [], "author": author, "current_version": null, "content_hash": null, "signed_by": null,
        "signed_at": null, "created_at": AT, "updated_at": AT, "version": 3});
    let report = read(report);
    let _ = reports.update(&report, &Default::default()).await;
    let _ = reports.sign(&report).await;
    let _ = reports.amend(&report, &read(value!({"reason": "r", "body": {}}))).await;
    let _ = reports.versions(ID.into()).send().await;
    let _ = reports.version(ID.into(), 2).await;
    let _ = reports.document_html(ID.into()).await;
    let attachments = client.attachments();
    let _ = attachments.add(ID.into(), "a.txt", "text/plain", b"a").await;
    let _ = attachments.of_report(ID.into()).send().await;
    let _ = attachments.get(ID.into()).await;
    let _ = attachments.content(ID.into()).await;
    let _ = attachments.delete(ID.into()).await;

    let shares = client.shares();
    let recipient = value!({"clinic_id": ID});
    let _ = shares.create(ID.into(), &read(value!({"recipient": recipient, "purpose": "treatment"}))).await;
    let _ = shares.of_report(ID.into()).send().await;
    let _ = shares.inbox().send().await;
    let _ = shares.get(ID.into()).await;
    let _ = shares.attachment(ID.into(), ATTACHMENT.into()).await;
    let _ = shares.acknowledge(ID.into()).await;
    let recipient = value!({"kind": "clinic", "practitioner_id": null, "clinic_id": ID, "name": "S", "email": null});
    let share = value!({"id": ID, "report_id": ID, "report_version": 1, "kind": "progress_report", "state": "delivered",
        "recipient": recipient, "sections": [], "purpose": "treatment", "sender_clinic": clinic, "sent_by": author,
        "delivered_at": AT, "opened_at": null, "acknowledged_at": null, "withdrawn_at": null, "version": 3});
    let _ = shares.withdraw(&read(share)).await;

    let link = client.share_links().open(ID, "s");
    let _ = link.challenge().await;
    let _ = link.renew().await;
    let _ = link.misdirected().await;
    let at_link = link.session("123456").await.unwrap();
    let _ = at_link.get().await;
    let _ = at_link.attachment(ATTACHMENT.into()).await;
    let _ = at_link.acknowledge().await;
    let _ = at_link.misdirected().await;
    let incidents = client.incidents();
    let _ = incidents.list().send().await;
    let _ = incidents.get(ID.into()).await;
    let _ = incidents.close(ID.into(), "n").await;

    let referrals = client.referrals();
    let new = value!({"kind": "referral", "patient_id": ID, "recipient": {"clinic_id": ID}, "urgency": "routine", "condition": "c", "reason": "r"});
    let _ = referrals.create(&read(new)).await;
    let _ = referrals.list().received().state(ReferralState::InCare).send().await;
    let _ = referrals.list().overdue().send().await;
    let _ = referrals.times().await;
    let urgency = value!({"answer_hours": 1, "report_days": 1, "expiry_days": 1});
    let times = value!({"routine": urgency, "urgent": urgency, "emergent": urgency, "version": 3});
    let set = value!({"routine": urgency, "urgent": urgency, "emergent": urgency});
    let _ = referrals.set_times(&read(times), &read(set)).await;
    let _ = referrals.summary(30).await;
    let _ = referrals.get(ID.into()).await;
    let _ = referrals.timeline(ID.into()).await;
    let sent = value!({"id": ID, "kind": "referral", "state": "sent", "urgency": "routine", "allowed": [],
        "sender_clinic": {"id": ID, "name": "n"}, "sent_by": {"id": ID, "name": "n", "profession": null},
        "recipient": {"kind": "clinic", "practitioner_id": null, "clinic_id": ID, "name": "n", "email": null},
        "patient_id": null, "created_at": AT, "sent_at": AT, "received_at": null, "accepted_at": null,
        "appointment_at": null, "started_at": null, "closed_at": null, "closing_share_id": null, "version": 3});
    let _ = referrals.act(&read(sent), ReferralVerb::Accept, &ReferralMove::default()).await;
    let _ = referrals.messages(ID.into()).send().await;
    let _ = referrals.write(ID.into(), "m").await;
    let link = client.referral_links().open(ID, "s");
    let _ = link.challenge().await;
    let _ = link.renew().await;
    let _ = link.misdirected().await;
    let at_link = link.session("123456").await.unwrap();
    let _ = at_link.get().await;
    let _ = at_link.decline(ReferralReason::NoCapacity).await;
    let _ = at_link.misdirected().await;
    let _ = link.claim("123456").await;

    let emergencies = client.emergency_access();
    let _ = emergencies.open(ID.into(), EmergencyReason::Safety, "e", "123456").await;
    let _ = emergencies.list().send().await;
    let _ = emergencies.get(ID.into()).await;
    let _ = emergencies.end(ID.into()).await;
    let review = value!({"state": "open", "has_reviewer": true, "finding": null, "note": null, "reviewed_at": null,
        "reviewed_by": null});
    let access = value!({"id": ID, "patient_id": ID, "member_id": ID, "reason": "safety", "explanation": "e",
        "started_at": AT, "ends_at": AT, "ended_at": null, "ended_by": null, "is_active": false, "readings": 0,
        "review": review, "version": 3});
    let access = read(access);
    let _ = emergencies.review(&access, Finding::Justified, "n").await;
    let _ = emergencies.readings(&access).send().await;

    let events = client.events();
    let _ = events.list().kind(EventType::ShareOpened).after(7).send().await;
    let following = events.follow().after(7).kind(EventType::ShareOpened).stream();
    let _ = std::pin::pin!(following).try_next().await;
    let webhooks = client.webhooks();
    let _ = webhooks.create(&read(value!({"url": "https://software.example.org/"}))).await;
    let _ = webhooks.list().send().await;
    let _ = webhooks.get(ID.into()).await;
    let made = value!({"id": ID, "url": "https://software.example.org/", "types": [], "state": "active",
        "disabled_because": null, "failing_since": null, "authorised_by": ID, "secrets": [], "created_at": AT,
        "updated_at": AT, "version": 3});
    let made = read(made);
    let _ = webhooks.update(&made, &Default::default()).await;
    let _ = webhooks.end(&made).await;
    let _ = webhooks.challenge(ID.into()).await;
    let _ = webhooks.add_secret(ID.into()).await;
    let _ = webhooks.end_secret(ID.into(), SECRET.into()).await;
    let _ = webhooks.deliveries(ID.into()).state(DeliveryState::Failed).send().await;
    let _ = webhooks.resend(ID.into(), EVENT.into()).await;

    let audit = client.audit();
    let _ = audit.events().send().await;
    let _ = audit.checkpoints().send().await;
    let _ = audit.proof(ID.into(), None).await;
    let _ = audit.consistency(1, 2).await;
    let _ = audit.disclosures(ID.into()).send().await;
    let _ = audit.sharing_history(ID.into()).send().await;
    auth.logout().await.unwrap();
    fake.signed_in(300).auth().end_all_sessions().await.unwrap();

    let called: Vec<_> = fake.asked().iter().map(operation).collect();
    assert_eq!(called, CALLS);
    // The one that no method is named after: the session makes it by itself.
    let _ = fake.signed_in(0).practitioners().me().await;
    assert_eq!(operation(fake.asked().last().unwrap()), "POST /v1/auth/refresh");
    let machine = crate::Client::builder(&fake.base).client_credentials(ID.into(), "s").build().unwrap();
    let _ = machine.practitioners().me().await;
    assert_eq!(operation(fake.asked().last().unwrap()), "POST /oauth/token");
    fake.signed_in(300).auth().revoke().await.unwrap();
    assert_eq!(operation(fake.asked().last().unwrap()), "POST /oauth/revoke");
}

//! Row -> wire, and an event in a sentence.

use super::store::Told;
use crate::audit;
use rapport_contract::audit::{Disclosure, SharingHistoryEntry};

impl From<Told> for Disclosure {
    fn from(told: Told) -> Self {
        let guest = told.share.as_ref().filter(|_| told.event.actor_kind == "guest");
        let guest = guest.map(|share| &share.recipient).or(told.guest.as_ref());
        let guest_name = guest.map(|guest| guest.name.as_str().to_owned()).unwrap_or_default();
        let guest_address = guest.and_then(|guest| guest.email.as_ref()).map(|email| email.as_str().to_owned());
        let is_referral = told.event.action.starts_with("referral.");
        let (mut description, mut purpose) = told.share.as_ref().map_or_else(Default::default, |share| {
            let (kind, number) = (kind_in_words(&share.kind), share.report_version);
            let what = match told.event.action.as_str() {
                "share.read_attachment" => format!("{kind}, version {number}: a file that was signed with it"),
                _ => format!("{kind}, version {number}: {}", share.sections.join(", ").replace('_', " ")),
            };
            (what, share.purpose.clone())
        });
        if is_referral {
            // A referral is for nothing else.
            let what = match told.event.action.as_str() {
                "referral.read_messages" => "messages about a referral",
                _ => "a referral: who you are and how to reach you, what was asked, and the notes to it",
            };
            (description, purpose) = (what.to_owned(), "treatment".to_owned());
        }
        // Of what a clinic's machine read, the clinic is the recipient.
        let of_clinic = told.clinic.as_ref().map(|clinic| clinic.name.clone());
        Self {
            id: told.event.id.into(),
            disclosed_at: told.event.occurred_at,
            recipient_name: told.actor.map(|actor| actor.name).or(of_clinic).unwrap_or(guest_name).into(),
            recipient_address: told.clinic.as_ref().map_or(guest_address, |clinic| clinic.address.clone()),
            recipient_clinic: told.clinic.map(|clinic| clinic.name),
            description,
            purpose,
            basis: "authorization".to_owned(),
            is_required: false,
            consent_id: told.event.consent_id.map(Into::into),
            share_id: (told.event.object_id.filter(|_| !is_referral)).map(Into::into),
            referral_id: (told.event.object_id.filter(|_| is_referral)).map(Into::into),
        }
    }
}

impl From<Told> for SharingHistoryEntry {
    fn from(told: Told) -> Self {
        let in_words = sentence(&told);
        Self {
            id: told.event.id.into(),
            occurred_at: told.event.occurred_at,
            outcome: audit::outcome(&told.event.outcome),
            action: told.event.action,
            in_words: in_words.into(),
        }
    }
}

fn kind_in_words(kind: &str) -> &'static str {
    match kind {
        "treatment_plan" => "treatment plan",
        "progress_report" => "progress report",
        _ => "report",
    }
}

/// An event as the patient would be told it.
fn sentence(told: &Told) -> String {
    let who = match (&told.actor, &told.clinic, told.event.actor_kind.as_str()) {
        (Some(actor), Some(clinic), _) => format!("{} ({})", actor.name, clinic.name),
        (None, Some(clinic), "client") => format!("A system of {}", clinic.name),
        (_, _, "patient") => "You".to_owned(),
        (_, _, "guest") => {
            let recipient = told.share.as_ref().map(|share| &share.recipient).or(told.guest.as_ref());
            recipient.map_or("A guest", |guest| guest.name.as_str()).to_owned()
        }
        _ => "Somebody who was not signed in".to_owned(),
    };
    let what = told.share.as_ref().map_or("report", |share| kind_in_words(&share.kind));
    let whom = told.share.as_ref().map_or("a recipient", |share| share.recipient.name.as_str());
    let purpose = told.share.as_ref().map_or("", |share| share.purpose.as_str());
    if let Some(reason) = &told.event.reason {
        let tried = match told.event.action.as_str() {
            "share.create" => "share a report",
            "share.read" => "read what had been shared",
            "share.read_attachment" => "read a file of what had been shared",
            "share.acknowledge" => "acknowledge what had been shared",
            "referral.send" => "send a referral",
            "referral.read" => "read a referral",
            "referral.answer" => "give an opinion",
            "referral.write_message" => "write a message about a referral",
            "referral.read_messages" => "read messages about a referral",
            "referral.accept" => "accept a referral",
            _ => "do something with the consent",
        };
        return format!("{who} tried to {tried} and was refused: {}.", reason.replace('-', " "));
    }
    match told.event.action.as_str() {
        "consent.ask" => format!("{who} asked for permission to share."),
        "consent.sign" => format!("{who} gave permission to share, by signing."),
        "consent.record_paper" => format!("{who} recorded a permission that was signed on paper."),
        "consent.refuse" => format!("{who} declined to give permission."),
        "consent.revoke" => format!("{who} took the permission back."),
        "consent.supersede" => "A newer permission took the place of an older one.".to_owned(),
        "share.create" => format!("{who} sent a {what} to {whom}, for: {purpose}."),
        "share.read" => format!("{who} read the {what}."),
        "share.read_attachment" => format!("{who} read a file of the {what}."),
        "share.acknowledge" => format!("{who} confirmed having received the {what}."),
        "referral.send" => format!("{who} sent a referral."),
        "referral.send_deidentified" => {
            format!("{who} asked another clinic what it thinks, without telling who you are.")
        }
        "referral.answer" => format!("{who} gave the opinion that was asked for."),
        "referral.read" => format!("{who} read the referral."),
        "referral.write_message" => format!("{who} wrote a message about the referral."),
        "referral.read_messages" => format!("{who} read messages about the referral."),
        "referral.accept" => format!("{who} accepted the referral."),
        "referral.decline" => format!("{who} declined the referral."),
        "referral.redirect" => format!("{who} named somebody else to refer to."),
        "referral.complete" | "referral.discontinue" => format!("{who} closed the referral with a report."),
        "referral.cancel" | "referral.confirm_cancellation" => format!("{who} cancelled the referral."),
        "referral.claim" => format!("{who} took the referral up with an account."),
        "referral.misdirected" => {
            format!("{who} said that the referral had not been meant for them. Its link was closed at once.")
        }
        "referral.expire" => "The referral lapsed: nobody had accepted it in time.".to_owned(),
        "share.misdirected" => {
            format!("{who} said that the {what} had not been meant for them. It was closed at once.")
        }
        "share.withdraw" => format!("{who} withdrew the {what} that had been sent to {whom}."),
        other => format!("{who}: {}.", other.replace(['.', '_'], " ")),
    }
}

//! Referrals: from one clinic to another and back.

use crate::{Client, List, Result, list::word};
use rapport_contract::{
    Sensitive,
    ids::ReferralId,
    opinions::OpinionAnswer,
    referral_messages::{NewReferralMessage, ReferralMessage, ReferralMessageList},
    referral_times::{ReferralSummary, ReferralTimes, SetReferralTimes},
    referrals::{NewReferral, Referral, ReferralList, ReferralMove, ReferralState, ReferralTimeline, ReferralVerb},
};

/// The referrals that the signed-in clinic sent and was sent.
///
/// ```no_run
/// use rapport_sdk::contract::{
///     consents::RecipientChoice,
///     referrals::{NewReferral, ReferralMove, ReferralVerb, Urgency},
/// };
/// # use rapport_sdk::{Client, ids::{ClinicId, PatientId}};
///
/// # async fn example(north: Client, south: Client, patient: PatientId, to: ClinicId) -> rapport_sdk::Result<()> {
/// let to = RecipientChoice::clinic(to);
/// let new = NewReferral::of_patient(patient, to, "Neck pain of six weeks", "Exercise therapy");
/// let new = new.urgency(Urgency::Urgent);
/// let draft = north.referrals().create(&new).await?;
/// let sent = north.referrals().act(&draft, ReferralVerb::Send, &ReferralMove::default()).await?;
///
/// let received = south.referrals().get(sent.id).await?;
/// south.referrals().write(received.id, "Is a morning possible?").await?;
/// let accepted = south.referrals().act(&received, ReferralVerb::Accept, &ReferralMove::default()).await?;
/// println!("next: {:?}", accepted.allowed);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Referrals {
    client: Client,
}

/// Marks the list of referrals, which can be narrowed by direction and state.
#[derive(Debug, Clone, Copy)]
pub enum ReferralsOfClinic {}

impl Referrals {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Writes a referral, or asks for a second opinion. It stays a draft until it is moved by [`ReferralVerb::Send`].
    ///
    /// A second opinion names nobody unless it is told to ([`NewReferral::second_opinion`]); it takes the author's attestation.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) names each field that is wrong, and of a second opinion each
    /// identifier that was found, with its `code` and [`Span`](crate::Span) and never what it says: take it out and try
    /// again. [`Kind::NotFound`](crate::Kind::NotFound) if the patient is not of this clinic;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role writes none, to a machine that writes in nobody's
    /// name, and to any machine where nobody is named, because a person attests that. No consent is asked for before it
    /// is sent.
    pub async fn create(&self, new: &NewReferral) -> Result<Referral> {
        self.client.post("/v1/referrals").json(new).send().await
    }

    /// The clinic's referrals, newest first, without what they say.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to a machine without `referrals:read`.
    pub fn list(&self) -> List<ReferralList, ReferralsOfClinic> {
        List::new(self.client.get("/v1/referrals"))
    }

    /// Reads a referral: as its sender, or through the gate as whom it is for. The first reading tells the sender that it was
    /// received.
    ///
    /// # Errors
    /// To whom it is for, whichever kind of the [gate](crate#the-gate) says no;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic is on neither side of it, or it is another's draft. Who
    /// may not read content is not refused, and gets it without.
    pub async fn get(&self, id: ReferralId) -> Result<Referral> {
        self.client.get(format!("/v1/referrals/{id}")).send().await
    }

    /// Each move of a referral: who, when, and why in a word.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic is on neither side of it.
    pub async fn timeline(&self, id: ReferralId) -> Result<ReferralTimeline> {
        self.client.get(format!("/v1/referrals/{id}/timeline")).send().await
    }

    /// Moves a referral on, as it was read. What each verb takes is told at [`ReferralMove`].
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if the verb is not open to this side now:
    /// [`Problem::allowed`](crate::Problem::allowed) has those that are. [`Kind::Stale`](crate::Kind::Stale) if
    /// somebody moved it since: [`get`](Self::get) it again. [`Kind::Validation`](crate::Kind::Validation) if something
    /// is missing that the verb takes, given that it does not, or a share that does not close the loop. With
    /// [`ReferralVerb::Send`] and [`ReferralVerb::Accept`], and where an opinion on a patient is given, whichever kind
    /// of the [gate](crate#the-gate) says no, unless nobody is named. [`Kind::NotFound`](crate::Kind::NotFound) if the
    /// clinic is on neither side, or it is for a colleague; [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role
    /// does not do this.
    pub async fn act(&self, referral: &Referral, verb: ReferralVerb, with: &ReferralMove) -> Result<Referral> {
        let path = format!("/v1/referrals/{}/{}", referral.id, verb.as_str());
        self.client.post(path).if_match(referral.version).json(with).send().await
    }

    /// Gives the opinion that was asked for, which closes it.
    ///
    /// # Errors
    /// As [`act`](Self::act) with [`ReferralVerb::Complete`]; where nobody is named,
    /// [`Kind::Validation`](crate::Kind::Validation) for each identifier that was found, with its
    /// [`Span`](crate::Span).
    pub async fn answer(&self, referral: &Referral, answer: OpinionAnswer) -> Result<Referral> {
        let with = ReferralMove { answer: Some(answer), ..ReferralMove::default() };
        self.act(referral, ReferralVerb::Complete, &with).await
    }

    /// What the two sides wrote to each other, newest first. Reading tells the other side that its messages have arrived, and
    /// whom the referral is for reads them through the gate.
    ///
    /// # Errors
    /// When it is read: to whom the referral is for, whichever kind of the [gate](crate#the-gate) says no, and
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it came to nothing or names nobody;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not the caller's; [`Kind::Forbidden`](crate::Kind::Forbidden)
    /// to whose role reads no referrals.
    pub fn messages(&self, id: ReferralId) -> List<ReferralMessageList> {
        List::new(self.client.get(format!("/v1/referrals/{id}/messages")))
    }

    /// Writes to the other side.
    ///
    /// # Errors
    /// Whichever kind of the [gate](crate#the-gate) says no, on either side;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if the referral was not sent yet, came to nothing,
    /// or names nobody; [`Kind::Validation`](crate::Kind::Validation) if the text is blank or longer than 5000
    /// characters; [`Kind::NotFound`](crate::Kind::NotFound) if it is not the caller's;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to whose role writes none.
    pub async fn write(&self, id: ReferralId, text: impl Into<Sensitive<String>>) -> Result<ReferralMessage> {
        let new = NewReferralMessage { text: text.into() };
        self.client.post(format!("/v1/referrals/{id}/messages")).json(&new).send().await
    }

    /// How soon the clinic wants what it sends answered and reported on.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to a machine without `referrals:read`.
    pub async fn times(&self) -> Result<ReferralTimes> {
        self.client.get("/v1/referral_times").send().await
    }

    /// Sets these times; `seen` are those that were read. What was sent before keeps the times of then.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) names each time that is out of range;
    /// [`Kind::Stale`](crate::Kind::Stale) if they were set since; [`Kind::Forbidden`](crate::Kind::Forbidden) to
    /// everybody but an owner.
    pub async fn set_times(&self, seen: &ReferralTimes, times: &SetReferralTimes) -> Result<ReferralTimes> {
        self.client.put("/v1/referral_times").if_match(seen.version).json(times).send().await
    }

    /// How many of the loops of the last `days` closed, and how long the first answer and the report took.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) if it is not 1 to 3650 days;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to a machine without `referrals:read`.
    pub async fn summary(&self, days: u32) -> Result<ReferralSummary> {
        self.client.get("/v1/referral_summary").query("days", days).send().await
    }
}

impl List<ReferralList, ReferralsOfClinic> {
    /// Those that this clinic sent.
    pub fn sent(self) -> Self {
        self.filter("direction", "sent")
    }

    /// Those that came in.
    pub fn received(self) -> Self {
        self.filter("direction", "received")
    }

    /// Those in a state.
    pub fn state(self, state: ReferralState) -> Self {
        self.filter("state", word(&state))
    }

    /// Those of which something is past due.
    pub fn overdue(self) -> Self {
        self.filter("overdue", "true")
    }
}

//! The directory of people who treat.

use crate::{Client, List, Result};
use rapport_contract::{
    ids::MemberId,
    practitioners::{Practitioner, PractitionerList, PractitionerPatch},
};

/// Practitioners of every clinic.
///
/// ```no_run
/// # async fn example(north: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// let who = north.practitioners().search().profession("physiotherapist").accepting(true).send().await?;
/// for practitioner in &who.items {
///     println!("{} at {}", practitioner.name, practitioner.clinic.name);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Practitioners {
    client: Client,
}

impl Practitioners {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Looks into the directory.
    ///
    /// # Errors
    /// When it is read: [`Kind::Validation`](crate::Kind::Validation) if a filter is blank, or longer than 100 letters
    /// of a name, 80 of a profession, 60 of a focus.
    pub fn search(&self) -> List<PractitionerList> {
        List::new(self.client.get("/v1/practitioners"))
    }

    /// One practitioner.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the directory has nobody of this id.
    pub async fn get(&self, id: MemberId) -> Result<Practitioner> {
        self.client.get(format!("/v1/practitioners/{id}")).send().await
    }

    /// The entry of who is signed in.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) to who has no entry: members who do not treat, and machines.
    pub async fn me(&self) -> Result<Practitioner> {
        self.client.get("/v1/practitioners/me").send().await
    }

    /// Changes the entry of who is signed in, as it was read with [`me`](Self::me).
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since; [`Kind::Validation`](crate::Kind::Validation) names
    /// each field that is refused; [`Kind::NotFound`](crate::Kind::NotFound) as of [`me`](Self::me).
    pub async fn update_me(&self, me: &Practitioner, patch: &PractitionerPatch) -> Result<Practitioner> {
        self.client.patch("/v1/practitioners/me").if_match(me.version).json(patch).send().await
    }
}

impl List<PractitionerList> {
    /// Those whose name or clinic matches.
    pub fn q(self, words: &str) -> Self {
        self.filter("q", words)
    }

    /// Those of a profession, such as `massage_therapist`.
    pub fn profession(self, profession: &str) -> Self {
        self.filter("profession", profession)
    }

    /// Those who concentrate on this, such as `chronic_pain`.
    pub fn focus(self, focus: &str) -> Self {
        self.filter("focus", focus)
    }

    /// Those who take new patients, or those who do not.
    pub fn accepting(self, is_accepting: bool) -> Self {
        self.filter("accepting", is_accepting)
    }
}

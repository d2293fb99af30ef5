//! The people of a clinic.

use crate::{Client, List, Result};
use rapport_contract::members::{AcceptInvitation, Invite, Member, MemberList};

/// The members of the signed-in clinic.
///
/// ```no_run
/// use rapport_sdk::contract::members::{Invite, Role};
///
/// # async fn example(owner: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// let sam = Invite::new("Sam Example", "sam@north.example.org", Role::Practitioner).profession("Physiotherapist");
/// let invited = owner.members().invite(&sam).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Members {
    client: Client,
}

impl Members {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// The members, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to machines.
    pub fn list(&self) -> List<MemberList> {
        List::new(self.client.get("/v1/members"))
    }

    /// Invites a person, by mail. Only the owner may.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner; [`Kind::Conflict`](crate::Kind::Conflict)
    /// if the e-mail address can't be used for a new account; [`Kind::Validation`](crate::Kind::Validation) names each
    /// field that is refused, such as the profession that a practitioner lacks.
    pub async fn invite(&self, invite: &Invite) -> Result<Member> {
        self.client.post("/v1/members").json(invite).send().await
    }

    /// Accepts an invitation; who does so is not signed in yet.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the invitation was used, has lapsed after seven days or never was:
    /// have another one sent. [`Kind::Validation`](crate::Kind::Validation) if the password is refused.
    pub async fn accept(&self, acceptance: &AcceptInvitation) -> Result<Member> {
        self.client.post("/v1/members/accept").anonymous().json(acceptance).send().await
    }

    /// Ends a membership. Only the owner may.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since it was read;
    /// [`Kind::Conflict`](crate::Kind::Conflict) if it is the caller's own: another owner ends that.
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended;
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not of this clinic;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn end(&self, member: &Member) -> Result<()> {
        self.client.delete(format!("/v1/members/{}", member.id)).if_match(member.version).send_only().await
    }
}

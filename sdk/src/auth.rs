//! Sessions, and signing out.

use crate::{Client, List, Result, retry::Repeat};
use rapport_contract::{identity::SessionList, ids::SessionId};

/// The sessions of the signed-in account.
///
/// ```no_run
/// use futures_util::TryStreamExt;
///
/// # async fn example(ada: rapport_sdk::Client) -> rapport_sdk::Result<()> {
/// let sessions: Vec<_> = ada.auth().sessions().stream().try_collect().await?;
/// for other in sessions.iter().filter(|session| !session.is_current) {
///     ada.auth().end_session(other.id).await?;
/// }
/// ada.auth().logout().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Auth {
    client: Client,
}

impl Auth {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Where this account is signed in.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to machines, which have none.
    pub fn sessions(&self) -> List<SessionList> {
        List::new(self.client.get("/v1/auth/sessions"))
    }

    /// Ends one session of this account.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not a session of this account, or has ended already;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to machines.
    pub async fn end_session(&self, id: SessionId) -> Result<()> {
        self.client.delete(format!("/v1/auth/sessions/{id}")).send_only().await
    }

    /// Ends every session of this account, this one too.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) if this one has ended already: then the others stay as
    /// they are. [`Kind::Forbidden`](crate::Kind::Forbidden) to machines.
    pub async fn end_all_sessions(&self) -> Result<()> {
        self.client.delete("/v1/auth/sessions").send_only().await?;
        self.forget().await;
        Ok(())
    }

    /// Signs out: ends this session, for every clone of its client.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) if it has ended already;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to machines, which [`revoke`](Self::revoke) instead.
    pub async fn logout(&self) -> Result<()> {
        self.client.post("/v1/auth/logout").send_only().await?;
        self.forget().await;
        Ok(())
    }

    /// Takes back what this client calls with (RFC 7009): of a person that ends the session, for every clone; an API client
    /// gets a new token with its next call.
    ///
    /// # Errors
    /// [`Kind::InvalidClient`](crate::Kind::InvalidClient) if the API client has ended, or its secret or key is not
    /// good any more: its tokens are dead then anyway.
    pub async fn revoke(&self) -> Result<()> {
        let Some(session) = self.client.session() else { return Ok(()) };
        if let Some(revocation) = session.revocation(self.client.base_url()).await? {
            let request = self.client.post("/oauth/revoke").anonymous().form(&revocation);
            request.unkeyed(Repeat::Unapplied).send_only().await?;
            session.revoked().await;
        }
        Ok(())
    }

    async fn forget(&self) {
        if let Some(session) = self.client.session() {
            session.end().await;
        }
    }
}

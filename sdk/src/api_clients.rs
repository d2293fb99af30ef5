//! The machines of a clinic.

use crate::{Client, List, Result, retry::Repeat};
use rapport_contract::{
    api_clients::{ApiClient, ApiClientList, ApiClientPatch, NewApiClient, NewApiClientSecret},
    ids::{ApiClientId, ApiClientSecretId},
};

/// The API clients of the signed-in clinic. Only the owner may.
///
/// ```no_run
/// use rapport_sdk::contract::api_clients::{NewApiClient, Scope};
///
/// # async fn example(owner: rapport_sdk::Client, ada: rapport_sdk::ids::MemberId) -> rapport_sdk::Result<()> {
/// let intake = NewApiClient::new("intake", [Scope::PatientsWrite, Scope::ConsentsWrite]).author(ada);
/// let intake = owner.api_clients().create(&intake).await?;
/// let secret = owner.api_clients().add_secret(intake.id).await?.client_secret;
/// // Keep it where nobody else reads: it is not shown again.
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ApiClients {
    client: Client,
}

impl ApiClients {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Makes a client. It signs in with its key, or with a secret that is [added](Self::add_secret) afterwards.
    ///
    /// # Errors
    /// [`Kind::Validation`](crate::Kind::Validation) names the scope, the key, the address or the author that is
    /// refused; [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner, machines too.
    pub async fn create(&self, new: &NewApiClient) -> Result<ApiClient> {
        self.client.post("/v1/api_clients").json(new).send().await
    }

    /// The clients, newest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub fn list(&self) -> List<ApiClientList> {
        List::new(self.client.get("/v1/api_clients"))
    }

    /// One client.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if the clinic has no such client;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn get(&self, id: ApiClientId) -> Result<ApiClient> {
        self.client.get(format!("/v1/api_clients/{id}")).send().await
    }

    /// Changes a client, as it was read. It holds for its tokens at once.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since: read it again and repeat the change.
    /// [`Kind::Validation`](crate::Kind::Validation) as of [`create`](Self::create), and if it would then have both
    /// keys and an address of keys; [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended;
    /// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn update(&self, client: &ApiClient, patch: &ApiClientPatch) -> Result<ApiClient> {
        let path = format!("/v1/api_clients/{}", client.id);
        self.client.patch(path).if_match(client.version).json(patch).send().await
    }

    /// Ends a client, as it was read. Its tokens are dead at once.
    ///
    /// # Errors
    /// [`Kind::Stale`](crate::Kind::Stale) if it was changed since, by a secret that was added for one;
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if it has ended already;
    /// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn end(&self, client: &ApiClient) -> Result<()> {
        self.client.delete(format!("/v1/api_clients/{}", client.id)).if_match(client.version).send_only().await
    }

    /// Makes a secret, which is shown this once. It is not asked for again if the answer is lost: end what the list shows
    /// and nobody has.
    ///
    /// # Errors
    /// [`Kind::IllegalTransition`](crate::Kind::IllegalTransition) if two are good already, and then `end_secret` is
    /// what is [allowed](crate::Problem::allowed), or if the client has ended;
    /// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn add_secret(&self, id: ApiClientId) -> Result<NewApiClientSecret> {
        self.client.post(format!("/v1/api_clients/{id}/secrets")).unkeyed(Repeat::Unapplied).send().await
    }

    /// Ends a secret.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) if it is not a good secret of this client, which one that was ended is
    /// not any more; [`Kind::Forbidden`](crate::Kind::Forbidden) to anybody but the owner.
    pub async fn end_secret(&self, id: ApiClientId, secret_id: ApiClientSecretId) -> Result<()> {
        self.client.delete(format!("/v1/api_clients/{id}/secrets/{secret_id}")).send_only().await
    }
}

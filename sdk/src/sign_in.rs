//! From a password to a signed-in client.

use crate::{Client, Error, Result, retry::Repeat};
use rapport_contract::{
    Sensitive,
    identity::{Login, MfaCode, MfaEnrolment, MfaNeeded, Tokens},
};
use totp_rs::{Builder as TotpBuilder, Secret, Totp};

/// What is still to be proved after the password.
#[derive(Debug, Clone)]
pub enum SecondFactor {
    /// The account has no authenticator yet: it gets one now.
    Enrol(Enrolment),
    /// The account has an authenticator, which shows a code.
    Verify(Verification),
}

impl SecondFactor {
    /// Proves the second factor by the code that the authenticator shows, whether it was just enrolled or long ago.
    ///
    /// # Errors
    /// As [`Enrolment::verify`] and [`Verification::verify`].
    pub async fn verify(&self, code: impl Into<Sensitive<String>>) -> Result<Client> {
        match self {
            Self::Enrol(enrolment) => enrolment.verify(code).await,
            Self::Verify(verification) => verification.verify(code).await,
        }
    }
}

/// A first sign-in: fetch the authenticator's secret, then prove that it works.
#[derive(Debug, Clone)]
pub struct Enrolment {
    client: Client,
    token: Sensitive<String>,
}

impl Enrolment {
    /// Fetches what the authenticator needs.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) if the ten minutes since the password are over, or the
    /// authenticator works already: sign in anew.
    pub async fn enrol(&self) -> Result<MfaEnrolment> {
        self.client.post("/v1/auth/mfa/enrol").bearer(self.token.as_str()).unkeyed(Repeat::Unapplied).send().await
    }

    /// Proves that the authenticator works, which enrols it and signs in.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the code is wrong or too old, or nothing was
    /// [enrolled](Self::enrol) yet; else as [`Verification::verify`].
    pub async fn verify(&self, code: impl Into<Sensitive<String>>) -> Result<Client> {
        second_factor(&self.client, &self.token, code.into()).await
    }
}

/// A sign-in that awaits the authenticator's code.
#[derive(Debug, Clone)]
pub struct Verification {
    client: Client,
    token: Sensitive<String>,
}

impl Verification {
    /// Proves the second factor.
    ///
    /// # Errors
    /// [`Kind::VerificationFailed`](crate::Kind::VerificationFailed) if the code is wrong, too old or was used before;
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) after five of these, or ten minutes: sign in anew.
    /// [`Kind::RateLimited`](crate::Kind::RateLimited) once the account has seen too many wrong ones. It is not sent
    /// again once it may have counted.
    pub async fn verify(&self, code: impl Into<Sensitive<String>>) -> Result<Client> {
        second_factor(&self.client, &self.token, code.into()).await
    }
}

pub(crate) async fn first_factor(
    client: Client,
    email: Sensitive<String>,
    password: Sensitive<String>,
) -> Result<SecondFactor> {
    let needed: MfaNeeded = client
        .post("/v1/auth/login")
        .json(&Login { email, password })
        // Each try counts against the account, so none is made unasked that may have counted already.
        .unkeyed(Repeat::Unapplied)
        .send()
        .await?;
    match (needed.mfa_token, needed.mfa_enrolment_token) {
        (Some(token), _) => Ok(SecondFactor::Verify(Verification { client, token })),
        (None, Some(token)) => Ok(SecondFactor::Enrol(Enrolment { client, token })),
        (None, None) => Err(Error::unusable("the service asks for a second factor that this SDK does not know")),
    }
}

async fn second_factor(client: &Client, token: &Sensitive<String>, code: Sensitive<String>) -> Result<Client> {
    let tokens: Tokens = client
        .post("/v1/auth/mfa/verify")
        .bearer(token.as_str())
        .json(&MfaCode { code })
        // A code works once: after a lost answer the same one could only fail.
        .unkeyed(Repeat::Unapplied)
        .send()
        .await?;
    client.resume(tokens)
}

/// The code that an authenticator with this secret (base 32) shows now (RFC 6238: SHA-1, six digits, 30 seconds).
///
/// # Errors
/// Without a kind, if it is not base 32, or shorter than a secret is.
pub fn totp_code(secret: &Sensitive<String>) -> Result<Sensitive<String>> {
    Ok(Sensitive::new(totp(secret)?.generate_current().to_string()))
}

/// The code that it shows at a time, given in seconds since 1970.
///
/// # Errors
/// As [`totp_code`].
pub fn totp_code_at(secret: &Sensitive<String>, unix_seconds: u64) -> Result<Sensitive<String>> {
    Ok(Sensitive::new(totp(secret)?.generate(unix_seconds).to_string()))
}

fn totp(secret: &Sensitive<String>) -> Result<Totp> {
    // The defaults of the builder are those of RFC 6238. The causes are dropped: they may quote the secret.
    let secret = Secret::try_from_base32(secret.as_str())
        .map_err(|_| Error::unusable("the authenticator's secret is not base 32"))?;
    TotpBuilder::new()
        .with_secret(secret)
        .build()
        .map_err(|_| Error::unusable("the authenticator's secret is too short"))
}

#[cfg(test)]
mod tests {
    use super::{totp_code, totp_code_at};
    use crate::{
        Kind, SecondFactor,
        fake::{Fake, Reply, json, problem, tokens},
    };
    use rapport_contract::Sensitive;

    /// The secret of RFC 6238's test vectors.
    fn secret() -> Sensitive<String> {
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp_code_at(&secret(), at).unwrap().as_str(), code);
        }
        assert_eq!(totp_code(&secret()).unwrap().as_str().len(), 6);
        for wrong in ["0189", "GEZDGNBV", ""] {
            let error = totp_code(&wrong.into()).unwrap_err();
            assert!(wrong.is_empty() || !error.to_string().contains(wrong));
        }
    }

    fn session() -> Reply {
        json(200, serde_json::to_string(&tokens("first", 300)).unwrap())
    }

    #[tokio::test]
    async fn a_first_sign_in_enrols_an_authenticator() {
        let fake = Fake::start(|_, asked| match (asked.path.as_str(), asked.header("authorization")) {
            ("/v1/auth/login", None) => json(200, r#"{"mfa_enrolment_token": "m", "expires_in": 600}"#),
            ("/v1/auth/mfa/enrol", Some("Bearer m")) => json(200, r#"{"otpauth_uri": "otpauth://x", "secret": "S"}"#),
            ("/v1/auth/mfa/verify", Some("Bearer m")) if asked.body == r#"{"code":"123456"}"# => session(),
            ("/v1/auth/mfa/verify", Some("Bearer m")) => problem(401, "verification-failed"),
            _ => problem(404, "not-found"),
        })
        .await;
        let second = fake.client().sign_in("ada@north.example.org", "a long enough sentence").await.unwrap();
        let SecondFactor::Enrol(enrolment) = second else { panic!("{second:?}") };
        assert_eq!(enrolment.enrol().await.unwrap().secret.as_str(), "S");
        assert_eq!(enrolment.verify("000000").await.unwrap_err().kind(), Some(Kind::VerificationFailed));
        let client = enrolment.verify("123456").await.unwrap();
        assert_eq!(client.tokens().await.unwrap().access_token.as_str(), "access-first");
        assert!(!format!("{enrolment:?}").contains("\"m\""));
    }

    #[tokio::test]
    async fn a_program_that_keeps_the_secret_signs_in_with_both_factors() {
        let fake = Fake::start(|_, asked| match asked.path.as_str() {
            "/v1/auth/login" => json(200, r#"{"mfa_token": "m", "expires_in": 600}"#),
            _ => session(),
        })
        .await;
        let client = fake.client().sign_in_with_totp("ada@north.example.org", "a sentence", &secret()).await.unwrap();
        assert!(client.tokens().await.is_some());
        assert_eq!(fake.asked()[0].body, r#"{"email":"ada@north.example.org","password":"a sentence"}"#);
    }

    #[tokio::test]
    async fn neither_factor_is_sent_again_once_it_may_have_counted() {
        let fake = Fake::start(|number, _| match number {
            2 => json(200, r#"{"mfa_token": "m", "expires_in": 600}"#),
            _ => Reply::HangUp,
        })
        .await;
        assert!(fake.client().sign_in("a", "b").await.is_err());
        assert_eq!(fake.asked().len(), 1);
        assert!(fake.client().sign_in("a", "b").await.unwrap().verify("123456").await.is_err());
        assert_eq!(fake.asked().len(), 3);
    }
}

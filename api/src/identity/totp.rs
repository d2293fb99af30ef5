//! The second factor: time-based one-time passwords (RFC 6238; SHA-1, 6 digits, 30 seconds, one step to either side).

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use rapport_contract::identity::MfaEnrolment;
use totp_rs::{Builder, Secret, Totp};

const ISSUER: &str = "Rapport";

/// A new secret of 160 bits.
pub(super) fn new_secret() -> anyhow::Result<Vec<u8>> {
    let mut bytes = vec![0; 20];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| anyhow!("no randomness"))?;
    Ok(bytes)
}

/// What the authenticator app is told.
pub(super) fn enrolment(secret: &[u8], email: &str) -> anyhow::Result<MfaEnrolment> {
    // The label may not hold a colon; an address may, in quotes.
    let totp = totp(secret, &email.replace(':', "_"))?;
    let url = totp.to_url().map_err(|e| anyhow!("otpauth: {e}"))?;
    Ok(MfaEnrolment { otpauth_uri: url.into(), secret: Secret::from(secret).to_base32().into() })
}

/// The time step of a code that is right now, or was or will be one step away, and newer than the last one accepted: a
/// code works once (RFC 6238, 5.2).
pub(super) fn accepted_step(secret: &[u8], code: &str, now: DateTime<Utc>, last: i64) -> anyhow::Result<Option<i64>> {
    let Ok(time) = u64::try_from(now.timestamp()) else { return Ok(None) };
    let step = totp(secret, "")?.check(code, time).and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| *step > last))
}

fn totp(secret: &[u8], account: &str) -> anyhow::Result<Totp> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_account_name(account)
        .with_issuer(Some(ISSUER))
        .build()
        .map_err(|e| anyhow!("totp: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_code_works_once_and_only_near_its_time() {
        // RFC 6238, appendix B: at 59 s the SHA-1 value for this secret is 94287082.
        let secret = b"12345678901234567890";
        let step = accepted_step(secret, "287082", at(59), 0).unwrap();
        assert_eq!(step, Some(1));
        assert_eq!(accepted_step(secret, "287082", at(59), 1).unwrap(), None, "used");
        assert_eq!(accepted_step(secret, "287082", at(59) + TimeDelta::seconds(60), 0).unwrap(), None, "too late");
        assert_eq!(accepted_step(secret, "287083", at(59), 0).unwrap(), None, "wrong");
        assert_eq!(accepted_step(secret, "２８７０８２", at(59), 0).unwrap(), None, "not ASCII");
    }

    #[test]
    fn the_address_for_the_app_names_account_and_issuer() {
        let enrolment = enrolment(&new_secret().unwrap(), "ada@north.example.org").unwrap();
        assert!(
            enrolment.otpauth_uri.as_str().starts_with("otpauth://totp/Rapport:ada"),
            "{}",
            enrolment.otpauth_uri.as_str()
        );
    }
}

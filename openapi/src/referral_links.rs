//! What a guest does at the link to a referral, besides what there is to do at every link: decline it, or take it up with an
//! account.

use crate::{Sensitive, referrals::ReferralReason};
use serde::{Deserialize, Serialize};

/// Declines what was referred.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({"reason": "no_capacity"})))]
pub struct DeclineLinkedReferral {
    /// Why, in a word.
    pub reason: ReferralReason,
}

/// Takes a referral up with the account that is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "secret": "Q1v0b8m6v4pW1b3tXh0m2n5r7y9u1w3e5t7i9o1p3a5", "code": "123456"
})))]
pub struct ClaimReferral {
    /// What stands behind the `#` of the link.
    #[cfg_attr(feature = "openapi", schema(value_type = String, min_length = 1, max_length = 200))]
    pub secret: Sensitive<String>,
    /// The six digits that were sent to the address that the referral is for.
    #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9]{6}$"))]
    pub code: Sensitive<String>,
}

//! The gate, by table and against a second statement of its rules.

use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

const NORTH: Uuid = Uuid::from_u128(1);
const SOUTH: Uuid = Uuid::from_u128(2);
const EAST: Uuid = Uuid::from_u128(3);
const SAM: Uuid = Uuid::from_u128(21);
const SUE: Uuid = Uuid::from_u128(22);
const KIM: Recipient = Recipient::Guest { address: [1; 32] };
const LEE: Recipient = Recipient::Guest { address: [2; 32] };

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_435_200, 0).unwrap()
}

fn grant() -> Grant {
    Grant {
        id: Uuid::from_u128(100),
        discloser: NORTH,
        standing: Standing::Signed,
        recipients: vec![Recipient::Clinic { id: SOUTH }],
        categories: vec![Category::ProgressReport],
        purpose: "treatment".into(),
        two_way: false,
        signed_at: Some(noon() - TimeDelta::hours(1)),
        starts_at: None,
        expires_at: noon() + TimeDelta::hours(1),
    }
}

fn ask() -> Ask<'static> {
    Ask {
        discloser: NORTH,
        recipient: Recipient::Clinic { id: SOUTH },
        categories: &[Category::ProgressReport],
        purpose: "treatment",
        at: noon(),
    }
}

fn verdict(ask: &Ask<'_>, grant: Grant) -> Result<Uuid, Denial> {
    decide(ask, &[Ok(grant)]).map(|permit| permit.consent())
}

#[test]
fn a_consent_that_covers_all_of_it_permits() {
    assert_eq!(verdict(&ask(), grant()), Ok(grant().id));
}

#[test]
fn each_shortcoming_denies_with_its_own_reason() {
    let at = noon();
    let second = TimeDelta::seconds(1);
    let table: Vec<(&str, Grant, Denial)> = vec![
        ("signed for another clinic", Grant { discloser: EAST, ..grant() }, Denial::Missing),
        ("refused or replaced", Grant { standing: Standing::Gone, ..grant() }, Denial::Missing),
        (
            "names another clinic",
            Grant { recipients: vec![Recipient::Clinic { id: EAST }], ..grant() },
            Denial::RecipientNotNamed,
        ),
        (
            "names one practitioner of the clinic",
            Grant { recipients: vec![Recipient::Practitioner { id: SAM, clinic: SOUTH }], ..grant() },
            Denial::RecipientNotNamed,
        ),
        ("names a guest", Grant { recipients: vec![KIM], ..grant() }, Denial::RecipientNotNamed),
        ("names nobody", Grant { recipients: vec![], ..grant() }, Denial::RecipientNotNamed),
        ("for another purpose", Grant { purpose: "marketing".into(), ..grant() }, Denial::PurposeMismatch),
        ("revoked", Grant { standing: Standing::Revoked, ..grant() }, Denial::Revoked),
        ("ends now", Grant { expires_at: at, ..grant() }, Denial::Expired),
        ("not signed", Grant { standing: Standing::Pending, signed_at: None, ..grant() }, Denial::Pending),
        ("starts later", Grant { starts_at: Some(at + second), ..grant() }, Denial::Pending),
        ("signed later", Grant { signed_at: Some(at + second), ..grant() }, Denial::Pending),
        (
            "too narrow",
            Grant { categories: vec![Category::TreatmentPlan], ..grant() },
            Denial::TooNarrow(vec![Category::ProgressReport]),
        ),
    ];
    for (what, grant, denial) in table {
        assert_eq!(verdict(&ask(), grant), Err(denial), "{what}");
    }
    assert_eq!(decide(&ask(), &[]), Err(Denial::Missing));
}

#[test]
fn the_last_microsecond_is_inside_and_the_end_is_outside() {
    let microsecond = TimeDelta::microseconds(1);
    let ends = |expires_at| Grant { expires_at, ..grant() };
    assert!(verdict(&ask(), ends(noon() + microsecond)).is_ok());
    assert_eq!(verdict(&ask(), ends(noon())), Err(Denial::Expired));
    assert!(verdict(&ask(), Grant { starts_at: Some(noon()), ..grant() }).is_ok());
}

#[test]
fn a_clinic_covers_its_practitioners_and_a_practitioner_nobody_else() {
    let sam = Recipient::Practitioner { id: SAM, clinic: SOUTH };
    let sue = Recipient::Practitioner { id: SUE, clinic: SOUTH };
    let stranger = Recipient::Practitioner { id: SUE, clinic: EAST };
    let to = |recipient| Ask { recipient, ..ask() };
    assert!(verdict(&to(sam), grant()).is_ok());
    assert_eq!(verdict(&to(stranger), grant()), Err(Denial::RecipientNotNamed));
    let names_sam = || Grant { recipients: vec![sam], ..grant() };
    assert!(verdict(&to(sam), names_sam()).is_ok());
    assert_eq!(verdict(&to(sue), names_sam()), Err(Denial::RecipientNotNamed));
}

#[test]
fn a_guest_is_covered_by_the_own_address_and_by_nothing_else() {
    let to = |recipient| Ask { recipient, ..ask() };
    let names = |recipient| Grant { recipients: vec![recipient], ..grant() };
    assert!(verdict(&to(KIM), names(KIM)).is_ok());
    let sam = Recipient::Practitioner { id: SAM, clinic: SOUTH };
    for other in [LEE, Recipient::Clinic { id: SOUTH }, sam] {
        assert_eq!(verdict(&to(KIM), names(other)), Err(Denial::RecipientNotNamed), "{other:?}");
        assert_eq!(verdict(&to(other), names(KIM)), Err(Denial::RecipientNotNamed), "{other:?}");
    }
}

#[test]
fn no_category_implies_a_sensitive_one() {
    let everything_else: Vec<Category> =
        Category::ALL.into_iter().filter(|category| !category.is_sensitive()).collect();
    for sensitive in Category::ALL.into_iter().filter(|category| category.is_sensitive()) {
        let needed = [sensitive];
        let ask = Ask { categories: &needed, ..ask() };
        let wide = Grant { categories: everything_else.clone(), ..grant() };
        assert_eq!(verdict(&ask, wide), Err(Denial::TooNarrow(vec![sensitive])));
    }
}

#[test]
fn two_consents_never_add_up_to_one() {
    let needed = [Category::ProgressReport, Category::History];
    let ask = Ask { categories: &needed, ..ask() };
    let history = Grant { categories: vec![Category::History], ..grant() };
    assert!(matches!(decide(&ask, &[Ok(grant()), Ok(history)]), Err(Denial::TooNarrow(_))));
}

#[test]
fn what_cannot_be_read_denies_whatever_else_permits() {
    assert_eq!(decide(&ask(), &[Ok(grant()), Err(Unreadable)]), Err(Denial::Unreadable));
    assert_eq!(decide(&ask(), &[Err(Unreadable), Ok(grant())]), Err(Denial::Unreadable));
    let unknown = [Category::Unknown];
    let ask = Ask { categories: &unknown, ..ask() };
    let names_it = Grant { categories: vec![Category::Unknown], ..grant() };
    assert!(verdict(&ask, names_it).is_err(), "an unknown category is never covered, not even by itself");
}

#[test]
fn the_nearest_miss_is_told_in_whatever_order_they_stand() {
    let elsewhere = Grant { recipients: vec![Recipient::Clinic { id: EAST }], ..grant() };
    let revoked = Grant { standing: Standing::Revoked, ..grant() };
    for consents in [[elsewhere.clone(), revoked.clone()], [revoked, elsewhere]] {
        assert_eq!(decide(&ask(), &consents.map(Ok)), Err(Denial::Revoked));
    }
}

// A second statement of the rules, as naive as can be: a list of sentences that all must hold.
fn naive(ask: &Ask<'_>, consents: &[Result<Grant, Unreadable>]) -> bool {
    if consents.iter().any(Result::is_err) {
        return false;
    }
    consents.iter().flatten().any(|grant| {
        let named = match ask.recipient {
            Recipient::Guest { address } => grant.recipients.iter().any(|named| match named {
                Recipient::Guest { address: named } => *named == address,
                Recipient::Clinic { .. } | Recipient::Practitioner { .. } => false,
            }),
            Recipient::Clinic { id } => grant.recipients.contains(&Recipient::Clinic { id }),
            Recipient::Practitioner { id, clinic } => grant.recipients.iter().any(|named| match named {
                Recipient::Practitioner { id: named, .. } => *named == id,
                Recipient::Clinic { id: named } => *named == clinic,
                Recipient::Guest { .. } => false,
            }),
        };
        let wide = ask.categories.iter().all(|needed| {
            *needed != Category::Unknown
                && (grant.categories.contains(needed)
                    || (*needed == Category::OutcomeMeasures
                        && (grant.categories.contains(&Category::TreatmentPlan)
                            || grant.categories.contains(&Category::ProgressReport))))
        });
        let sentences = [
            grant.discloser == ask.discloser,
            named,
            wide,
            grant.purpose.trim().to_lowercase() == ask.purpose.trim().to_lowercase(),
            grant.standing == Standing::Signed,
            matches!(grant.signed_at, Some(at) if ask.at >= at),
            grant.starts_at.is_none() || matches!(grant.starts_at, Some(at) if ask.at >= at),
            grant.expires_at > ask.at,
        ];
        sentences.iter().all(|holds| *holds)
    })
}

fn clinics() -> impl Strategy<Value = Uuid> {
    prop_oneof![4 => Just(NORTH), 4 => Just(SOUTH), 1 => Just(EAST)]
}

fn recipients() -> impl Strategy<Value = Recipient> {
    prop_oneof![
        3 => prop_oneof![3 => Just(SOUTH), 1 => Just(EAST)].prop_map(|id| Recipient::Clinic { id }),
        3 => (prop_oneof![Just(SAM), Just(SUE)], prop_oneof![3 => Just(SOUTH), 1 => Just(EAST)])
            .prop_map(|(id, clinic)| Recipient::Practitioner { id, clinic }),
        2 => prop_oneof![3 => Just(KIM), 1 => Just(LEE)],
    ]
}

/// Times around the boundaries: a microsecond before, at, and after noon, and far from it.
fn times() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![
        6 => (-2_i64..=2).prop_map(|step| noon() + TimeDelta::microseconds(step)),
        2 => (-3_i64..=3).prop_map(|days| noon() + TimeDelta::days(days)),
    ]
}

fn categories(most: usize) -> impl Strategy<Value = Vec<Category>> {
    let any = prop_oneof![
        12 => proptest::sample::select(Category::ALL.to_vec()),
        6 => prop_oneof![Just(Category::ProgressReport), Just(Category::TreatmentPlan), Just(Category::OutcomeMeasures)],
        1 => Just(Category::Unknown),
    ];
    proptest::collection::vec(any, 1..=most)
}

fn purposes() -> impl Strategy<Value = String> {
    prop_oneof![5 => Just("treatment".to_owned()), 1 => Just(" Treatment".to_owned()), 1 => Just("research".to_owned())]
}

fn grants() -> impl Strategy<Value = Result<Grant, Unreadable>> {
    let standing = prop_oneof![
        8 => Just(Standing::Signed), 1 => Just(Standing::Pending), 1 => Just(Standing::Revoked), 1 => Just(Standing::Gone)
    ];
    let known = (
        any::<u128>().prop_map(Uuid::from_u128),
        prop_oneof![8 => Just(NORTH), 1 => clinics()],
        standing,
        proptest::collection::vec(recipients(), 0..3),
        categories(6),
        purposes(),
        (proptest::option::weighted(0.9, times()), proptest::option::weighted(0.4, times()), times()),
    )
        .prop_map(
            |(id, discloser, standing, recipients, categories, purpose, (signed_at, starts_at, expires_at))| {
                Ok(Grant {
                    id,
                    discloser,
                    standing,
                    recipients,
                    categories,
                    purpose,
                    two_way: false,
                    signed_at,
                    starts_at,
                    expires_at,
                })
            },
        );
    prop_oneof![40 => known, 1 => Just(Err(Unreadable))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_gate_agrees_with_a_naive_statement_of_its_rules(
        recipient in recipients(), needed in categories(3), purpose in purposes(), at in times(),
        consents in proptest::collection::vec(grants(), 0..5),
    ) {
        let ask = Ask { discloser: NORTH, recipient, categories: &needed, purpose: &purpose, at };
        let verdict = decide(&ask, &consents);
        prop_assert_eq!(verdict.is_ok(), naive(&ask, &consents));
        if let Ok(permit) = verdict {
            let carrier: Vec<_> = consents.iter().flatten().filter(|grant| grant.id == permit.consent()).cloned().map(Ok).collect();
            prop_assert!(naive(&ask, &carrier), "the consent that is named carries it alone");
        }
    }

    #[test]
    fn narrowing_a_consent_never_permits_more(consents in proptest::collection::vec(grants(), 1..4), needed in categories(3), at in times()) {
        let ask = Ask { categories: &needed, at, ..ask() };
        let narrower: Vec<_> = consents.iter().cloned().map(|consent| consent.map(|mut grant| { grant.categories.pop(); grant })).collect();
        prop_assert!(decide(&ask, &consents).is_ok() || decide(&ask, &narrower).is_err());
    }
}

#[test]
fn a_report_comes_back_from_whom_a_two_way_consent_names_to_the_clinic_that_asked() {
    let two_way = || Grant { two_way: true, ..grant() };
    let back = |grant: Grant, from: Uuid, to: Recipient| {
        let ask = Ask { discloser: from, recipient: to, ..ask() };
        let grants: Vec<_> = grant.back_from(from).into_iter().map(Ok).collect();
        decide(&ask, &grants).map(|permit| permit.consent())
    };
    let north = Recipient::Clinic { id: NORTH };
    assert_eq!(back(two_way(), SOUTH, north), Ok(grant().id));
    assert_eq!(back(two_way(), SOUTH, Recipient::Practitioner { id: SUE, clinic: NORTH }), Ok(grant().id));
    let to_sam = Grant { recipients: vec![Recipient::Practitioner { id: SAM, clinic: SOUTH }], ..two_way() };
    assert_eq!(back(to_sam, SOUTH, north), Ok(grant().id));
    assert_eq!(back(grant(), SOUTH, north), Err(Denial::Missing), "one way");
    assert_eq!(back(two_way(), EAST, north), Err(Denial::Missing), "from somebody else");
    assert_eq!(back(two_way(), SOUTH, Recipient::Clinic { id: EAST }), Err(Denial::RecipientNotNamed));
    assert_eq!(back(Grant { recipients: vec![KIM], ..two_way() }, SOUTH, north), Err(Denial::Missing), "a guest's");
    let revoked = Grant { standing: Standing::Revoked, ..two_way() };
    assert_eq!(back(revoked, SOUTH, north), Err(Denial::Revoked));
    let narrow = Grant { categories: vec![Category::History], ..two_way() };
    assert_eq!(back(narrow, SOUTH, north), Err(Denial::TooNarrow(vec![Category::ProgressReport])));
    // It opens nothing in the direction in which it was not asked.
    assert_eq!(verdict(&Ask { discloser: SOUTH, recipient: north, ..ask() }, two_way()), Err(Denial::Missing));
}

//! A consented progress report goes from one clinic to another, and consent ends it.

use rapport_contract::{consents::ConsentState, problem::Kind, shares::ShareState};
use rapport_tests::World;

#[tokio::test]
async fn a_consented_report_is_read_by_its_recipient_until_the_patient_revokes() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (patient, consent, report, share) = north.share_with(&south).await;

    let read = south.client().shares().get(share.id).await.unwrap();
    let content = read.content.expect("the recipient reads the content");
    assert_eq!(content.body, report.body);
    assert_eq!(content.patient.family_name, patient.family_name);
    assert_eq!(read.state, ShareState::Opened);

    let revoked = world.at_link(&patient).await.revoke().await.unwrap();
    assert_eq!(revoked.state, ConsentState::Revoked);
    let refused = south.client().shares().get(share.id).await.unwrap_err();
    assert_eq!(refused.kind(), Some(Kind::ConsentRevoked));
    assert_eq!(north.client().consents().get(consent.id).await.unwrap().state, ConsentState::Revoked);
}

//! Clinics, their people, and their patients.

use crate::{World, cases, files};
use chrono::{NaiveDate, TimeDelta, Utc};
use rapport_contract::{
    Sensitive,
    clinics::{NewClinic, NewOwner, SignUp},
    consents::{Category, Consent, NewConsent, PaperForm, PaperSignature, RecipientChoice},
    ids::{ClinicId, MemberId},
    members::{AcceptInvitation, Invite, Member, Role},
    patients::{NewPatient, Patient},
    reports::{NewReport, Report, ReportBody, ReportKind},
    shares::{NewShare, Share},
};
use rapport_sdk::{Client, GuestSession, LinkSession, ReferralGuest, SecondFactor, totp_code};

/// What every person in a world signs in with.
pub const PASSWORD: &str = "correct horse battery staple";

/// A clinic with its owner signed in.
pub struct Clinic<'w> {
    /// The world it is in.
    pub world: &'w World,
    /// Its id.
    pub id: ClinicId,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner: Person,
}

/// Somebody who has signed in.
pub struct Person {
    /// The member's and practitioner's id.
    pub id: MemberId,
    /// The address to sign in with.
    pub email: String,
    /// The secret of the authenticator.
    pub totp: Sensitive<String>,
    /// The SDK, signed in.
    pub client: Client,
}

/// Signs in for the first time: enrols an authenticator and uses its first code.
pub async fn first_sign_in(world: &World, email: &str) -> (Client, Sensitive<String>) {
    let SecondFactor::Enrol(enrolment) = world.nobody().sign_in(email, PASSWORD).await.unwrap() else {
        panic!("{email} has an authenticator already")
    };
    let secret = enrolment.enrol().await.unwrap().secret;
    let code = totp_code(&secret).unwrap();
    (enrolment.verify(code.as_str()).await.unwrap(), secret)
}

impl<'w> Clinic<'w> {
    pub(crate) async fn sign_up(world: &'w World, name: &str) -> Self {
        let email = format!("owner{}@{name}.example.org", world.number());
        let request = SignUp {
            clinic: NewClinic {
                name: format!("{name} (test)"),
                phone: Some("555-0100".to_owned()),
                address: Some("1 Example Street, Springfield".to_owned()),
                npi: None,
            },
            owner: NewOwner {
                name: format!("Owner of {name}").into(),
                email: email.as_str().into(),
                password: PASSWORD.into(),
                profession: "massage_therapist".to_owned(),
                npi: None,
            },
        };
        let signed_up = world.nobody().sign_up(&request).await.unwrap();
        let (client, totp) = first_sign_in(world, &email).await;
        let owner = Person { id: signed_up.owner.id, email, totp, client };
        Self { world, id: signed_up.clinic.id, name: name.to_owned(), owner }
    }

    /// The SDK as the owner.
    pub fn client(&self) -> &Client {
        &self.owner.client
    }

    /// Brings a member in by invitation and mail, signed in.
    pub async fn member(&self, role: Role) -> Person {
        let number = self.world.number();
        let email = format!("member{number}@{}.example.org", self.name);
        let invite = Invite {
            name: format!("Member {number}").into(),
            email: email.as_str().into(),
            role,
            profession: (role == Role::Practitioner).then(|| "massage_therapist".to_owned()),
            npi: None,
        };
        let Member { id, .. } = self.client().members().invite(&invite).await.unwrap();
        let link = self.world.mailbox().link(&email, 1).await;
        let token = link.split_once('#').unwrap().1;
        let accept = AcceptInvitation { token: token.into(), password: PASSWORD.into() };
        self.world.nobody().members().accept(&accept).await.unwrap();
        let (client, totp) = first_sign_in(self.world, &email).await;
        Person { id, email, totp, client }
    }

    /// A patient with an address of its own.
    pub async fn patient(&self) -> Patient {
        let number = self.world.number();
        let new = NewPatient {
            given_name: "Casey".into(),
            family_name: format!("Sample{number}").into(),
            birth_date: cases::birth_date().into(),
            mrn: Some(format!("N-{number}").into()),
            email: Some(format!("casey{number}@patients.example.org").into()),
            phone: None,
        };
        self.client().patients().create(&new).await.unwrap()
    }

    /// Asks a patient.
    pub async fn ask(&self, patient: &Patient, request: &NewConsent) -> Consent {
        self.client().consents().ask(patient.id, request).await.unwrap()
    }

    /// Asks, and the patient signs at the link.
    pub async fn consented(&self, patient: &Patient, request: &NewConsent) -> Consent {
        let consent = self.ask(patient, request).await;
        let session = self.world.at_link(patient).await;
        let seen = session.get().await.unwrap();
        session.sign(&seen, "Casey Sample").await.unwrap();
        self.client().consents().get(consent.id).await.unwrap()
    }

    /// Asks the patient, who signs on paper.
    pub async fn consented_on_paper(&self, patient: &Patient, request: &NewConsent) -> Consent {
        let asked = self.ask(patient, request).await;
        self.client().consents().record_paper_signature(&asked, &on_paper()).await.unwrap()
    }

    /// A signed progress report: the published case, unless another body is given.
    pub async fn signed_report(&self, patient: &Patient, body: Option<ReportBody>) -> Report {
        let new = NewReport {
            patient_id: patient.id,
            kind: ReportKind::ProgressReport,
            body: body.unwrap_or_else(cases::ankylosing_spondylitis),
            sensitive_categories: Vec::new(),
        };
        let draft = self.client().reports().draft(&new).await.unwrap();
        self.client().reports().sign(&draft).await.unwrap()
    }

    /// Everything up to a delivered share: patient, consent signed at the link, signed report, share to a clinic.
    pub async fn share_with(&self, recipient: &Clinic<'_>) -> (Patient, Consent, Report, Share) {
        let patient = self.patient().await;
        let consent = self.consented(&patient, &asking_for(RecipientChoice::clinic(recipient.id))).await;
        let report = self.signed_report(&patient, None).await;
        let share =
            self.client().shares().create(report.id, &sharing_with(RecipientChoice::clinic(recipient.id))).await;
        (patient, consent, report, share.unwrap())
    }
}

impl World {
    /// The patient opens the newest link: asks for a code, reads it in the mail, gives the date of birth.
    pub async fn at_link(&self, patient: &Patient) -> LinkSession {
        let address = patient.email.as_ref().unwrap().as_str();
        let codes = self.mailbox().to(address).iter().filter(|mail| mail.code().is_some()).count();
        let link = self.nobody().consent_links().open_address(&self.mailbox().link(address, 1).await).unwrap();
        link.challenge().await.unwrap();
        let code = self.mailbox().code(address, codes + 1).await;
        let birth_date: NaiveDate = *patient.birth_date.expose();
        link.session(birth_date, code.as_str()).await.unwrap()
    }
}

impl World {
    /// A guest opens the newest link sent to this address: asks for a code and reads it in the mail.
    pub async fn as_guest(&self, email: &str) -> GuestSession {
        let codes = self.mailbox().to(email).iter().filter(|mail| mail.code().is_some()).count();
        let link = self.nobody().share_links().open_address(&self.mailbox().link(email, 1).await).unwrap();
        link.challenge().await.unwrap();
        let code = self.mailbox().code(email, codes + 1).await;
        link.session(code.as_str()).await.unwrap()
    }
}

impl World {
    /// A guest opens the newest link to a referral that was sent to this address.
    pub async fn as_guest_of_referral(&self, email: &str) -> ReferralGuest {
        let codes = self.mailbox().to(email).iter().filter(|mail| mail.code().is_some()).count();
        let link = self.nobody().referral_links().open_address(&self.mailbox().link(email, 1).await).unwrap();
        link.challenge().await.unwrap();
        let code = self.mailbox().code(email, codes + 1).await;
        link.session(code.as_str()).await.unwrap()
    }
}

/// A question for treatment, for a year, that covers plans, reports and measures.
pub fn asking_for(recipient: RecipientChoice) -> NewConsent {
    NewConsent {
        recipients: vec![recipient],
        categories: vec![Category::TreatmentPlan, Category::ProgressReport, Category::OutcomeMeasures],
        purpose: "treatment".to_owned(),
        starts_at: None,
        expires_at: wall_clock() + TimeDelta::days(365),
        two_way: false,
    }
}

/// A share of the whole version, for treatment.
pub fn sharing_with(recipient: RecipientChoice) -> NewShare {
    NewShare {
        recipient,
        sections: None,
        purpose: "treatment".to_owned(),
        cover_letter: Some("Thank you for looking at how our shared patient is doing.".into()),
    }
}

/// Now, to the second: what a person would write into a request.
#[expect(clippy::disallowed_methods, reason = "a request's date is the caller's own")]
pub fn wall_clock() -> chrono::DateTime<Utc> {
    chrono::SubsecRound::trunc_subsecs(Utc::now(), 0)
}

/// A signature on paper, of today, with its scan.
pub fn on_paper() -> PaperSignature {
    PaperSignature {
        signed_name: "Casey Sample".into(),
        signed_on: wall_clock().date_naive(),
        attested: true,
        form: PaperForm { media_type: "application/pdf".to_owned(), content: files::scan().into() },
    }
}

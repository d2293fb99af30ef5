//! A clinic that uses the service over HTTP: it signs up, signs in, and finds its patients again.

use rapport_sdk::{
    Client, Policy, SecondFactor, Sensitive,
    chrono::NaiveDate,
    contract::{
        clinics::{NewClinic, NewOwner, SignUp},
        patients::{NewPatient, PatientSearch},
    },
    totp_code_at,
    uuid::Uuid,
};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

const EMAIL: &str = "ada@north.example.org";
const PASSWORD: &str = "a sentence that nobody guesses";

/// A clinic with one patient, and what its owner needs to sign in.
pub(crate) struct Clinic {
    authenticator: Sensitive<String>,
    runtime: Runtime,
}

impl Clinic {
    /// Signs up, signs in for the first time, and takes a patient on.
    pub(crate) fn sign_up(url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let authenticator = runtime.block_on(async {
            let (ada, _, secret) = enrol(client(url), EMAIL).await;
            let casey = NewPatient {
                given_name: "Casey".into(),
                family_name: "Sample".into(),
                birth_date: NaiveDate::from_ymd_opt(1953, 4, 17).unwrap().into(),
                mrn: None,
                email: None,
                phone: Some("555-0111".into()),
            };
            ada.patients().create(&casey).await.unwrap();
            secret
        });
        Self { authenticator, runtime }
    }

    /// Signs in again, at a service that was started anew, and finds the patient. Once only: a code works once, and the
    /// service takes no more than the next one ahead of its time.
    pub(crate) fn finds_its_patient(self, url: &str) {
        let code = code(&self.authenticator, 30);
        self.runtime.block_on(async {
            let ada = client(url).sign_in(EMAIL, PASSWORD).await.unwrap().verify(code).await.unwrap();
            let search = PatientSearch { family_name: Some("sam".into()), ..PatientSearch::default() };
            let found = ada.patients().search(&search).send().await.unwrap();
            let names: Vec<&str> = found.items.iter().map(|patient| patient.given_name.as_str()).collect();
            assert_eq!(names, ["Casey"]);
        });
    }
}

/// A clinic's owner, signed up and signed in.
pub(crate) async fn sign_in_for_the_first_time(nobody: Client) -> Client {
    enrol(nobody, EMAIL).await.0
}

/// The owner of a clinic, signed up and signed in, and the clinic.
pub(crate) async fn sign_up_and_in(nobody: Client, email: &str) -> (Client, Uuid) {
    let (owner, clinic, _) = enrol(nobody, email).await;
    (owner, clinic)
}

async fn enrol(nobody: Client, email: &str) -> (Client, Uuid, Sensitive<String>) {
    let clinic = nobody.sign_up(&sign_up(email)).await.unwrap().clinic.id;
    let SecondFactor::Enrol(enrolment) = nobody.sign_in(email, PASSWORD).await.unwrap() else {
        panic!("a new account has an authenticator already");
    };
    let secret = enrolment.enrol().await.unwrap().secret;
    let ada = enrolment.verify(code(&secret, 0)).await.unwrap();
    (ada, clinic.into(), secret)
}

fn client(url: &str) -> Client {
    Client::builder(url).retries(Policy::NEVER).build().unwrap()
}

fn sign_up(email: &str) -> SignUp {
    SignUp {
        clinic: NewClinic { name: "North Massage Therapy".to_owned(), phone: None, address: None, npi: None },
        owner: NewOwner {
            name: "Ada Example".into(),
            email: email.into(),
            password: PASSWORD.into(),
            profession: "massage_therapist".to_owned(),
            npi: None,
        },
    }
}

/// The code that the authenticator shows now, or in so many seconds.
#[expect(clippy::disallowed_methods, reason = "an authenticator has a clock of its own")]
fn code(secret: &Sensitive<String>, ahead: u64) -> Sensitive<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp_code_at(secret, now + ahead).unwrap()
}

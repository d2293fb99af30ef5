"""The main job, done by a client that is generated from the document: a report goes to another clinic under a patient's
consent, and the patient ends it. Every answer has to be one that the document describes."""

import argparse
import datetime
import importlib
import json
import subprocess
import sys
import tempfile
import time
import types
import uuid
from pathlib import Path

import pyotp

from letters import Mailbox

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parent / "openapi.json"
PASSWORD = "correct horse battery staple"
NAME = "rapport_generated"


def generate(folder):
    """Makes the client. What the generator leaves out of the document is a failure, and so is what it only warns of."""
    config = folder / "generator.json"
    # Nobody reads this client: it is not formatted. Files come as the bytes that they are.
    files = dict.fromkeys(("application/pdf", "image/jpeg", "image/png"), "application/octet-stream")
    config.write_text(json.dumps({"post_hooks": [], "content_type_overrides": files}))
    command = [
        sys.executable, "-m", "openapi_python_client", "generate", "--path", str(DOCUMENT), "--meta", "none",
        "--config", str(config), "--output-path", str(folder / NAME), "--fail-on-warning",
    ]  # fmt: skip
    subprocess.run(command, check=True)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()


class Refused(Exception):
    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.type_}: {problem.detail}")
        self.status, self.kind = int(status), problem.type_.rsplit("/", 1)[-1]


class Client:
    """One party's calls, by tag and operation: `client("reports.create_report", body=...)`."""

    def __init__(self, url, token=None):
        generated = importlib.import_module(f"{NAME}.client")
        settings = {"base_url": url, "raise_on_unexpected_status": True, "timeout": 30}
        self.client = generated.AuthenticatedClient(token=token, **settings) if token else generated.Client(**settings)

    def answer(self, operation, *path, **given):
        module = importlib.import_module(f"{NAME}.api.{operation}")
        answer = module.sync_detailed(*path, client=self.client, **given)
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.parsed)
        return answer

    def __call__(self, operation, *path, **given):
        return self.answer(operation, *path, **given).parsed


class Teller:
    def __init__(self):
        self.step = 0

    def __call__(self, text):
        self.step += 1
        print(f"{self.step:>3}. {text}", flush=True)

    def refused(self, kind, call, *path, **given):
        """A refusal that has to come, of this kind."""
        try:
            call(*path, **given)
        except Refused as refusal:
            if refusal.kind != kind:
                raise AssertionError(f"refused with {refusal.kind} in place of {kind}") from refusal
            print(f"     refused as it has to be: {refusal.status} {kind}", flush=True)
            return
        raise AssertionError(f"was to be refused with {kind}, and was done")


def models():
    """The generated types, by name."""
    return types.SimpleNamespace(**vars(importlib.import_module(f"{NAME}.models")))


def sign_up(url, m, name, owner, profession):
    """A clinic and its owner, signed in with an authenticator that was enrolled on the way."""
    nobody = Client(url)
    address = f"{owner.split()[0].lower()}.{uuid.uuid4().hex[:8]}@clinics.example.org"
    clinic = m.NewClinic(name=name, phone="555-0100")
    person = m.NewOwner(name=owner, email=address, password=PASSWORD, profession=profession)
    signed_up = nobody("clinics.sign_up_clinic", body=m.SignUp(clinic=clinic, owner=person))
    first = nobody("auth.log_in", body=m.Login(email=address, password=PASSWORD))
    enrolling = Client(url, first.mfa_enrolment_token)
    secret = enrolling("auth.enrol_mfa").secret
    tokens = enrolling("auth.verify_mfa", body=m.MfaCode(code=pyotp.TOTP(secret).now()))
    tokens = nobody("auth.refresh_tokens", body=m.Refresh(refresh_token=tokens.refresh_token))
    return signed_up, Client(url, tokens.access_token)


def open_link(url, m, mailbox, address, birth_date):
    """The patient opens the newest link: asks for a code, reads it in the mail, and says the date of birth."""
    page, secret = mailbox.link(address).split("#", 1)
    link = uuid.UUID(page.rsplit("/", 1)[-1])
    before = len(mailbox.codes(address))
    patient = Client(url)
    patient("consent_links.challenge_consent_link", link, body=m.LinkChallenge(secret=secret))
    code = mailbox.code(address, before + 1)
    proof = m.OpenLinkSession(secret=secret, birth_date=birth_date, code=code)
    # The session's right is a cookie, which the client keeps as a browser does; changes take the token too.
    session = patient("consent_links.open_consent_link_session", link, body=proof)
    return patient, link, session.csrf_token


def complete_report(m):
    stiffness = "Stiffness intensity (VAS)"
    return m.ReportBody(
        treatment=m.Treatment(what="Massage of back, neck and hips", why="Chosen for pain and stiffness"),
        schedule=m.Schedule(frequency="7 massages", duration="28 days", visits_attended=7),
        goals=[m.Goal(goal="Less stiffness on waking", measure=stiffness)],
        measures=[m.Measure(name=stiffness, unit="0-10", baseline=5.0, current=0.75, higher_is_better=False)],
        summary="Less pain and stiffness after 7 massages in 28 days.",
    )


def walk(url, mailbox):
    m, tell = models(), Teller()
    tell("Two clinics sign up; their owners enrol an authenticator.")
    _, north = sign_up(url, m, "North Massage Therapy (test)", "Ada Example", "massage_therapist")
    south_is, south = sign_up(url, m, "South Family Practice (test)", "Sam Example", "physician")
    me = south("practitioners.get_own_entry")
    assert me.clinic.id == south_is.clinic.id and me.profession == "physician", me

    tell("North has a patient.")
    address = f"casey.{uuid.uuid4().hex[:8]}@patients.example.org"
    born = datetime.date(1979, 3, 14)
    new = m.NewPatient(given_name="Casey", family_name="Sample", birth_date=born, email=address)
    patient = north("patients.create_patient", body=new)
    found = north("patients.search_patients", body=m.PatientSearch(family_name="sam"))
    assert [item.id for item in found.items] == [patient.id], found

    tell("A report is drafted; half of it can't be signed.")
    half = m.ReportBody(treatment=m.Treatment(what="Massage of back, neck and hips", why="Chosen for pain"))
    new = m.NewReport(patient_id=patient.id, kind=m.ReportKind.PROGRESS_REPORT, body=half)
    drafted = north.answer("reports.create_report", body=new)
    report, etag = drafted.parsed.id, drafted.headers["etag"]
    tell.refused("report-incomplete", north, "reports.sign_report", report, if_match=etag)
    patch = m.ReportPatch(body=complete_report(m))
    etag = north.answer("reports.update_report", report, body=patch, if_match=etag).headers["etag"]
    signed = north("reports.sign_report", report, if_match=etag)
    assert signed.state == m.ReportState.SIGNED and len(signed.content_hash) == 64, signed

    tell("North sends it to South at once; nobody has asked the patient.")
    to_south = m.RecipientChoice(clinic_id=south_is.clinic.id)
    new_share = m.NewShare(recipient=to_south, purpose="treatment", cover_letter="Our shared patient is better.")
    tell.refused("consent-missing", north, "shares.share_report", report, body=new_share)

    tell("North asks the patient. Until the patient signs, nothing goes.")
    until = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=365)
    categories = [m.Category.PROGRESS_REPORT, m.Category.OUTCOME_MEASURES]
    asking = m.NewConsent(recipients=[to_south], categories=categories, purpose="treatment", expires_at=until)
    consent = north("consents.ask_consent", patient.id, body=asking)
    assert consent.state == m.ConsentState.PENDING, consent
    tell.refused("consent-pending", north, "shares.share_report", report, body=new_share)

    tell("The patient opens the link, reads, and signs.")
    at_link, link, csrf = open_link(url, m, mailbox, address, born)
    asked = at_link("consent_links.get_linked_consent", link)
    signature = m.LinkSignature(signed_name="Casey Sample", statement_hash=asked.statement_hash)
    tell.refused(
        "forbidden", at_link, "consent_links.sign_linked_consent", link, body=signature, x_csrf_token="another"
    )
    at_link("consent_links.sign_linked_consent", link, body=signature, x_csrf_token=csrf)
    assert north("consents.get_consent", consent.id).state == m.ConsentState.ACTIVE

    tell("Now it goes; sent twice under one key, it goes once.")
    key = str(uuid.uuid4())
    share = north("shares.share_report", report, body=new_share, idempotency_key=key)
    again = north.answer("shares.share_report", report, body=new_share, idempotency_key=key)
    assert again.parsed.id == share.id and again.headers["idempotency-replayed"] == "true", again

    tell("South finds it, reads it through the gate, and acknowledges.")
    inbox = south("shares.list_inbox")
    assert [item.id for item in inbox.items] == [share.id], inbox
    read = south("shares.get_share", share.id)
    assert read.content.patient.family_name == "Sample", "South reads whose report it is"
    assert read.content.body.summary == complete_report(m).summary
    south("shares.acknowledge_share", share.id)
    sent = north("shares.list_report_shares", report)
    assert [item.state for item in sent.items] == [m.ShareState.ACKNOWLEDGED], sent

    tell("A third clinic, which was not sent it, finds nothing there.")
    _, east = sign_up(url, m, "East Physical Therapy (test)", "Eve Example", "physical_therapist")
    tell.refused("not-found", east, "shares.get_share", share.id)

    tell("The patient takes the consent back; from then on South reads nothing.")
    at_link, link, csrf = open_link(url, m, mailbox, address, born)
    revoked = at_link("consent_links.revoke_linked_consent", link, x_csrf_token=csrf)
    assert revoked.state == m.ConsentState.REVOKED, revoked
    tell.refused("consent-revoked", south, "shares.get_share", share.id)
    told = [entry.in_words for entry in north("audit.list_sharing_history", patient.id).items]
    assert len(told) >= 4, told


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="where the service is reached")
    parser.add_argument("--mail", required=True, help="the folder of its mail")
    given = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        print(f"the client was generated in {time.monotonic() - start:.0f} s", flush=True)
        walk(given.url, Mailbox(given.mail))
    print(f"the main job was done by the generated client, in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()

"""Clinics with their people, patients, consents, reports, shares and referrals: what tests ask for, and whose it is.

Two clinics are each other's partners and strangers at once: of one another's records they see what was shared, and of
the rest not even that it is there. What a test uses up is made anew."""

import base64
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import pyotp
import requests

PASSWORD = "correct horse battery staple"
BORN = "1979-03-14"
# An access token lives 300 s. It is renewed well before.
TOKEN_AGE = 150
# A session at a link ends after 15 idle minutes, and a sign-in that is not gone on with after 10.
SESSION_AGE = 600
SHORT_LIVED = {"newcomer": 400}
CATEGORIES = [
    "treatment_plan", "progress_report", "outcome_measures", "history", "attachments", "referral", "mental_health",
    "substance_use", "reproductive_health",
]  # fmt: skip
SCOPES = [
    "patients:read", "patients:write", "consents:read", "reports:read", "reports:write", "shares:read",
    "referrals:read", "referrals:write", "audit:read", "events:read",
]  # fmt: skip
REPORT = {
    "treatment": {"what": "Massage of back, neck and hips", "why": "Chosen for pain and stiffness"},
    "schedule": {"frequency": "7 massages", "duration": "28 days", "visits_attended": 7},
    "goals": [{"goal": "Less stiffness on waking", "measure": "Stiffness intensity (VAS)"}],
    "measures": [{"name": "Stiffness intensity (VAS)", "unit": "0-10", "baseline": 5, "current": 0.75}],
    "summary": "Less pain and stiffness after 7 massages in 28 days.",
}
# From a draft to where each move is open: who moves, and how.
WAYS = {
    "send": [], "cancel": [], "enter_in_error": [],
    "accept": ["send"], "decline": ["send"], "redirect": ["send"], "request_information": ["send"],
    "provide_information": ["send", "request_information"],
    "waitlist": ["send", "accept"], "schedule": ["send", "accept"], "start": ["send", "accept"],
    "request_cancellation": ["send", "accept"],
    "no_show": ["send", "accept", "schedule"], "cancel_appointment": ["send", "accept", "schedule"],
    "complete": ["send", "accept", "start"], "discontinue": ["send", "accept", "start"],
    "confirm_cancellation": ["send", "accept", "request_cancellation"],
    "refuse_cancellation": ["send", "accept", "request_cancellation"],
}  # fmt: skip
# Kinds of objects that are webhooks.
HOOKS = ("webhook", "webhook_secret", "delivery")
SENDERS = {"send", "provide_information", "cancel", "request_cancellation", "enter_in_error"}


def pdf():
    """A document of one empty page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    objects.append("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>")
    text, table = "%PDF-1.4\n", "0000000000 65535 f \n"
    for number, body in enumerate(objects, 1):
        table += f"{len(text):010} 00000 n \n"
        text += f"{number} 0 obj\n{body}\nendobj\n"
    end = f"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + f"xref\n0 4\n{table}{end}").encode()


SCAN = {"media_type": "application/pdf", "content": base64.b64encode(pdf()).decode()}


def moment(**ahead):
    return (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Api:
    """The service, over HTTP and in JSON."""

    def __init__(self, url):
        self.url = url
        self._own = threading.local()

    def send(self, method, path, *, token=None, body=None, headers=None, cookies=None, form=None):
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            # Each request says itself which cookies it carries.
            self._own.session.cookies.set_policy(_NoCookies())
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return self._own.session.request(
            method, self.url + path, json=body, data=form, headers=headers, timeout=30, allow_redirects=False
        )

    def ask(self, method, path, **given):
        """What it answers; a refusal is a failure."""
        answer = self.send(method, path, **given)
        if answer.status_code >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


class _NoCookies(requests.cookies.cookielib.DefaultCookiePolicy):
    def set_ok(self, cookie, request):
        return False


class Person:
    """Somebody with an account and an authenticator."""

    def __init__(self, api, email):
        self.api, self.email = api, email
        self.secret = None
        self._lock = threading.RLock()
        self._tokens, self._since, self._step = None, 0.0, 0

    def has_code(self):
        return self._step + 1 <= int(time.time()) // 30 + 1

    def code(self):
        """A code that was not used yet, or none: each works once, and only near its time."""
        with self._lock:
            if not self.has_code():
                return None
            self._step = max(int(time.time()) // 30 - 1, self._step + 1)
            return pyotp.TOTP(self.secret).at(self._step * 30)

    def sign_in(self):
        with self._lock:
            first = self.api.ask("POST", "/v1/auth/login", body={"email": self.email, "password": PASSWORD})
            token = first.get("mfa_token") or first["mfa_enrolment_token"]
            if self.secret is None:
                self.secret = self.api.ask("POST", "/v1/auth/mfa/enrol", token=token)["secret"]
            while (code := self.code()) is None:
                time.sleep(1)
            self._keep(self.api.ask("POST", "/v1/auth/mfa/verify", token=token, body={"code": code}))
            return self

    def _keep(self, tokens):
        self._tokens, self._since = tokens, time.monotonic()

    def token(self):
        with self._lock:
            if time.monotonic() - self._since > TOKEN_AGE:
                refresh = {"refresh_token": self._tokens["refresh_token"]}
                answer = self.api.send("POST", "/v1/auth/refresh", body=refresh)
                if answer.status_code == 200:
                    self._keep(answer.json())
                else:
                    self.sign_in()
            return self._tokens["access_token"]

    def refresh_token(self):
        return self._tokens["refresh_token"]


class Clinic:
    def __init__(self, name, signed_up, owner):
        self.name, self.id, self.owner_id, self.owner = name, signed_up["clinic"]["id"], signed_up["owner"]["id"], owner
        # One who asks in the tests, and two who make what they ask for, by kind: a code works once.
        self.staff, self.helpers = None, {}


class World:
    """The clinics, and a store of objects of each kind and clinic from which tests take."""

    def __init__(self, url, mailbox, sink):
        self.api, self.mailbox, self.sink = Api(url), mailbox, sink
        self._lock = threading.RLock()
        self._store, self._born = {}, {}
        # How many of each kind were made, and how long it took.
        self.made = {}
        # Whose an object is that nobody else may see; and what was shared, which its partner may see.
        self.private, self.shared = {}, set()

    # People and clinics.

    def sign_up(self, name):
        email = f"owner.{uuid.uuid4().hex[:10]}@{name}.example.org"
        owner = {"name": f"Owner of {name}", "email": email, "password": PASSWORD, "profession": "massage_therapist"}
        clinic = {"name": f"{name.title()} (test)", "phone": "555-0100"}
        signed_up = self.api.ask("POST", "/v1/clinics", body={"clinic": clinic, "owner": owner})
        return Clinic(name, signed_up, Person(self.api, email).sign_in())

    def newcomer(self):
        """Somebody who has signed up and not signed in: the address, and the token of the first step."""
        email = f"new.{uuid.uuid4().hex[:10]}@new.example.org"
        owner = {"name": "New Example", "email": email, "password": PASSWORD, "profession": "physician"}
        self.api.ask("POST", "/v1/clinics", body={"clinic": {"name": "New (test)"}, "owner": owner})
        first = self.api.ask("POST", "/v1/auth/login", body={"email": email, "password": PASSWORD})
        return {"email": email, "token": first["mfa_enrolment_token"]}

    def invite(self, clinic, role):
        email = f"{role}.{uuid.uuid4().hex[:10]}@{clinic.name}.example.org"
        body = {"name": f"A {role}", "email": email, "role": role}
        member = self._own("POST", clinic, "/v1/members", body)
        token = self.mailbox.link(email).split("#", 1)[1]
        return member, email, token

    def member(self, clinic, role):
        member, email, token = self.invite(clinic, role)
        self.api.ask("POST", "/v1/members/accept", body={"token": token, "password": PASSWORD})
        return member["id"], Person(self.api, email).sign_in()

    def settle(self):
        """The clinics: two that are each other's partners, and one more."""
        self.north, self.south, self.east = (self.sign_up(name) for name in ("north", "south", "east"))
        self.clinics = {"north": self.north, "south": self.south}
        # Whose accounts are not to be ended.
        self.protected = set()
        for clinic in self.clinics.values():
            staff, clinic.staff = self.member(clinic, "staff")
            self.protected |= {clinic.owner_id, staff}
            for kind in ("emergency", "emergency_ended"):
                helper, clinic.helpers[kind] = self.member(clinic, "staff")
                self.protected.add(helper)
            # A link can be renewed when it is a minute old.
            for kind in ("share_to_renew", "referral_to_renew"):
                self.pick(kind, clinic)

    def partner(self, clinic):
        return self.south if clinic is self.north else self.north

    # What a clinic has.

    def _own(self, method, clinic, path, body=None, **given):
        made = self.api.ask(method, path, token=clinic.owner.token(), body=body, **given)
        if method == "POST" and isinstance(made, dict) and "id" in made:
            self.private[made["id"]] = clinic.name
        return made

    def _to(self, clinic):
        return {"clinic_id": self.partner(clinic).id}

    def patient(self, clinic):
        email = f"casey.{uuid.uuid4().hex[:10]}@patients.example.org"
        new = {"given_name": "Casey", "family_name": "Sample", "birth_date": BORN, "email": email}
        return self._own("POST", clinic, "/v1/patients", new)

    def ask_consent(self, clinic, patient, recipient):
        body = {
            "recipients": [recipient], "categories": CATEGORIES, "purpose": "treatment", "expires_at": moment(days=365),
            "two_way": "email" not in recipient,
        }  # fmt: skip
        return self._own("POST", clinic, f"/v1/patients/{patient['id']}/consents", body)

    def sign_on_paper(self, clinic, consent):
        body = {"signed_name": "Casey Sample", "signed_on": datetime.now(UTC).date().isoformat(), "attested": True}
        path = f"/v1/consents/{consent['id']}/paper_signature"
        return self._own("POST", clinic, path, body | {"form": SCAN}, headers={"If-Match": "*"})

    def consented(self, clinic, recipient=None):
        """A patient who agreed that everything may go to the recipient, on paper."""
        patient = self.patient(clinic)
        consent = self.ask_consent(clinic, patient, recipient or self._to(clinic))
        self.sign_on_paper(clinic, consent)
        return patient, consent

    def draft(self, clinic, patient):
        new = {"patient_id": patient["id"], "kind": "progress_report", "body": REPORT}
        return self._own("POST", clinic, "/v1/reports", new)

    def signed(self, clinic, patient, attached=False):
        report = self.draft(clinic, patient)
        if attached:
            report["attachment"] = self.attach(clinic, report)["id"]
        self._own("POST", clinic, f"/v1/reports/{report['id']}/signature", headers={"If-Match": "*"})
        return report

    def attach(self, clinic, report):
        new = {"file_name": "Range of motion.pdf", **SCAN}
        return self._own("POST", clinic, f"/v1/reports/{report['id']}/attachments", new)

    def share(self, clinic, report, recipient, attached=False):
        body = {"recipient": recipient, "purpose": "treatment"}
        if attached:
            body["sections"] = ["treatment", "measures", "attachments"]
        return self._own("POST", clinic, f"/v1/reports/{report['id']}/shares", body)

    def shared_with_partner(self, clinic, attached=False):
        patient, _ = self.consented(clinic)
        report = self.signed(clinic, patient, attached)
        share = self.share(clinic, report, self._to(clinic), attached)
        self.shared.add(share["id"])
        return share, report

    def _guest(self):
        return {"name": "Kim Guest", "email": f"kim.{uuid.uuid4().hex[:10]}@guests.example.org"}

    def guest_share(self, clinic):
        """A share to somebody without an account, and the link to it."""
        guest = self._guest()
        patient, _ = self.consented(clinic, guest)
        report = self.signed(clinic, patient, attached=True)
        share = self.share(clinic, report, guest, attached=True)
        return self._link("share_links", guest["email"]) | {
            "attachment_id": report["attachment"], "share": share["id"], "clinic": clinic.name,
        }  # fmt: skip

    def guest_referral(self, clinic):
        guest = self._guest()
        patient, _ = self.consented(clinic, guest)
        referral = self.new_referral(clinic, patient, guest)
        self.move(referral, "send", clinic)
        return self._link("referral_links", guest["email"]) | {"referral": referral["id"], "clinic": clinic.name}

    def asked(self, clinic):
        """A patient who was asked for consent, and the link to it."""
        patient = self.patient(clinic)
        consent = self.ask_consent(clinic, patient, self._to(clinic))
        return self._link("consent_links", patient["email"]) | {"consent": consent["id"], "clinic": clinic.name}

    def _link(self, kind, email):
        page, secret = self.mailbox.link(email).split("#", 1)
        return {"kind": kind, "id": page.rsplit("/", 1)[-1], "secret": secret, "email": email}

    def challenge(self, link):
        """A code for the link, from the mail; none where one was sent a moment ago, or the link has ended."""
        before = len(self.mailbox.codes(link["email"]))
        path = f"/v1/{link['kind']}/{link['id']}/challenge"
        if self.api.send("POST", path, body={"secret": link["secret"]}).status_code != 202:
            return None
        return self.mailbox.code(link["email"], before + 1)

    def open(self, link):
        """The link with a session: the cookie, and the token that changes need."""
        proof = {"secret": link["secret"], "code": self.challenge(link)}
        if link["kind"] == "consent_links":
            proof["birth_date"] = BORN
        answer = self.api.send("POST", f"/v1/{link['kind']}/{link['id']}/session", body=proof)
        cookie = answer.headers["Set-Cookie"].split(";", 1)[0].split("=", 1)[1]
        return link | {"cookie": cookie, "csrf": answer.json()["csrf_token"]}

    def signed_link(self, clinic):
        """A link whose consent was signed at it, with the session."""
        link = self.open(self.asked(clinic))
        cookies, headers = {"rapport_consent": link["cookie"]}, {"X-CSRF-Token": link["csrf"]}
        path = f"/v1/consent_links/{link['id']}"
        seen = self.api.ask("GET", path, cookies=cookies)
        signature = {"signed_name": "Casey Sample", "statement_hash": seen["statement_hash"]}
        self.api.ask("POST", f"{path}/signature", cookies=cookies, headers=headers, body=signature)
        return link

    def misdirected(self, clinic):
        """What a guest says that it was not meant for them opens: an incident."""
        link = self.guest_share(clinic)
        path = f"/v1/share_links/{link['id']}/misdirected"
        self.api.ask("POST", path, body={"secret": link["secret"]})
        incident = self._own("GET", clinic, "/v1/incidents?limit=1")["items"][0]
        self.private[incident["id"]] = clinic.name
        return incident

    def new_referral(self, clinic, patient, recipient):
        new = {
            "kind": "referral", "patient_id": patient["id"], "recipient": recipient, "urgency": "routine",
            "condition": "Low back stiffness of six months", "reason": "Manual treatment before imaging",
            "question": "Is a course of six visits worth trying?", "requested_services": ["Evaluation"],
        }  # fmt: skip
        return self._own("POST", clinic, "/v1/referrals", new)

    def move(self, referral, verb, by):
        body = {}
        if verb == "schedule":
            body["appointment_at"] = moment(days=3)
        if verb == "request_information":
            body["note"] = "Was there a fall?"
        if verb == "request_cancellation":
            body["reason"] = "no_longer_needed"
        path = f"/v1/referrals/{referral['id']}/{verb}"
        return self._own("POST", by, path, body, headers={"If-Match": "*"})

    def referral_before(self, clinic, verb):
        """A referral at which this clinic may do this now, and what it takes to."""
        sender = clinic if verb in SENDERS else self.partner(clinic)
        patient, _ = self.consented(sender)
        referral = self.new_referral(sender, patient, self._to(sender))
        self.shared.add(referral["id"])
        found = {"id": referral["id"]}
        for step in WAYS[verb]:
            moved = self.move(referral, step, sender if step in SENDERS else self.partner(sender))
            if step == "accept":
                found["record"] = moved["patient_id"]
                self.private[moved["patient_id"]] = self.partner(sender).name
        if verb in ("complete", "discontinue"):
            report = self.signed(clinic, {"id": found["record"]})
            share = self.share(clinic, report, self._to(clinic))
            self.shared.add(share["id"])
            found["share_id"] = share["id"]
        return found

    def api_client(self, clinic):
        new = {"name": "Practice software", "scopes": SCOPES, "author_id": clinic.owner_id}
        client = self._own("POST", clinic, "/v1/api_clients", new)
        secret = self._own("POST", clinic, f"/v1/api_clients/{client['id']}/secrets")
        return {"id": client["id"], "secret_id": secret["id"], "secret": secret["client_secret"]}

    def machine_token(self, client):
        form = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
        return self.api.ask("POST", "/oauth/token", form=form)["access_token"]

    def machine(self, clinic):
        """An access token of a machine of the clinic, which nobody ends."""
        client = self.pick("machine", clinic)
        if time.monotonic() - client.get("since", -TOKEN_AGE) >= TOKEN_AGE:
            client |= {"token": self.machine_token(client), "since": time.monotonic()}
        return client["token"]

    def webhook(self, clinic):
        hooks = self._own("GET", clinic, "/v1/webhooks?limit=100")["items"]
        kept = {self._store.get((kind, clinic.name), {}).get("id") for kind in HOOKS}
        # A clinic has so many at most. Those that came of requests go, but for what the store holds.
        for hook in hooks:
            if hook["id"] not in kept and hook["state"] != "ended":
                self._own("DELETE", clinic, f"/v1/webhooks/{hook['id']}", headers={"If-Match": "*"})
        made = self._own("POST", clinic, "/v1/webhooks", {"url": self.sink})
        found = {"id": made["webhook"]["id"], "secret_id": made["secret"]["id"]}
        self.private.update(dict.fromkeys(found.values(), clinic.name))
        return found

    def _with_two_secrets(self, clinic):
        hook = self.webhook(clinic)
        self._own("POST", clinic, f"/v1/webhooks/{hook['id']}/secrets")
        return hook

    def delivery(self, clinic):
        """A webhook, and an event that it was told of, if it is told in time."""
        hook = self.webhook(clinic)
        until = time.monotonic() + 20
        # It is told of what happens from its answer on.
        while self._own("GET", clinic, f"/v1/webhooks/{hook['id']}")["state"] == "pending" and time.monotonic() < until:
            time.sleep(0.05)
        self.signed(clinic, self.patient(clinic))
        while time.monotonic() < until:
            told = self._own("GET", clinic, f"/v1/webhooks/{hook['id']}/deliveries")["items"]
            if told:
                return hook | {"event_id": told[0]["event"]["id"]}
            time.sleep(0.1)
        return hook

    def emergency(self, clinic, kind):
        body = {"reason": "treatment_emergency", "explanation": "The patient fainted at the desk."}
        helper = clinic.helpers[kind]
        while (code := helper.code()) is None:
            time.sleep(1)
        path = f"/v1/patients/{self.patient(clinic)['id']}/emergency_access"
        access = self.api.ask("POST", path, token=helper.token(), body=body | {"code": code})
        self.private[access["id"]] = clinic.name
        if kind == "emergency_ended":
            self._own("POST", clinic, f"/v1/emergency_access/{access['id']}/end")
        return access

    def audit_event(self, clinic):
        event = self._own("GET", clinic, "/v1/audit_events?limit=100")["items"][-1]
        self.private[event["id"]] = clinic.name
        return event

    # The store.

    def make(self, kind, clinic):
        if kind.startswith("referral."):
            return self.referral_before(clinic, kind.removeprefix("referral."))
        makers = {
            "patient": lambda: self.patient(clinic),
            "consent": lambda: self.consented(clinic)[1],
            "consent_pending": lambda: self.ask_consent(clinic, self.patient(clinic), self._to(clinic)),
            "report": lambda: self.signed(clinic, self.consented(clinic)[0]),
            "draft": lambda: self.draft(clinic, self.patient(clinic)),
            "attachment": lambda: self.attach(clinic, self.draft(clinic, self.patient(clinic))),
            "share": lambda: self.shared_with_partner(clinic)[0],
            "share_sent": lambda: self.shared_with_partner(clinic)[0],
            "share_received": lambda: self._opened(clinic),
            "shared_attachment": lambda: self._shared_attachment(clinic),
            "referral": lambda: self.referral_before(clinic, "accept"),
            "share_elsewhere": lambda: self._share_elsewhere(clinic),
            "referral_elsewhere": lambda: {"id": self.guest_referral(clinic)["referral"]},
            "machine": lambda: self.api_client(clinic),
            "api_client": lambda: self.api_client(clinic),
            "webhook": lambda: self.webhook(clinic),
            "webhook_secret": lambda: self._with_two_secrets(clinic),
            "delivery": lambda: self.delivery(clinic),
            "member": lambda: self.invite(clinic, "staff")[0],
            "invitation": lambda: {"token": self.invite(clinic, "staff")[2]},
            "incident": lambda: self.misdirected(clinic),
            "emergency": lambda: self.emergency(clinic, kind),
            "emergency_ended": lambda: self.emergency(clinic, kind),
            "audit_event": lambda: self.audit_event(clinic),
            "asked": lambda: self.asked(clinic),
            "asked_session": lambda: self.open(self.asked(clinic)),
            "signed_session": lambda: self.signed_link(clinic),
            "guest_share": lambda: self.guest_share(clinic),
            "guest_share_session": lambda: self.open(self.guest_share(clinic)),
            "guest_referral": lambda: self.guest_referral(clinic),
            "share_to_renew": lambda: self.guest_share(clinic),
            "referral_to_renew": lambda: self.guest_referral(clinic),
            "guest_referral_session": lambda: self.open(self.guest_referral(clinic)),
            "newcomer": self.newcomer,
            "leaver": self._leaver,
        }
        return makers[kind]()

    def _leaver(self):
        """Somebody on whom nothing depends, and the session."""
        person = self.sign_up("leaving").owner
        sessions = self.api.ask("GET", "/v1/auth/sessions", token=person.token())
        return {"person": person, "id": sessions["items"][0]["id"]}

    def _shared_attachment(self, clinic):
        share, report = self.shared_with_partner(self.partner(clinic), attached=True)
        self.shared.add(report["attachment"])
        return {"id": share["id"], "attachment_id": report["attachment"]}

    def _opened(self, clinic):
        """A share that came in and was read."""
        share, _ = self.shared_with_partner(self.partner(clinic))
        return self._own("GET", clinic, f"/v1/shares/{share['id']}")

    def _share_elsewhere(self, clinic):
        link = self.guest_share(clinic)
        return {"id": link["share"], "attachment_id": link["attachment_id"]}

    def pick(self, kind, clinic):
        """One of this kind, the same until it is spoilt."""
        with self._lock:
            key = (kind, clinic.name)
            most = SHORT_LIVED.get(kind, SESSION_AGE if kind.endswith("_session") else None)
            is_old = most is not None and time.monotonic() - self._born.get(key, 0) > most
            if key not in self._store or is_old:
                start = time.monotonic()
                self._store[key] = self.make(kind, clinic)
                self._born[key] = time.monotonic()
                made, took = self.made.get(kind, (0, 0.0))
                self.made[kind] = made + 1, took + time.monotonic() - start
            return self._store[key]

    def spoil(self, kind, clinic):
        with self._lock:
            helper = clinic.helpers.get(kind)
            # One that is over is better than to wait for a code.
            if helper is None or helper.has_code():
                self._store.pop((kind, clinic.name), None)

    def forget(self, ids):
        """Spoils whatever was ended by its id, from wherever that was known."""
        with self._lock:
            for kind, name in [key for key, found in self._store.items() if found.get("id") in ids]:
                self.spoil(kind, self.clinics[name])

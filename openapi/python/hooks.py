"""How generated requests meet real objects: who sends them, which ids they carry, and what no generator can guess.

Most requests carry ids of the caller's own objects, some those of another clinic's, the rest ids that nobody has. What
is broken on purpose stays as it is: only what is well formed is filled in."""

import base64
import copy
import hashlib
import random
import re
import uuid
from collections import Counter, defaultdict
from collections.abc import MutableMapping
from dataclasses import dataclass, field

import pyotp
import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.parameters import ParameterLocation as At
from schemathesis.generation.meta import REQUEST_SHAPE_PROBES, TestPhase, coverage_scenario
from schemathesis.specs.openapi._auth_retry import send_probe
from schemathesis.wfc.escalation import EscalatingAuthProvider

from world import BORN, PASSWORD, REPORT, SCAN, WAYS, moment

# Which of the store's objects an operation is about, and whether doing it uses the object up.
ABOUT = {
    "get_api_client": ("api_client", False),
    "update_api_client": ("api_client", False),
    "add_api_client_secret": ("api_client", True),
    "end_api_client": ("api_client", True),
    "end_api_client_secret": ("api_client", True),
    "get_attachment": ("attachment", False),
    "get_attachment_content": ("attachment", False),
    "delete_attachment": ("attachment", True),
    "get_audit_proof": ("audit_event", False),
    "get_consent": ("consent", False),
    "get_consent_form": ("consent", False),
    "record_paper_signature": ("consent_pending", True),
    "revoke_consent": ("consent", True),
    "get_emergency_access": ("emergency", False),
    "end_emergency_access": ("emergency", True),
    "review_emergency_access": ("emergency_ended", True),
    "get_incident": ("incident", False),
    "close_incident": ("incident", True),
    "end_member": ("member", True),
    "end_session": ("leaver", True),
    "get_patient": ("patient", False),
    "update_patient": ("patient", False),
    "list_consents": ("patient", False),
    "ask_consent": ("patient", False),
    "list_disclosures": ("patient", False),
    "list_sharing_history": ("patient", False),
    "open_emergency_access": ("patient", False),
    "get_practitioner": ("practitioner", False),
    "get_referral": ("referral", False),
    "get_referral_timeline": ("referral", False),
    "list_referral_messages": ("referral", False),
    "write_referral_message": ("referral", False),
    "get_report": ("report", False),
    "update_report": ("draft", False),
    "sign_report": ("draft", True),
    "amend_report": ("report", False),
    "list_attachments": ("report", False),
    "add_attachment": ("draft", True),
    "get_report_document": ("report", False),
    "list_report_shares": ("report", False),
    "share_report": ("report", False),
    "list_report_versions": ("report", False),
    "get_report_version": ("report", False),
    "get_share": ("share", False),
    "withdraw_share": ("share_sent", True),
    "acknowledge_share": ("share_received", True),
    "get_shared_attachment": ("shared_attachment", False),
    "get_webhook": ("webhook", False),
    "update_webhook": ("webhook", False),
    "end_webhook": ("webhook", True),
    "challenge_webhook": ("webhook", False),
    "list_webhook_deliveries": ("delivery", False),
    "resend_webhook_delivery": ("delivery", False),
    "add_webhook_secret": ("webhook", True),
    "end_webhook_secret": ("webhook_secret", True),
    "challenge_consent_link": ("asked", True),
    "open_consent_link_session": ("asked", True),
    "get_linked_consent": ("asked_session", False),
    "sign_linked_consent": ("asked_session", True),
    "refuse_linked_consent": ("asked_session", True),
    "revoke_linked_consent": ("signed_session", True),
    "challenge_share_link": ("guest_share", True),
    "open_share_link_session": ("guest_share", True),
    "renew_share_link": ("share_to_renew", True),
    "report_misdirected_share": ("guest_share_session", True),
    "get_linked_share": ("guest_share_session", False),
    "get_linked_attachment": ("guest_share_session", False),
    "acknowledge_linked_share": ("guest_share_session", True),
    "challenge_referral_link": ("guest_referral", True),
    "open_referral_link_session": ("guest_referral", True),
    "renew_referral_link": ("referral_to_renew", True),
    "claim_linked_referral": ("guest_referral", True),
    "report_misdirected_referral": ("guest_referral_session", True),
    "get_linked_referral": ("guest_referral_session", False),
    "decline_linked_referral": ("guest_referral_session", True),
}
# What the other clinic has of such a kind and did not share: it went to somebody else, or is somebody else's link.
ELSEWHERE = {
    "share": "share_elsewhere",
    "share_sent": "share_elsewhere",
    "share_received": "share_elsewhere",
    "shared_attachment": "share_elsewhere",
    "referral": "referral_elsewhere",
}
# These end the caller's sessions: somebody does them on whom nothing else depends.
LEAVING = {"log_out", "end_session", "end_sessions"}
# What anybody in any clinic may read: the directory.
PUBLIC = {"get_practitioner"}
COOKIES = {"link_session": "rapport_consent", "guest_session": "rapport_share"}
# So often a request that was granted is sent again by the other clinic, for each operation and clinic.
PROBES = 5
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Sent:
    """What was put into a request, and by whom it was sent."""

    operation: str
    identity: str
    clinic: object
    is_ordinary: bool
    kind: str | None = None
    # The object that the request is about, and whose it is; and ids that it carries of another clinic's objects.
    own: dict | None = None
    holder: object = None
    foreign: set = field(default_factory=set)


class Run:
    """One run of the tests: the world that they ask for, and what came of it."""

    def __init__(self, world, document, seed):
        self.world, self.seed = world, seed
        self.operations = {
            f"{method.upper()} {path}": operation
            for path, item in document["paths"].items()
            for method, operation in item.items()
        }
        # Of each operation, the kinds of problems that it lists, and those that were answered.
        self.listed = {label: kinds_in(document, operation) for label, operation in self.operations.items()}
        self.problems = defaultdict(set)
        self.sent = {}
        # Ids that came in answers: a step of a scenario that carries one goes on from there.
        self.known = set()
        self.answers = defaultdict(Counter)
        self.cursors = defaultdict(list)
        self.failures = defaultdict(list)
        self.probes, self.compared = Counter(), 0
        self.set_aside = Counter()

    def operation(self, case):
        return self.operations[case.operation.label]

    def chance(self, case, what):
        """A source of chance that a request brings along: the same request meets the same again. As long as nothing was
        granted of an operation, all is put right."""
        if what == "fill" and not self.is_granted(self.operation(case)["operationId"]):
            return Luck(0)
        meant = [case.operation.label, case.path_parameters, case.query, case.body, what, self.seed]
        return random.Random(hashlib.blake2b(repr(meant).encode(), digest_size=8).digest())

    def cases(self):
        """How many there were. Requests that the checks send besides, to compare, are not counted."""
        return sum(answers.total() for answers in self.answers.values())

    def is_granted(self, operation):
        return any(200 <= status < 300 for status in self.answers[operation])

    def identity(self, case):
        """Who asks: a clinic, or its machine. What one step of a scenario makes the next one asks for, so a scenario
        has one caller."""
        if is_step(case):
            return "north"
        roll = self.chance(case, "caller").random()
        return "north" if roll < 0.6 else "south" if roll < 0.9 else "north's machine"

    def clinic(self, identity):
        return self.world.clinics[identity.removesuffix("'s machine")]

    def token(self, operation, identity):
        clinic = self.clinic(identity)
        if operation in LEAVING:
            return self.leaver().token()
        if operation == "open_emergency_access":
            return clinic.staff.token()
        return clinic.owner.token() if identity in self.world.clinics else self.world.machine(clinic)

    def leaver(self):
        return self.world.pick("leaver", self.world.north)["person"]


def kinds_in(document, operation):
    kinds = set()
    for response in operation["responses"].values():
        if "$ref" in response:
            response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[-1]]
        kinds.update(response.get("content", {}).get("application/problem+json", {}).get("examples", {}))
    return kinds


class Luck(random.Random):
    """No chance at all: the first of all choices."""

    def random(self):
        return 0.0


def is_step(case):
    """Whether it is a step of a scenario, which goes on with what the one before has made."""
    return case.meta is not None and case.meta.phase.name == TestPhase.STATEFUL


RUN = None


def install(run):
    global RUN
    RUN = run


class Owner:
    """A clinic's owner, as one of the peers who must not see each other's objects."""

    def __init__(self, clinic):
        self.clinic = clinic

    def get(self, case, context):
        return self.clinic.owner.token()

    def set(self, case, token, context):
        case.headers["Authorization"] = f"Bearer {token}"


class Callers(EscalatingAuthProvider):
    """Signs each request as the document says that its operation wants it signed."""

    def __init__(self, run):
        world = run.world
        super().__init__([Owner(world.north), Owner(world.south)], ["north", "south"], peers=("north", "south"))

    def get(self, case, context):
        schemes = [scheme for choice in RUN.operation(case).get("security", []) for scheme in choice]
        return schemes[0] if schemes else None

    def set(self, case, scheme, context):
        if scheme == "bearer":
            operation, identity = RUN.operation(case)["operationId"], RUN.identity(case)
            case.headers["Authorization"] = f"Bearer {RUN.token(operation, identity)}"
            if operation not in LEAVING and operation != "open_emergency_access":
                case._auth_identity = identity
        elif scheme == "mfa_token":
            case.headers["Authorization"] = f"Bearer {RUN.world.pick('newcomer', RUN.world.north)['token']}"
        else:
            # Which session it is depends on the link that is asked for, which is known when the request is sent.
            case.cookies[COOKIES[scheme]] = "to be opened"

    def record(self, label, identity, status_code):
        """Nobody else is tried where somebody is refused: who calls is known."""


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """A stream of events is text to the document, and is read event by event: each holds what is told of elsewhere."""
    event = {"$ref": "#/components/schemas/Event"}
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": event}
    for item in raw_schema["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                if "text/event-stream" in response.get("content", {}):
                    schema = {"type": "object", "properties": {"data": data, "id": {"type": "string"}}}
                    response["content"]["text/event-stream"]["schema"] = schema


@schemathesis.hook
def after_load_schema(context, schema):
    schema.auth.providers.append(Callers(RUN))


def is_negative(case, location):
    return case.meta is not None and location in case.meta.components and case.meta.is_negative_at(location)


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = RUN.operation(case)
    name = operation["operationId"]
    identity = case.auth_identity or RUN.identity(case)
    chance = RUN.chance(case, "fill")
    sent = Sent(name, identity, RUN.clinic(identity), coverage_scenario(case) not in REQUEST_SHAPE_PROBES)
    RUN.sent[case.id] = sent
    # Cases of one operation share what they have in common: a case is filled without the others.
    for part in ("path_parameters", "query", "cookies", "headers", "body"):
        if isinstance(getattr(case, part), (MutableMapping, list)):
            object.__setattr__(case, part, copy.deepcopy(getattr(case, part)))
    fill_path(case, sent, chance)
    sign_anew(case, sent)
    if not sent.is_ordinary:
        return
    fill_headers(case, sent, chance)
    fill_query(case, sent, chance)
    stay_inside(case.body)
    if isinstance(case.body, dict) and not is_negative(case, At.BODY) and name in BODIES:
        BODIES[name](case.body, sent, chance, case)


def stay_inside(body):
    """Nothing is asked of the outside: an address that might be reached is one of this machine."""
    for name in ("url", "jwks_uri"):
        if isinstance(body, dict) and re.fullmatch(r"https?://[!-~]{1,480}", str(body.get(name))):
            body[name] = RUN.world.sink


def fill_path(case, sent, chance):
    """Puts a real object into the path. What came from an earlier answer is one already."""
    world, name = RUN.world, sent.operation
    if name == "move_referral":
        verb = case.path_parameters.get("verb")
        sent.kind = f"referral.{verb}" if verb in WAYS else None
    elif name in ABOUT:
        sent.kind, _ = ABOUT[name]
    if sent.kind is None or is_negative(case, At.PATH):
        return
    ids = [parameter for parameter in case.path_parameters if parameter != "verb"]
    # The others go on working with these accounts.
    is_protected = name == "end_member" and case.path_parameters.get("id") in world.protected
    if is_step(case) and not is_protected:
        ids = [parameter for parameter in ids if case.path_parameters[parameter] not in RUN.known]
    if not ids:
        return
    if sent.kind == "practitioner":
        case.path_parameters["id"] = chance.choice([world.north.owner_id, world.east.owner_id])
        return
    roll = 0 if is_protected else chance.random()
    if roll < 0.75 or (is_step(case) and roll < 0.9):
        sent.holder = holder_of(sent)
        sent.own = found = world.pick(sent.kind, sent.holder)
    elif roll < 0.9 and not is_step(case) and name != "claim_linked_referral":
        kind = "referral" if name == "move_referral" else sent.kind
        found = world.pick(ELSEWHERE.get(kind, kind), world.partner(holder_of(sent)))
        sent.foreign = {found[parameter] for parameter in ids if parameter in found}
    else:
        return
    for parameter in ids:
        if parameter == "number":
            case.path_parameters[parameter] = "1"
        elif parameter in found:
            case.path_parameters[parameter] = found[parameter]
    if case.meta is not None:
        # What was drawn from earlier answers does not stand there any more.
        case.meta.pool_draws = tuple(draw for draw in case.meta.pool_draws if draw.parameter_name not in ids)


def holder_of(sent):
    """Whose object the store is asked for."""
    if sent.operation == "claim_linked_referral":
        # Somebody else takes up what a clinic sent.
        return RUN.world.partner(sent.clinic)
    return RUN.world.north if sent.operation in LEAVING else sent.clinic


def sign_anew(case, sent):
    """Tokens and sessions as they are now: between making a request and sending it they may have ended."""
    header = case.headers.get("Authorization")
    schemes = [scheme for choice in RUN.operation(case).get("security", []) for scheme in choice]
    if not case._has_explicit_auth or not schemes:
        return
    if schemes[0] == "bearer" and header:
        case.headers["Authorization"] = f"Bearer {RUN.token(sent.operation, sent.identity)}"
    elif schemes[0] == "mfa_token" and header:
        case.headers["Authorization"] = f"Bearer {RUN.world.pick('newcomer', RUN.world.north)['token']}"
    elif schemes[0] in COOKIES and COOKIES[schemes[0]] in case.cookies:
        link = sent.own or RUN.world.pick(sent.kind, sent.clinic)
        case.cookies[COOKIES[schemes[0]]] = link["cookie"]
        if "X-CSRF-Token" in case.headers and not is_negative(case, At.HEADER):
            case.headers["X-CSRF-Token"] = link["csrf"]


def fill_headers(case, sent, chance):
    if is_negative(case, At.HEADER):
        return
    if "If-Match" in case.headers and chance.random() < 0.85:
        case.headers["If-Match"] = "*"
    if "Idempotency-Key" in case.headers and chance.random() < 0.7:
        # Sometimes the same one twice, with another request.
        is_again = chance.random() > 0.9
        case.headers["Idempotency-Key"] = sent.operation if is_again else str(uuid.uuid4())


def fill_query(case, sent, chance):
    if is_negative(case, At.QUERY):
        return
    if sent.operation == "follow_events":
        # The stream would else stay open for longer than a test waits.
        case.query["seconds"] = 1 if chance.random() < 0.05 else 0
    if "cursor" in case.query and RUN.cursors[sent.operation] and chance.random() < 0.7:
        case.query["cursor"] = chance.choice(RUN.cursors[sent.operation])
    for parameter, kind in (("patient_id", "patient"), ("actor_id", None)):
        if parameter not in case.query:
            continue
        roll = chance.random()
        if roll < 0.5:
            clinic = sent.clinic
        elif roll < 0.8 and not is_step(case):
            clinic = RUN.world.partner(sent.clinic)
        else:
            continue
        found = RUN.world.pick(kind, clinic)["id"] if kind else clinic.owner_id
        case.query[parameter] = found
        # A partner's people stand in the clinic's own log, with what they read of it.
        if clinic is not sent.clinic and kind:
            sent.foreign.add(found)


# What goes into bodies. Each takes the body, what is known of the request, chance, and the request itself.


def patient_of(sent, chance):
    """A patient's id: the clinic's own, another's, or one that nobody has."""
    roll = chance.random()
    if roll < 0.75:
        return RUN.world.pick("patient", sent.clinic)["id"]
    if roll > 0.9:
        return str(uuid.UUID(int=chance.getrandbits(128)))
    found = RUN.world.pick("patient", RUN.world.partner(sent.clinic))["id"]
    sent.foreign.add(found)
    return found


def recipient_of(sent, chance):
    partner = RUN.world.partner(sent.clinic)
    return chance.choice(
        [
            {"clinic_id": partner.id},
            {"clinic_id": RUN.world.east.id},
            {"practitioner_id": partner.owner_id},
            {"name": "Kim Guest", "email": f"kim.{chance.getrandbits(32)}@guests.example.org"},
        ]
    )


def body_api_client(body, sent, chance, case):
    if "jwks_uri" in body:
        body["jwks_uri"] = RUN.world.sink
        body.pop("jwks", None)
    if "jwks" in body and chance.random() < 0.5:
        del body["jwks"]
    if "author_id" in body and chance.random() < 0.8:
        body["author_id"] = sent.clinic.owner_id


def body_webhook(body, sent, chance, case):
    if "url" in body and chance.random() < 0.8:
        body["url"] = RUN.world.sink


def body_log_in(body, sent, chance, case):
    if chance.random() < 0.6:
        body |= {"email": RUN.world.pick("newcomer", sent.clinic)["email"], "password": PASSWORD}


def body_verify(body, sent, chance, case):
    newcomer = RUN.world.pick("newcomer", RUN.world.north)
    if chance.random() < 0.6 and case._has_explicit_auth:
        enrolled = RUN.world.api.send("POST", "/v1/auth/mfa/enrol", token=newcomer["token"])
        if enrolled.status_code == 200:
            body["code"] = pyotp.TOTP(enrolled.json()["secret"]).now()


def body_refresh(body, sent, chance, case):
    if chance.random() < 0.7:
        body["refresh_token"] = RUN.leaver().refresh_token()


def body_accept(body, sent, chance, case):
    if chance.random() < 0.7:
        sent.kind, sent.holder = "invitation", sent.clinic
        sent.own = RUN.world.pick(sent.kind, sent.holder)
        body["token"] = sent.own["token"]


def body_token(body, sent, chance, case):
    if chance.random() < 0.6:
        client = RUN.world.pick("api_client", sent.clinic)
        body.clear()
        body |= {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}


def body_revoke_token(body, sent, chance, case):
    if chance.random() < 0.6:
        client = RUN.world.pick("api_client", sent.clinic)
        body.clear()
        body |= {"token": RUN.world.machine_token(client), "client_id": client["id"], "client_secret": client["secret"]}


def body_sign_up(body, sent, chance, case):
    if chance.random() < 0.7:
        body["owner"]["email"] = f"owner.{chance.getrandbits(48)}@new.example.org"
    for who in ("clinic", "owner"):
        drop_npi(body[who])


def drop_npi(body):
    # The last digit of this number checks the others.
    if body.get("npi"):
        body["npi"] = "1234567893"


def body_npi(body, sent, chance, case):
    drop_npi(body)


def body_invite(body, sent, chance, case):
    drop_npi(body)
    if chance.random() < 0.7:
        body["email"] = f"member.{chance.getrandbits(48)}@{sent.clinic.name}.example.org"


def body_ask_consent(body, sent, chance, case):
    if chance.random() < 0.8:
        body["recipients"] = [recipient_of(sent, chance)]
    if chance.random() < 0.9:
        body["expires_at"] = moment(days=chance.randint(1, 700))
        if body.get("starts_at"):
            body["starts_at"] = moment(hours=1)


def body_paper(body, sent, chance, case):
    if chance.random() < 0.8:
        body |= {"form": SCAN, "attested": True, "signed_on": moment()[:10]}


def body_report(body, sent, chance, case):
    if chance.random() < 0.9:
        body["patient_id"] = patient_of(sent, chance)


def body_amend(body, sent, chance, case):
    if chance.random() < 0.6:
        body["body"] = REPORT


def body_attachment(body, sent, chance, case):
    roll = chance.random()
    if roll < 0.4:
        body |= SCAN
    elif roll < 0.7:
        body |= {"media_type": "text/plain", "content": base64.b64encode(b"Forward 4 in").decode()}


def body_share(body, sent, chance, case):
    if chance.random() < 0.8:
        body["recipient"] = {"clinic_id": RUN.world.partner(sent.clinic).id}
        body["purpose"] = "treatment"
        if "sections" in body and chance.random() < 0.7:
            body["sections"] = ["treatment", "goals", "measures"]


def body_referral(body, sent, chance, case):
    if chance.random() < 0.85:
        body["recipient"] = recipient_of(sent, chance)
    if chance.random() < 0.7:
        body |= {"kind": "referral", "patient_id": patient_of(sent, chance)}
        for other in ("about", "attestation", "deidentified", "from_opinion", "share_ids"):
            body.pop(other, None)
    elif "patient_id" in body:
        body["patient_id"] = patient_of(sent, chance)


NEEDS_REASON = {"decline", "discontinue", "cancel", "request_cancellation", "enter_in_error"}


def body_move(body, sent, chance, case):
    verb = case.path_parameters.get("verb")
    if chance.random() > 0.8:
        return
    body.clear()
    if verb in NEEDS_REASON:
        body["reason"] = "other"
    if verb in ("request_information", "provide_information"):
        body["note"] = "Was there a fall?"
    if verb == "schedule":
        body["appointment_at"] = moment(days=3)
    if verb == "redirect":
        body["instead"] = {"clinic_id": RUN.world.east.id}
    if verb in ("complete", "discontinue") and sent.own:
        body["share_id"] = sent.own["share_id"]


def body_emergency(body, sent, chance, case):
    if chance.random() < 0.7 and (code := sent.clinic.staff.code()):
        body["code"] = code


def secret_of(body, sent, chance):
    link = sent.own or RUN.world.pick(sent.kind, sent.clinic)
    if chance.random() < 0.85:
        body["secret"] = link["secret"]
    return link


def body_secret(body, sent, chance, case):
    secret_of(body, sent, chance)


def body_session(body, sent, chance, case):
    link = secret_of(body, sent, chance)
    if chance.random() < 0.7 and sent.own and (code := RUN.world.challenge(link)):
        body["code"] = code
        if "birth_date" in body:
            body["birth_date"] = BORN


def body_misdirected(body, sent, chance, case):
    if "secret" in body:
        secret_of(body, sent, chance)


def body_sign_link(body, sent, chance, case):
    if sent.own and chance.random() < 0.8:
        cookies = {COOKIES["link_session"]: sent.own["cookie"]}
        seen = RUN.world.api.send("GET", f"/v1/consent_links/{sent.own['id']}", cookies=cookies)
        if seen.status_code == 200:
            body["statement_hash"] = seen.json()["statement_hash"]


BODIES = {
    "create_api_client": body_api_client,
    "update_api_client": body_api_client,
    "create_webhook": body_webhook,
    "update_webhook": body_webhook,
    "log_in": body_log_in,
    "verify_mfa": body_verify,
    "refresh_tokens": body_refresh,
    "accept_invitation": body_accept,
    "request_token": body_token,
    "revoke_token": body_revoke_token,
    "sign_up_clinic": body_sign_up,
    "invite_member": body_invite,
    "update_own_entry": body_npi,
    "ask_consent": body_ask_consent,
    "record_paper_signature": body_paper,
    "create_report": body_report,
    "amend_report": body_amend,
    "add_attachment": body_attachment,
    "share_report": body_share,
    "create_referral": body_referral,
    "move_referral": body_move,
    "open_emergency_access": body_emergency,
    "challenge_consent_link": body_secret,
    "challenge_share_link": body_secret,
    "challenge_referral_link": body_secret,
    "renew_share_link": body_secret,
    "renew_referral_link": body_secret,
    "open_consent_link_session": body_session,
    "open_share_link_session": body_session,
    "open_referral_link_session": body_session,
    "claim_linked_referral": body_session,
    "report_misdirected_share": body_misdirected,
    "report_misdirected_referral": body_misdirected,
    "sign_linked_consent": body_sign_link,
}


@schemathesis.hook
def after_call(context, case, response):
    sent = RUN.sent.get(case.id)
    if sent is None:
        return
    RUN.answers[sent.operation][response.status_code] += 1
    RUN.known.update(UUID.findall((response.content or b"")[:100_000].decode(errors="replace")))
    is_done = 200 <= response.status_code < 300
    spoil(case, sent, response, is_done)
    if not sent.is_ordinary:
        return
    cursor = object_of(response).get("next_cursor") if is_done and case.method == "GET" else None
    if cursor:
        RUN.cursors[sent.operation] = [*RUN.cursors[sent.operation][-9:], cursor]
    if is_done and case.method == "POST" and response.status_code == 201:
        note_new(sent, response)


def note_new(sent, response):
    """What a clinic made is its own, but for what it addressed to the other one."""
    made = object_of(response)
    if "id" not in made:
        return
    if sent.operation in ("share_report", "create_referral"):
        RUN.world.shared.add(made["id"])
    elif sent.operation not in ("sign_up_clinic",):
        RUN.world.private[made["id"]] = sent.clinic.name


def spoil(case, sent, response, is_done):
    """Makes room for a new object where one was used up, or has come to an end by what was tried at it."""
    world, name = RUN.world, sent.operation
    uses_up = name in ("move_referral", "accept_invitation") or ABOUT.get(name, ("", False))[1]
    if uses_up and is_done:
        world.forget(set(case.path_parameters.values()))
    if name in LEAVING and is_done:
        world.spoil("leaver", world.north)
    elif name == "refresh_tokens" and is_done:
        # A token that was used leads to nothing a moment later.
        world.spoil("leaver", world.north)
    elif name == "verify_mfa" and response.status_code != 422:
        # Tries are counted, and a code works once.
        world.spoil("newcomer", world.north)
    elif name in ("log_in", "enrol_mfa") and not is_done and response.status_code in (401, 429):
        world.spoil("newcomer", world.north)
    elif sent.own is not None:
        is_over = response.status_code in (401, 404) and sent.kind.endswith("_session")
        if "secret" in sent.own and response.status_code in (401, 404) and isinstance(case.body, dict):
            # With the right secret: there is nothing behind it any more, or soon after too many tries.
            is_over = is_over or case.body.get("secret") == sent.own["secret"]
        if (uses_up and is_done) or is_over:
            world.spoil(sent.kind, sent.holder)


def always(value):
    return True


def is_blank(value):
    return isinstance(value, str) and value != "" and not value.strip()


def is_blank_or_absent(value):
    return value is None or is_blank(value)


def is_text(value):
    return isinstance(value, str)


def is_absent(value):
    return value is None


def is_whole(value):
    return isinstance(value, float) and value.is_integer()


# What the document can't say of a well-formed request, so that it may be refused all the same: the rule's code, at all
# or at one operation or field, and the values for which it is so. Whatever else is refused is a fault of the document
# or the service.
BEYOND_THE_SCHEMA = {
    # A text holds something to read, and no control characters.
    "required": is_blank,
    "invalid_characters": is_text,
    # A whole number is written without a fraction.
    "invalid_type": is_whole,
    # A search looks for something.
    "search_patients required": always,
    # A recipient is named in one of three ways.
    "one_of": always,
    "name required": is_blank_or_absent,
    "invalid_email": is_absent,
    # An id leads to something that is there, and to nobody of the own clinic.
    "unknown_recipient": always,
    "unknown_member": always,
    "unknown_opinion": always,
    "unknown_share": always,
    "own_clinic": always,
    # Days and times come in their order.
    "out_of_range": is_text,
    "list_disclosures out_of_range": always,
    # A cursor is one that the same list gave.
    "invalid_cursor": always,
    # A key or a file is what it says that it is.
    "unsupported_key": always,
    "unreadable": always,
    "wrong_type": always,
    # An address is a public one, by https.
    "invalid_uri": always,
    # A proof is of two sizes that the log has had.
    "get_audit_consistency out_of_range": always,
    # Names of measures differ.
    "duplicate": always,
    # What is signed is complete.
    "report-incomplete": always,
    # OAuth has words of its own for these (RFC 6749, 5.2).
    "request_token bad-request": always,
    "revoke_token bad-request": always,
    "request_token unsupported-grant-type": always,
    "request_token invalid-scope": always,
    # A key belongs to one request.
    "idempotency-key-reused": always,
    # A practitioner has a profession, and other members need none.
    "invite_member required": is_absent,
    # Whoever records a signature attests it, and sends the form.
    "record_paper_signature required": lambda value: value is False,
    "invalid_base64": always,
    # The last digit of this number checks the others.
    "invalid_npi": always,
    # Each move of a referral takes its own fields, and needs some.
    "move_referral required": is_absent,
    "move_referral not_taken": always,
    "move_referral no_account": always,
    # A referral is about a patient, an opinion names nobody unless it is told to, and each takes its own fields.
    "create_referral required": lambda value: value in (None, False),
    "create_referral not_taken": always,
    "create_referral no_account": always,
    # Times of a referral come in their order.
    "set_referral_times out_of_range": always,
    # A report has the sections that it has.
    "share_report absent_section": always,
}


def is_beyond_the_schema(error, operation, case):
    pointer = error["pointer"]
    # A parameter is named by itself.
    value = at(case.body, pointer) if pointer.startswith("/") else case.query.get(pointer)
    code = error["code"]
    places = (code, f"{operation} {code}", f"{pointer.rsplit('/', 1)[-1]} {code}")
    rules = [BEYOND_THE_SCHEMA.get(place) for place in places]
    return any(rule is not None and rule(value) for rule in rules)


def at(value, pointer):
    """What stands there in a body."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """What is no fault is dropped here, and counted; what is one is kept with the request that shows it."""
    name, operation = type(failure).__name__, RUN.operation(case)["operationId"]
    answer = object_of(response)
    kind = {"code": str(answer.get("type")).rsplit("/", 1)[-1], "pointer": ""}
    errors = [kind] if kind["code"] in BEYOND_THE_SCHEMA else answer.get("errors") or [kind]
    if name == "RejectedPositiveData" and all(is_beyond_the_schema(error, operation, case) for error in errors):
        RUN.set_aside.update({error["code"] for error in errors})
        return False
    if name == "UnsupportedMethodResponse" and (operation, response.request.method) in SAME_ADDRESS:
        return False
    if name in ("ServerError", "RejectedPositiveData", "AcceptedNegativeData") and is_sealed_later(operation, response):
        RUN.set_aside["unavailable"] += 1
        return False
    # These end a thing, and do not make it undone: it can be looked at, as ended, with what it was told.
    is_over = answer.get("state") in ("ended", "withdrawn") or operation == "list_webhook_deliveries"
    if name == "UseAfterFree" and operation in LOOKED_AT and is_over:
        return False
    # What was shared may be read by whom it was shared with, and the directory by everybody.
    is_shared = operation in PUBLIC or RUN.world.shared & set(case.path_parameters.values())
    if name == "ObjectLevelAuthorizationViolation" and is_shared:
        return False
    codes = ", ".join(sorted({error["code"] for error in errors})) if answer else ""
    RUN.failures[operation, name, codes].append(describe(failure, case, response))
    return True


# What can still be looked at after a DELETE.
LOOKED_AT = {"get_api_client", "get_share", "get_webhook", "list_webhook_deliveries"}


def is_sealed_later(operation, response):
    """An event of the audit log is sealed some seconds after its act; till then its proof is to be asked for again."""
    is_told = response.status_code == 503 and "retry-after" in response.headers
    return operation == "get_audit_proof" and is_told


# An address of one operation that is an id to another one, which knows the method.
SAME_ADDRESS = {
    ("accept_invitation", "DELETE"),
    ("search_patients", "GET"),
    ("search_patients", "PATCH"),
}


# Headers that a test sets, and that are no secret.
SHOWN = ("Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID")


def describe(failure, case, response):
    request = response.request
    body = request.body if isinstance(request.body, str) else (request.body or b"")[:600]
    headers = {name: request.headers[name] for name in SHOWN if name in request.headers}
    return (
        f"{str(failure)[:400]}\n    {case.meta.phase.name if case.meta else ''}: "
        f"{request.method} {request.path_url} {headers} {body!r}\n"
        f"    {response.status_code} {(response.content or b'')[:500]!r}"
    )


def object_of(response):
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# Kinds of problems.


class UnlistedProblem(Failure):
    """A problem was answered of a kind that the operation does not list."""

    kind_title = "Unlisted kind of problem"


@schemathesis.check
def listed_problem(ctx, response, case):
    """What an operation can refuse or fail with stands with it."""
    label, kind = case.operation.label, kind_of(response)
    if kind is None or response.request.method != case.operation.method.upper():
        return
    RUN.problems[label].add(kind)
    if kind not in RUN.listed[label]:
        raise UnlistedProblem(operation=label, message=f"{label} answers {kind}")


def kind_of(response):
    """The last part of a problem's type."""
    if not response.headers.get("content-type", [""])[0].startswith("application/problem+json"):
        return None
    return str(object_of(response).get("type")).rsplit("/", 1)[-1]


# Object-level authorization.


def comparable(response):
    """What an answer says, but for which request it answers."""
    body = response.content or b""
    return response.status_code, re.sub(rb'"request_id":"[^"]*"', b"", body), sorted(response.headers)


def replaced(value, ids, by):
    if isinstance(value, str):
        return by[value] if value in ids else value
    if isinstance(value, dict):
        return {key: replaced(item, ids, by) for key, item in value.items()}
    return [replaced(item, ids, by) for item in value] if isinstance(value, list) else value


def without(case, ids, token, is_done):
    """The same request with ids that nobody has in the place of these."""
    by = {one: str(uuid.uuid4()) for one in ids}
    probe = case.derive()
    probe.path_parameters = replaced(probe.path_parameters, ids, by)
    probe.query = replaced(probe.query, ids, by)
    probe.body = replaced(probe.body, ids, by)
    return as_another(probe, token, is_done)


def as_another(probe, token, is_done):
    if token:
        probe.headers["Authorization"] = f"Bearer {token}"
    # It is no repetition of what was done.
    if is_done and "Idempotency-Key" in probe.headers:
        probe.headers["Idempotency-Key"] = str(uuid.uuid4())
    return probe


@schemathesis.check
def object_level(ctx, response, case):
    """Nobody learns of another clinic's object: neither what it says, nor that it is there."""
    sent = RUN.sent.pop(case.id, None)
    if sent is None or not sent.is_ordinary or response.status_code == 429:
        return
    is_done = 200 <= response.status_code < 300
    if sent.foreign and sent.operation == "list_audit_events":
        # What a clinic tried stands in its own log by the id that it tried, whosever that is.
        items = object_of(response).get("items", [])
        told = [event for event in items if event["actor_clinic_id"] != sent.clinic.id]
        assert not told, f"of another clinic's patient is told: {told}"
    elif sent.foreign:
        compare(ctx, case, response, sent.foreign, None, is_done)
    if is_done and sent.own and sent.operation not in PUBLIC and case.auth_identity in RUN.world.clinics:
        ids = {value for value in case.path_parameters.values() if value in RUN.world.private} - RUN.world.shared
        key = (sent.operation, case.auth_identity)
        if ids and RUN.probes[key] < PROBES:
            RUN.probes[key] += 1
            token = RUN.world.partner(sent.clinic).owner.token()
            answer = send_probe(ctx, case, as_another(case.derive(), token, True))
            compare(ctx, case, answer, ids, token, True)


def compare(ctx, case, response, ids, token, is_done):
    """An answer on ids of another clinic is the one that ids get which nobody has."""
    RUN.compared += 1
    control = send_probe(ctx, case, without(case, ids, token, is_done))
    if comparable(response) == comparable(control):
        return
    got, expected = comparable(response), comparable(control)
    raise AssertionError(
        f"another clinic's {', '.join(sorted(ids))} is told apart from an id that nobody has:\n"
        f"  its answer    {got[0]} {got[1][:300]!r} {got[2]}\n"
        f"  nobody's      {expected[0]} {expected[1][:300]!r} {expected[2]}"
    )

"""Who may read which part of which report: the rules of the safeguards and of the contract, written a second time.

Written from the two texts alone, in another language, without the service's code or its SQL, so that a misreading in
one of the three does not stand in the others. `decide` is pure: a world, a principal, a report, a section of it and a
time in; a verdict out.

Reads worlds as JSON lines and answers each with a line:

    {"world": {...}, "pairs": [[principal, report, section, time], ...]}
    {"answers": "rcaa...", "counts": {rule: [times it held, times it did not]}}

`principal` and `report` are places in the world's lists, times are whole microseconds since 1970. The letters: `r`
reads it; `c` it is addressed to the principal, and consent does not cover it; `a` it does not exist for the principal;
`n` the principal is nobody.

`--without RULE` takes a rule as kept whatever the world says, `--never RULE` as broken: the models of the negative
control, each of which must be found out.

What the texts leave open, how it was read at first, and where the service's own documents settled it:

    1. Which category a section is. "Objective measures by themselves" are `outcome_measures`, `history` is `history`,
       what remains is the category of the report's kind; `attachments` and `referral` are no sections. Measures alone were
       first taken to be covered by `outcome_measures` or by the category of the report's own kind. Settled: by the category
       of either kind, as the gate's table says ("one of the four parts of every plan and report").
    2. "Purpose matches": first without regard to case and to blanks around or doubled. Settled: the case and the blanks
       around do not matter, those within do.
    3. "What can't be read is deny": any consent of the patient, ended ones too, since nobody can tell what it says.
       Settled: so it is. Readable is what has the shape of the contract's recipients, each with its name and with what it is
       told by (a guest by the address), and the names of its categories.
    4. When a consent begins that names no beginning: at its signature; one that names a moment before its signature
       begins at the signature, because before that nobody had consented. Settled: so it is.
    5. "Neither clinic suspended": the contract knows no suspended clinic, so no world has one.
    6. "Report kind/date inside c's filter": consents of the contract have no window of record dates.
    7. `two_way` lets the recipient report back; a report belongs to a record of its own clinic, and no record of another
       clinic's is the same patient's to this service, so it opens nothing here. Settled: so it is.
    8. Versions. The own clinic reads the draft and every signed version; a share shows the version that it holds.
    9. Sensitive categories are labels of a whole version: a share of any part of it takes a consent that names them.
   10. "Emergency access" (2.3; 45 CFR 164.312(a)(2)(ii)) is within the own clinic: reason, fresh second factor and notice are
       of its making, and no question here. To whom it was given, it opens one patient's reports as the role would have, drafts
       too, from its start on and before its end, which is after an hour or when it is ended before. It opens nothing that
       another clinic shared: consent alone does.
"""

import json
import re
import sys

KINDS = {"treatment_plan", "progress_report"}
SENSITIVE = {"mental_health", "substance_use", "reproductive_health"}
CATEGORIES = KINDS | SENSITIVE | {"outcome_measures", "history", "attachments", "referral"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")

READS, UNCOVERED, ABSENT, NOBODY = "r", "c", "a", "n"


class Rules:
    """Says of each rule whether it holds, counts both ways, and leaves one out when it is told to."""

    def __init__(self, without=None, never=None):
        self.without, self.never, self.counts = without, never, {}
        for name in RULES:
            self.counts[name] = [0, 0]
        if not {without, never} - {None} <= set(RULES):
            raise SystemExit("no such rule")

    def holds(self, name, truth):
        self.counts[name][0 if truth else 1] += 1
        return name == self.without or (bool(truth) and name != self.never)


# Every rule, and where it is written.
RULES = {
    "member_is_active": "SAFEGUARDS 3.4: principal active; CONTRACT 2",
    "emergency_access_is_this_members": "SAFEGUARDS 2.3: break-glass; CONTRACT 2: who signed in",
    "emergency_access_is_to_this_patient": "SAFEGUARDS 2.3: break-glass is for one patient",
    "emergency_access_has_begun": "SAFEGUARDS 2.3: 60 minutes, from its start on",
    "emergency_access_has_not_run_out": "SAFEGUARDS 2.3: 60 minutes",
    "emergency_access_was_not_ended": "SAFEGUARDS 2.3: it can be ended before",
    "role_reads_content": "SAFEGUARDS 3.4: the role grants the section; CONTRACT 2: owner and practitioner",
    "report_is_of_own_clinic": "SAFEGUARDS 3.4: same clinic; CONTRACT 3: a record belongs to one clinic",
    "own_report_has_section": "CONTRACT 3: what a report does not say can't be read of it",
    "share_is_of_this_report": "CONTRACT 3: a share holds one signed version of one report",
    "share_is_to_this_clinic": "SAFEGUARDS 3.4: c.recipient = principal.clinic",
    "share_to_a_practitioner_is_for_that_one": "CONTRACT 3: recipient {practitioner_id} | {clinic_id}",
    "share_stands": "SAFEGUARDS 3.4: share not withdrawn by the owning clinic",
    "share_has_section": "CONTRACT 3: cut to its sections",
    "shared_version_has_section": "CONTRACT 3: a share holds one signed version",
    "every_consent_can_be_read": "CONTRACT 3: what can't be read is deny",
    "consent_is_of_the_patient": "SAFEGUARDS 3.4: c.patient = report.patient",
    "consent_is_signed_and_not_ended": "CONTRACT 3: active only by signature; revoked, superseded, declined are final",
    "consent_has_begun": "SAFEGUARDS 3.4: starts <= T",
    "consent_has_not_ended": "SAFEGUARDS 3.4: T < ends",
    "consent_names_clinic": "CONTRACT 3: a clinic covers its practitioners",
    "consent_names_practitioner": "CONTRACT 3: a practitioner covers only that one",
    "purpose_matches": "SAFEGUARDS 3.4: purpose matches",
    "kind_is_covered": "SAFEGUARDS 3.4: section in c.sections, report kind inside c's filter",
    "measures_alone_are_covered": "CONTRACT 3: outcome_measures",
    "history_is_covered": "CONTRACT 3: history",
    "sensitive_is_named": "CONTRACT 3: the sensitive ones that no other implies",
}


class World:
    """A world with the look-ups that every decision repeats."""

    def __init__(self, raw):
        self.principals = raw["principals"]
        self.reports = raw["reports"]
        self.members = {member["id"]: member for member in raw["members"]}
        self.shares = raw["shares"]
        self.consents = raw["consents"]
        self.emergencies = raw.get("emergencies", [])


def decide(world, principal, report, section, t, rules):
    """The verdict on one section of one report for one principal at one time."""
    member = world.members.get(principal["member"])
    if member is None or not rules.holds("member_is_active", member["state"] == "active"):
        return NOBODY
    treats = rules.holds("role_reads_content", member["role"] in ("owner", "practitioner"))
    if rules.holds("report_is_of_own_clinic", report["clinic"] == member["clinic"]):
        held = [] if report["draft"] is None else report["draft"]
        held = held + [name for version in report["versions"] for name in version["sections"]]
        if treats or any(opens(access, member, report, t, rules) for access in world.emergencies):
            if rules.holds("own_report_has_section", section in held):
                return READS
    if not treats:
        return ABSENT
    verdict = ABSENT
    for share in world.shares:
        if not rules.holds("share_is_of_this_report", share["report"] == report["id"]):
            continue
        if not rules.holds("share_is_to_this_clinic", share["recipient_clinic"] == member["clinic"]):
            continue
        alone = share["recipient_practitioner"]
        if alone is not None and not rules.holds("share_to_a_practitioner_is_for_that_one", alone == member["id"]):
            continue
        verdict = UNCOVERED
        if share_shows(world, share, report, section, t, rules):
            return READS
    return verdict


def opens(access, member, report, t, rules):
    """Whether this emergency access lets this member read this report of the own clinic at this time."""
    return (
        rules.holds("emergency_access_is_this_members", access["member"] == member["id"])
        and rules.holds("emergency_access_is_to_this_patient", access["patient"] == report["patient"])
        and rules.holds("emergency_access_has_begun", access["started_at"] <= t)
        and rules.holds("emergency_access_has_not_run_out", t < access["ends_at"])
        and rules.holds("emergency_access_was_not_ended", access["ended_at"] is None or t < access["ended_at"])
    )


def share_shows(world, share, report, section, t, rules):
    """Whether this share, to its recipient, shows this section at this time."""
    if not rules.holds("share_stands", share["state"] != "withdrawn"):
        return False
    if not rules.holds("share_has_section", section in share["sections"]):
        return False
    version = next((each for each in report["versions"] if each["number"] == share["version"]), None)
    if version is None or not rules.holds("shared_version_has_section", section in version["sections"]):
        return False
    of_patient = [
        consent
        for consent in world.consents
        if consent["clinic"] == report["clinic"]
        and rules.holds("consent_is_of_the_patient", consent["patient"] == report["patient"])
    ]
    if not rules.holds("every_consent_can_be_read", all(can_be_read(consent) for consent in of_patient)):
        return False
    return any(carries(consent, share, report, version, t, rules) for consent in of_patient)


def carries(consent, share, report, version, t, rules):
    """Whether this one consent covers the share whole: its state, time, recipient, purpose and every category of it."""
    return (
        rules.holds("consent_is_signed_and_not_ended", consent["state"] == "active" and consent["signed_at"] is not None)
        and rules.holds("consent_has_begun", begins(consent) <= t)
        and rules.holds("consent_has_not_ended", t < consent["expires_at"])
        and names(consent, share, rules)
        and rules.holds("purpose_matches", plain(consent["purpose"]) == plain(share["purpose"]))
        and covers(set(consent["categories"]), share, report, version, rules)
    )


def begins(consent):
    """From when a consent counts: never before its signature."""
    signed = consent["signed_at"]
    if signed is None:
        return float("inf")
    return signed if consent["starts_at"] is None else max(signed, consent["starts_at"])


def names(consent, share, rules):
    """Whether the patient named the share's recipient."""
    recipients = [each for each in consent["recipients"] if is_recipient(each)]
    clinics = [each["clinic_id"] for each in recipients if each["kind"] == "clinic"]
    if rules.holds("consent_names_clinic", share["recipient_clinic"] in clinics):
        return True
    alone = share["recipient_practitioner"]
    people = [each["practitioner_id"] for each in recipients if each["kind"] == "practitioner"]
    return alone is not None and rules.holds("consent_names_practitioner", alone in people)


def covers(granted, share, report, version, rules):
    """Whether the categories reach over all that the share shows."""
    shown = set(share["sections"])
    rest = shown - {"history", "measures"}
    kind = report["kind"] in granted
    if rest and not rules.holds("kind_is_covered", kind):
        return False
    if "measures" in shown and not rest:
        if not rules.holds("measures_alone_are_covered", granted & (KINDS | {"outcome_measures"})):
            return False
    if "history" in shown and not rules.holds("history_is_covered", "history" in granted):
        return False
    sensitive = set(version["sensitive"])
    return not sensitive or rules.holds("sensitive_is_named", sensitive <= granted)


def can_be_read(consent):
    """Whether everything that the consent says is of the words that the contract knows."""
    recipients, categories = consent["recipients"], consent["categories"]
    return (
        isinstance(recipients, list)
        and all(is_recipient(each) for each in recipients)
        and all(name in CATEGORIES for name in categories)
    )


def is_recipient(each):
    """A clinic, a practitioner with the clinic it works in, or somebody without an account; each with a name."""
    if not isinstance(each, dict) or not isinstance(each.get("name"), str):
        return False
    clinic, practitioner, email = each.get("clinic_id"), each.get("practitioner_id"), each.get("email")
    if not all(value is None or is_id(value) for value in (clinic, practitioner)):
        return False
    if email is not None and not isinstance(email, str):
        return False
    needed = {"clinic": [clinic], "practitioner": [clinic, practitioner], "guest": [email]}.get(each.get("kind"))
    return needed is not None and None not in needed


def is_id(value):
    return isinstance(value, str) and UUID.match(value.lower()) is not None


def plain(purpose):
    """A purpose without what does not change its meaning."""
    return purpose.strip().lower()


def main(arguments):
    options = dict(zip(arguments[::2], arguments[1::2]))
    rules = Rules(options.pop("--without", None), options.pop("--never", None))
    if options:
        raise SystemExit(f"unknown: {' '.join(options)}")
    for line in sys.stdin:
        task = json.loads(line)
        world = World(task["world"])
        answers = "".join(
            decide(world, world.principals[principal], world.reports[report], section, t, rules)
            for principal, report, section, t in task["pairs"]
        )
        print(json.dumps({"answers": answers, "counts": rules.counts}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Asks the running service for what its document says: each operation, with requests that are right and requests that
are wrong, by two clinics that must not see each other's records."""

import argparse
import contextlib
import io
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from schemathesis.cli import schemathesis

import hooks
from letters import Mailbox
from world import World

HERE = Path(__file__).resolve().parent


# What a failure counts as, where it is no violation of what the document says.
KINDS = {
    "ServerError": "server errors",
    "ContentTypeServerError": "server errors",
    "ObjectLevelAuthorizationViolation": "object-level findings",
    "CustomFailure": "object-level findings",
    "IgnoredAuth": "object-level findings",
}


class Sink(BaseHTTPRequestHandler):
    """An address that wants to be told: it echoes challenges, and takes what comes."""

    def do_POST(self):
        told = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


def sink(address):
    host, port = address.rsplit(":", 1)
    server = ThreadingHTTPServer((host, int(port)), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{host}:{server.server_port}/told"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="where the service is reached")
    parser.add_argument("--mail", required=True, help="the folder of its mail")
    parser.add_argument("--sink", required=True, help="host:port of --outbound-origins, where webhooks may be told")
    parser.add_argument("--examples", type=int, default=5, help="cases of an operation where cases are drawn")
    parser.add_argument("--rounds", type=int, default=10, help="rounds of scenarios, after everything was done once")
    parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same cases")
    parser.add_argument("--at-least", type=int, default=0, help="how many cases there have to be")
    parser.add_argument("more", nargs="*", help="after --: more for `schemathesis run`")
    return parser.parse_args()


def run(given, seed, *more):
    """Runs the tests, and gives how they ended and what they report."""
    report = Path("report.json")
    command = [
        "--config-file", str(HERE / "schemathesis.toml"), "run", f"{given.url}/openapi.json", "--url", given.url,
        "--checks", "all", "--max-examples", str(given.examples), "--seed", str(seed),
        "--report", "json", "--report-json-path", str(report), *more,
    ]  # fmt: skip
    try:
        schemathesis.main(args=command, prog_name="schemathesis", standalone_mode=False)
        status = 0
    except SystemExit as end:
        status = end.code
    return status, json.loads(report.read_text())["errors"]


# A link is renewed when it is a minute old, and a turn comes by chance: a quick run may miss a few.
MAY_BE_MISSED = 5


def run_all(given, tests):
    """Everything once, and then scenarios, round by round: each ends early, and each goes other ways."""
    status, errors = run(given, given.seed, *given.more)
    for number in range(1, 1 + (0 if given.more else given.rounds)):
        before, told = tests.cases(), io.StringIO()
        with contextlib.redirect_stdout(told):
            ended, failed = run(given, given.seed + number, "--phases", "stateful")
        print(f"round {number}: {tests.cases() - before} cases of scenarios", flush=True)
        if ended:
            print(told.getvalue())
        status, errors = status or ended, errors + failed
    return status, errors


def main():
    given = arguments()
    print(f"seed {given.seed}", flush=True)
    document = requests.get(f"{given.url}/openapi.json", timeout=30).json()
    world = World(given.url, Mailbox(given.mail), sink(given.sink))
    world.settle()
    tests = hooks.Run(world, document, given.seed)
    hooks.install(tests)
    start = time.monotonic()
    # What the tests keep for themselves goes with the folder.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        status, errors = run_all(given, tests)
    return conclude(given, tests, status, errors, time.monotonic() - start)


def conclude(given, tests, status, errors, seconds):
    found = {"server errors": 0, "schema violations": 0, "object-level findings": 0}
    print()
    for (operation, name, codes), told in sorted(tests.failures.items()):
        kind = KINDS.get(name, "schema violations")
        found[kind] += 1
        print(f"{kind.removesuffix('s')}, {len(told)} times: {operation} {name} {codes}\n    {told[0]}")
    for error in errors:
        print(f"error, {error['count']} times: {error['title']}")
    unreached = sorted(
        operation["operationId"]
        for operation in tests.operations.values()
        if not tests.is_granted(operation["operationId"])
    )
    if unreached:
        print(f"never granted: {', '.join(unreached)}")
    statuses, cases = sum(tests.answers.values(), Counter()), tests.cases()
    print(f"answers by status: {dict(sorted(statuses.items()))}")
    listed, answered = (sum(map(len, kinds.values())) for kinds in (tests.listed, tests.problems))
    print(f"kinds of problems, by operation: {listed} listed, {answered} of them answered")
    print(f"well formed, and refused by rules beyond the schema: {dict(tests.set_aside.most_common())}")
    print(f"with ids of another clinic, compared with ids that nobody has: {tests.compared}")
    counts = ", ".join(f"{count} {kind}" for kind, count in found.items())
    print(f"{cases} cases in {seconds:.0f} s, {cases / seconds:.0f} a second: {counts}, {len(errors)} errors")
    if cases < given.at_least:
        print(f"that is fewer than the {given.at_least} that are asked for")
        return 1
    if len(unreached) > MAY_BE_MISSED:
        print(f"more than {MAY_BE_MISSED} were never granted: the setting does not let them be asked in earnest")
        return 1
    return 1 if status or errors or any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

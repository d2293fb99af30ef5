"""Whether clients in the field go on working: what the released document promises them has to be promised by the new one.

A document is read as promises. Some may only grow, such as what a request may carry, some only shrink, such as what it must carry.
What is sent and what is answered are read apart, because a change that helps the one side breaks the other. A webhook is the
service's own request: its body is an answer. Answers are for tolerant readers: there a new field or value breaks nothing.

    breaking.py [RELEASED [NEW]]
"""

import json
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
DECLARED = HERE / "breaking.toml"
ATMOST = ("maxLength", "maxItems", "maximum")
ATLEAST = ("minLength", "minItems", "minimum")
HELP = f"""
Clients that are in use break on that. Add to it instead, or, where it has to be, declare each line in {DECLARED.name}:
    "the line" = "the reason, and what those clients are to do"
With a release the document's version is raised (in api/src/openapi.rs), and what clients know is then:
    cp openapi/openapi.json openapi/released.json"""


class Promises:
    def __init__(self, document):
        self.document, self.grow, self.shrink = document, {}, {}
        for kind, paths in (("operations", document["paths"]), ("webhooks", document.get("webhooks", {}))):
            found = {f"{method.upper()} {path}": each for path, item in paths.items() for method, each in item.items()}
            self.grow["the service", kind] = set(found)
            for place, operation in found.items():
                self.operation(place, operation, sent=kind == "operations")

    def target(self, node):
        while "$ref" in node:
            name, part = node["$ref"].split("/")[:1:-1]
            node = self.document["components"][part][name]
        return node

    def members(self, place, what, names, required, sent):
        self.grow[place, what] = set(names)
        (self.shrink if sent else self.grow)[place, f"required {what}"] = set(required) & set(names)

    def operation(self, place, operation, sent):
        self.grow[place, "operationId"] = {operation["operationId"]}
        security = operation.get("security", self.document.get("security")) or [{}]
        self.grow[place, "ways to sign in"] = {"+".join(sorted(way)) or "none" for way in security}
        parameters = {f"{each['in']} {each['name']}": each for each in map(self.target, operation.get("parameters", []))}
        required = (name for name, each in parameters.items() if each.get("required"))
        self.members(place, "parameters", parameters, required, sent)
        for name, each in parameters.items():
            self.schema(f"{place} {name}", each["schema"], sent)
        body = self.target(operation.get("requestBody", {}))
        self.grow[place, "bodies"] = set(body.get("content", {}))
        (self.shrink if sent else self.grow)[place, "required"] = {"a body"} if body.get("required") else set()
        self.content(place, body, sent)
        self.grow[place, "answers"] = set(operation["responses"])
        for status, answer in operation["responses"].items():
            answer = self.target(answer)
            self.grow[f"{place} {status}", "headers"] = set(answer.get("headers", {}))
            self.grow[f"{place} {status}", "bodies"] = set(answer.get("content", {}))
            self.content(f"{place} {status}", answer, not sent)

    def content(self, place, body, sent):
        for media, each in body.get("content", {}).items():
            self.schema(f"{place} {media}", each.get("schema", {}), sent)

    def kinds(self, node):
        if "$ref" in node:
            return {node["$ref"].rsplit("/", 1)[1]}
        if "oneOf" in node:
            return set().union(*map(self.kinds, node["oneOf"]))
        kinds = node.get("type", "anything")
        kinds = {kinds} if isinstance(kinds, str) else set(kinds)
        return {kind if kind == "null" or "format" not in node else f"{kind} {node['format']}" for kind in kinds}

    def schema(self, place, node, sent):
        """What a schema says where it stands; one that has a name says it once for each direction."""
        if unknown := {"allOf", "anyOf", "const", "not", "patternProperties"} & set(node):
            raise SystemExit(f"{place}: {', '.join(unknown)}, which breaking.py doesn't read yet")
        types = self.grow if sent else self.shrink
        types[place, "types"] = self.kinds(node)
        for each in [node, *node.get("oneOf", [])]:
            if "$ref" in each:
                name = f"{each['$ref'].rsplit('/', 1)[1]} as it is {'sent' if sent else 'answered'}"
                if (name, "types") not in types:
                    self.schema(name, self.target(each), sent)
        if "enum" in node:
            self.grow[place, "values"] = set(map(str, node["enum"]))
        if sent:
            rules = {"pattern": f"pattern {node.get('pattern')}", "enum": "a list of values"}
            closed = {"no further fields"} if node.get("additionalProperties") is False else set()
            self.shrink[place, "rules"] = closed | {rule for key, rule in rules.items() if key in node}
            for key in ATMOST:
                self.grow[place, key] = node.get(key, float("inf"))
            for key in ATLEAST:
                self.shrink[place, key] = node.get(key, float("-inf"))
        self.members(place, "fields", node.get("properties", {}), node.get("required", ()), sent)
        for name, each in node.get("properties", {}).items():
            self.schema(f"{place}, {name}", each, sent)
        for key in ("items", "additionalProperties"):
            if isinstance(node.get(key), dict):
                self.schema(f"{place}, each", node[key], sent)


def broken(released, new):
    """A line for each promise that isn't kept. What stood at a place that is gone is told by the place above it."""
    released, new = Promises(released), Promises(new)
    for (place, what), then in released.grow.items():
        if not (now := new.grow.get((place, what), then)) >= then:
            yield f"{place}: {what} {changed('lost', then, now)}"
    for (place, what), then in released.shrink.items():
        if not (now := new.shrink.get((place, what), then)) <= then:
            yield f"{place}: {what} {changed('gained', now, then)}"


def changed(how, more, less):
    if isinstance(more, set):
        return f"{how} {', '.join(sorted(more - less))}"
    return f"went from {more} to {less}" if how == "lost" else f"went from {less} to {more}"


def main(released=HERE / "released.json", new=HERE / "openapi.json"):
    found = set(broken(*(json.loads(Path(each).read_text()) for each in (released, new))))
    declared = tomllib.loads(DECLARED.read_text())
    undeclared = sorted(found - set(declared))
    idle = sorted(set(declared) - found) + sorted(line for line, why in declared.items() if not str(why).strip())
    if undeclared:
        print("The document breaks what openapi/released.json promises:", *undeclared, HELP, sep="\n")
    if idle:
        print(f"{DECLARED.name} declares what is not broken, or without a reason; take it out:", *idle, sep="\n")
    return bool(undeclared or idle)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

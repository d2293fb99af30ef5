"""What breaking.py takes for broken, and what it doesn't: a change of a small document each."""

import copy
import unittest

from breaking import broken

TEXT = {"type": "string", "minLength": 1, "maxLength": 9}
THING = {"type": "object", "required": ["id"], "properties": {"id": TEXT, "kind": {"type": "string", "enum": ["a", "b"]},
         "on": {"type": ["string", "null"], "format": "date"}, "many": {"type": "array", "items": {"type": "integer"}}}}  # fmt: skip
BODY = {"content": {"application/json": {"schema": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Thing"}]}}}}
PUT = {"operationId": "put_thing", "parameters": [{"in": "query", "name": "q", "schema": {"type": "integer"}}],
       "requestBody": BODY, "responses": {"200": {**BODY, "headers": {"ETag": {}}}}}  # fmt: skip
DOCUMENT = {"paths": {"/things": {"put": PUT, "get": PUT}}, "webhooks": {"told": {"post": PUT}},
            "components": {"schemas": {"Thing": THING}}}  # fmt: skip
PATH, FIELDS = ("paths", "/things"), ("components", "schemas", "Thing", "properties")

BREAKS = [
    ("the service: operations lost PUT /things", (*PATH, "put"), None),
    ("the service: webhooks lost POST told", ("webhooks", "told"), None),
    ("PUT /things: operationId lost put_thing", (*PATH, "put", "operationId"), "set_thing"),
    ("PUT /things: ways to sign in lost none", (*PATH, "put", "security"), [{"bearer": []}]),
    ("PUT /things: answers lost 200", (*PATH, "put", "responses"), {"204": {}}),
    ("PUT /things 200: headers lost ETag", (*PATH, "put", "responses", "200", "headers"), None),
    ("PUT /things: bodies lost application/json", (*PATH, "put", "requestBody", "content"), {}),
    ("PUT /things: required gained a body", (*PATH, "put", "requestBody", "required"), True),
    ("PUT /things: parameters lost query q", (*PATH, "put", "parameters"), None),
    ("PUT /things: required parameters gained query q", (*PATH, "put", "parameters", 0, "required"), True),
    ("PUT /things query q: types lost integer", (*PATH, "put", "parameters", 0, "schema", "type"), "string"),
    ("PUT /things query q: maximum went from inf to 5", (*PATH, "put", "parameters", 0, "schema", "maximum"), 5),
    ("Thing as it is answered: fields lost on", (*FIELDS, "on"), None),
    ("Thing as it is sent: required fields gained id2", FIELDS[:3] + ("required",), ["id", "id2"]),
    ("Thing as it is answered: required fields lost id", FIELDS[:3] + ("required",), []),
    ("Thing as it is sent: rules gained no further fields", FIELDS[:3] + ("additionalProperties",), False),
    ("Thing as it is sent, id: maxLength went from 9 to 8", (*FIELDS, "id", "maxLength"), 8),
    ("Thing as it is sent, id: minLength went from 1 to 2", (*FIELDS, "id", "minLength"), 2),
    ("Thing as it is sent, id: rules gained pattern ^a", (*FIELDS, "id", "pattern"), "^a"),
    ("Thing as it is sent, id: rules gained a list of values", (*FIELDS, "id", "enum"), ["a"]),
    ("Thing as it is sent, kind: values lost b", (*FIELDS, "kind", "enum"), ["a", "c"]),
    ("Thing as it is sent, on: types lost null", (*FIELDS, "on", "type"), "string"),
    ("Thing as it is answered, id: types gained null", (*FIELDS, "id", "type"), ["string", "null"]),
    ("Thing as it is sent, on: types lost string date", (*FIELDS, "on", "format"), "date-time"),
    ("Thing as it is sent, many, each: types lost integer", (*FIELDS, "many", "items", "type"), "string"),
]
HARMLESS = [
    ((*PATH, "post"), {**PUT, "operationId": "post_thing"}),
    ((*PATH, "put", "responses", "418"), {"description": "A teapot."}),
    ((*PATH, "put", "requestBody", "content", "application/xml"), {}),
    ((*PATH, "put", "parameters", 1), {"in": "query", "name": "r", "schema": {"type": "integer"}}),
    ((*FIELDS, "new"), {"type": "string", "maxLength": 5}),
    ((*FIELDS, "kind", "enum"), ["a", "b", "c"]),
    ((*FIELDS, "id", "maxLength"), 10),
    ((*FIELDS, "id", "minLength"), None),
    ((*FIELDS, "id", "description"), "What it is called by."),
]


def changed(path, value):
    document = copy.deepcopy(DOCUMENT)
    node = document
    for key in path[:-1]:
        node = node[key]
    if isinstance(node, list):
        node.insert(path[-1], value)
    elif value is None:
        del node[path[-1]]
    else:
        if path[-1] == "required" and isinstance(value, list):
            node["properties"] |= {name: {} for name in value if name not in node["properties"]}
        node[path[-1]] = value
    return document


class Breaking(unittest.TestCase):
    def test_what_breaks_is_told(self):
        for line, path, value in BREAKS:
            with self.subTest(line):
                self.assertIn(line, list(broken(DOCUMENT, changed(path, value))))

    def test_what_is_added_or_allowed_is_not(self):
        for path, value in HARMLESS:
            with self.subTest(path):
                self.assertEqual([], list(broken(DOCUMENT, changed(path, value))))

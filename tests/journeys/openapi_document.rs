//! The document: current, whole, true of what is served, and called by the SDK.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails loudly"
)]

use rapport_tests::World;
use reqwest::{
    Method,
    header::{ALLOW, HeaderMap},
};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, fs, path::Path};

/// What RFC 6749, 3.2 makes pass over parameters that it does not know.
const FORMS_OF_OAUTH: &[&str] = &["RevocationRequest", "TokenRequest"];

fn document() -> Value {
    rapport_api::openapi::document().unwrap()
}

/// `(method, path, operation)` of each.
fn operations(document: &Value) -> Vec<(String, String, &Map<String, Value>)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push((method.to_uppercase(), path.clone(), operation.as_object().unwrap()));
        }
    }
    operations
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// What stands at a `$ref`, or the value itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> Option<&'d Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(to) => document.pointer(to.strip_prefix('#')?),
        None => Some(value),
    }
}

fn every<'v>(value: &'v Value, visit: &mut impl FnMut(&'v Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            visit(members);
            members.values().for_each(|member| every(member, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| every(item, visit)),
        _ => {}
    }
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_committed_document_is_what_the_service_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let committed: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert!(
        committed == document(),
        "cargo run -- openapi > openapi/openapi.json, and review the change as one of the API"
    );
}

#[test]
fn every_operation_says_what_it_is_and_what_it_answers() {
    let document = document();
    let tags: Vec<&str> = document["tags"].as_array().unwrap().iter().map(|tag| text(tag, "name")).collect();
    let mut faults = Vec::new();
    for tag in document["tags"].as_array().unwrap() {
        if text(tag, "description").is_empty() {
            faults.push(format!("the tag {} has no description", text(tag, "name")));
        }
    }
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let mut fault = |what: String| faults.push(format!("{method} {path}: {what}"));
        let operation = &Value::Object(operation.clone());
        let id = text(operation, "operationId");
        let is_verb_noun = id.contains('_') && id.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if !is_verb_noun || id.starts_with('_') || id.ends_with('_') || id.contains("__") {
            fault(format!("{id} is no verb_noun"));
        }
        if !ids.insert(id.to_owned()) {
            fault(format!("{id} is taken"));
        }
        if text(operation, "summary").is_empty() {
            fault("no summary".to_owned());
        }
        match operation["tags"].as_array().map(Vec::as_slice) {
            Some([tag]) if tags.contains(&tag.as_str().unwrap()) => {}
            other => fault(format!("one tag that is described, not {other:?}")),
        }
        if !operation["security"].is_array() {
            fault("it does not say who may call".to_owned());
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let mut names = BTreeSet::new();
        for parameter in &parameters {
            let name = text(parameter, "name");
            if text(parameter, "description").is_empty() || !parameter["schema"].is_object() {
                fault(format!("the parameter {name} has no description or schema"));
            }
            if !names.insert((text(parameter, "in"), name)) {
                fault(format!("the parameter {name} stands there twice"));
            }
        }
        let in_path: BTreeSet<&str> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let described = names.iter().filter(|(place, _)| *place == "path").map(|(_, name)| *name).collect();
        if in_path != described {
            fault(format!("its path has {in_path:?}, described are {described:?}"));
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let Some(response) = resolved(&document, response) else { continue };
            if text(response, "description").is_empty() {
                fault(format!("{status} has no description"));
            }
            let is_error = status.starts_with(['4', '5']);
            let has_problem = response["content"]["application/problem+json"].is_object();
            if is_error != has_problem {
                fault(format!("{status} is {} problem", if is_error { "no" } else { "a" }));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_referred_to() {
    let document = document();
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    every(&document, &mut |members| {
        if let Some(to) = members.get("$ref").and_then(Value::as_str) {
            used.insert(to.to_owned());
            if to.strip_prefix('#').and_then(|to| document.pointer(to)).is_none() {
                faults.push(format!("{to} leads nowhere"));
            }
        }
    });
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        if !used.contains(&format!("#/components/schemas/{name}")) {
            faults.push(format!("nothing uses the schema {name}"));
        }
    }
    assert_none(&faults);
}

/// The schemas that a request can hold, by name.
fn of_requests(document: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open: Vec<&Value> = Vec::new();
    for (_, _, operation) in operations(document) {
        open.extend(operation.get("requestBody"));
    }
    while let Some(value) = open.pop() {
        every(value, &mut |members| {
            let to = members.get("$ref").and_then(Value::as_str).unwrap_or_default();
            if let Some(name) = to.strip_prefix("#/components/schemas/").filter(|name| !names.contains(*name)) {
                names.insert(name.to_owned());
                open.push(&document["components"]["schemas"][name]);
            }
        });
    }
    names
}

#[test]
fn a_request_takes_no_field_that_is_not_described_and_never_names_its_own_clinic() {
    let document = document();
    let mut faults = Vec::new();
    let names = of_requests(&document);
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let schema = &document["components"]["schemas"][&name];
        every(schema, &mut |members| {
            let Some(properties) = members.get("properties").and_then(Value::as_object) else { return };
            let is_strict = members.get("additionalProperties") == Some(&Value::Bool(false));
            if !is_strict && !FORMS_OF_OAUTH.contains(&name.as_str()) {
                faults.push(format!("{name} takes fields that are not described"));
            }
            for (property, _) in properties {
                let is_tenant = property.contains("tenant") || property.contains("clinic_id");
                if is_tenant && name != "RecipientChoice" {
                    faults.push(format!("{name} names a clinic: {property}"));
                }
            }
        });
    }
    assert_none(&faults);
}

#[test]
fn the_document_is_written_in_the_style_of_3_1() {
    let document = document();
    assert!(text(&document, "openapi").starts_with("3.1"), "{}", document["openapi"]);
    let mut faults = Vec::new();
    every(&document, &mut |members| {
        for old in ["nullable", "prefixItems"] {
            // As a keyword, not as the name of a property.
            if members.get(old).is_some_and(|value| !value.is_object()) {
                faults.push(format!("{old} in {members:?}"));
            }
        }
        if members.get("exclusiveMinimum").is_some_and(Value::is_boolean) {
            faults.push(format!("a boolean exclusiveMinimum in {members:?}"));
        }
    });
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if text(schema, "description").is_empty() {
            faults.push(format!("{name} has no description"));
        }
        for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
            // Of one that may be null it stands beside the reference.
            let of_branch = schema["oneOf"].as_array().into_iter().flatten().any(|one| one["description"].is_string());
            if text(schema, "description").is_empty() && !of_branch {
                faults.push(format!("{name}.{property} has no description"));
            }
        }
    }
    assert_none(&faults);
}

/// What of a value breaks a schema, as a sentence for each. A keyword that this does not know is a fault of its own: a
/// check that looks away is none.
struct Judge<'d> {
    document: &'d Value,
    faults: Vec<String>,
}

impl Judge<'_> {
    fn value(&mut self, at: &str, schema: &Value, value: &Value) {
        let Some(rules) = schema.as_object() else { return };
        for (keyword, rule) in rules {
            if let Some(broken) = self.rule(at, rules, keyword, rule, value) {
                self.faults.push(format!("{at}: {broken}"));
            }
        }
    }

    /// The rule that is broken, if this one is.
    fn rule(
        &mut self,
        at: &str,
        rules: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
    ) -> Option<String> {
        let length = value.as_str().map(|text| text.chars().count() as u64);
        let count = value.as_array().map(|items| items.len() as u64);
        let is_kept = match keyword {
            "description" | "example" | "default" | "contentEncoding" | "title" => true,
            "$ref" => match resolved(self.document, &Value::Object(rules.clone())).cloned() {
                Some(schema) => {
                    self.value(at, &schema, value);
                    true
                }
                None => false,
            },
            "type" => match rule {
                Value::Array(types) => types.iter().any(|name| is_of_type(name, value)),
                name => is_of_type(name, value),
            },
            "enum" => rule.as_array().is_some_and(|values| values.contains(value)),
            "oneOf" => {
                let fits = |schema: &&Value| {
                    let mut judge = Judge { document: self.document, faults: Vec::new() };
                    judge.value(at, schema, value);
                    judge.faults.is_empty()
                };
                rule.as_array().is_some_and(|schemas| schemas.iter().filter(fits).count() == 1)
            }
            "properties" => {
                for (name, schema) in rule.as_object().into_iter().flatten() {
                    if let Some(value) = value.get(name) {
                        self.value(&format!("{at}/{name}"), schema, value);
                    }
                }
                true
            }
            "required" => rule.as_array().into_iter().flatten().all(|name| value.get(name.as_str().unwrap()).is_some()),
            "additionalProperties" => {
                assert_eq!(rule, &Value::Bool(false), "{at}");
                let known = rules.get("properties").and_then(Value::as_object);
                value.as_object().is_none_or(|members| {
                    members.keys().all(|name| known.is_some_and(|known| known.contains_key(name)))
                })
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.value(&format!("{at}/{index}"), rule, item);
                }
                true
            }
            "minLength" => length.is_none_or(|length| length >= rule.as_u64().unwrap()),
            "maxLength" => length.is_none_or(|length| length <= rule.as_u64().unwrap()),
            "minItems" => count.is_none_or(|count| count >= rule.as_u64().unwrap()),
            "maxItems" => count.is_none_or(|count| count <= rule.as_u64().unwrap()),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "pattern" => value.as_str().is_none_or(|text| fits_pattern(rule.as_str().unwrap(), text)),
            "format" => value.as_str().is_none_or(|text| fits_format(rule.as_str().unwrap(), text)),
            _ => return Some(format!("the check does not know {keyword}")),
        };
        (!is_kept).then(|| format!("{value} against {keyword}: {rule}"))
    }
}

fn is_of_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("no such type: {other}"),
    }
}

fn fits_format(format: &str, text: &str) -> bool {
    match format {
        "uuid" => text.parse::<uuid::Uuid>().is_ok(),
        "date" => text.parse::<chrono::NaiveDate>().is_ok(),
        "date-time" => text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        "email" => text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.')),
        "uri" => text.parse::<reqwest::Url>().is_ok(),
        "password" => true,
        other => panic!("no such format: {other}"),
    }
}

fn fits_pattern(pattern: &str, text: &str) -> bool {
    regex::Regex::new(pattern).expect(pattern).is_match(text)
}

#[test]
fn every_example_keeps_its_schema_and_every_request_and_answer_has_one() {
    let document = document();
    let mut judge = Judge { document: &document, faults: Vec::new() };
    let mut count = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        if let Some(example) = schema.get("example") {
            judge.value(name, schema, example);
            count += 1;
        }
    }
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let content = operation.get("requestBody").and_then(|body| body["content"].as_object());
        let body = content.and_then(|content| content.values().next()).map(|content| &content["schema"]);
        let has_example = |schema| resolved(&document, schema).is_some_and(|schema| schema.get("example").is_some());
        if body.is_some_and(|schema| !has_example(schema)) {
            judge.faults.push(format!("{at} has a body without an example"));
        }
        for response in operation["responses"].as_object().unwrap().values() {
            let response = resolved(&document, response).unwrap();
            for content in response["content"].as_object().into_iter().flat_map(Map::values) {
                let examples = content["examples"].as_object().into_iter().flat_map(Map::values);
                let is_file = content["schema"]["type"] == "string";
                if content.get("example").is_none() && content.get("examples").is_none() && !is_file {
                    judge.faults.push(format!("{at} has an answer without an example"));
                }
                let examples = examples.filter_map(|example| resolved(&document, example));
                for example in examples.map(|example| &example["value"]).chain(content.get("example")) {
                    judge.value(&at, &content["schema"], example);
                    count += 1;
                }
            }
        }
    }
    for (name, item) in document["webhooks"].as_object().unwrap() {
        let operation = &item["post"];
        for body in [&operation["requestBody"], &operation["responses"]["200"]] {
            if let Some(content) = body.pointer("/content/application~1json") {
                judge.value(name, &content["schema"], &content["example"]);
                count += 1;
            }
        }
    }
    assert_none(&judge.faults);
    assert!(count > 200, "{count} examples");
}

#[test]
fn the_check_of_examples_finds_what_is_wrong() {
    let document = document();
    let schema = &document["components"]["schemas"]["NewPatient"];
    let right = schema["example"].clone();
    for (name, wrong) in [
        ("birth_date", serde_json::json!("17.4.1953")),
        ("email", serde_json::json!(5)),
        ("given_name", serde_json::json!("")),
        ("clinic_id", serde_json::json!("x")),
    ] {
        let mut example = right.clone();
        example[name] = wrong;
        let mut judge = Judge { document: &document, faults: Vec::new() };
        judge.value("", schema, &example);
        assert!(!judge.faults.is_empty(), "{name}");
    }
    let mut lacking = right;
    lacking.as_object_mut().unwrap().remove("family_name");
    let mut judge = Judge { document: &document, faults: Vec::new() };
    judge.value("", schema, &lacking);
    assert!(!judge.faults.is_empty());
    assert!(fits_pattern("^[12][0-9]{9}$", "1234567893") && !fits_pattern("^[12][0-9]{9}$", "12345678930"));
}

async fn ask(http: &reqwest::Client, url: &str, method: &str, path: &str) -> (u16, HeaderMap, String) {
    let path = path.replace("{id}", "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a10").replace("{number}", "1");
    let path = path.replace("{verb}", "accept");
    let answer = http.request(method.parse::<Method>().unwrap(), format!("{url}{path}")).send().await.unwrap();
    (answer.status().as_u16(), answer.headers().clone(), answer.text().await.unwrap())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template.iter().zip(&path).all(|(part, given)| part == given || part.starts_with('{'))
}

#[tokio::test]
async fn what_is_documented_is_served_and_nothing_else_is() {
    let world = World::start().await;
    let (http, url) = (world.http(), world.url());
    let served: Value = serde_json::from_str(&ask(&http, url, "GET", "/openapi.json").await.2).unwrap();
    assert!(served == document(), "what is served is not the document");

    let mut faults = Vec::new();
    for (path, item) in served["paths"].as_object().unwrap() {
        let methods: BTreeSet<String> = item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let (status, headers, body) = ask(&http, url, method, path).await;
            if methods.contains(method) {
                // A handler was reached: without a token, body or cookie it refuses, and by no 404 of the router's.
                if matches!(status, 404 | 405 | 500..) {
                    faults.push(format!("{method} {path} is documented and answers {status}"));
                }
                continue;
            }
            // `/v1/patients/search` is an address of `/v1/patients/{id}` too, with an id that nobody has.
            if operations(&served).iter().any(|(other, template, _)| other == method && fits(template, path)) {
                continue;
            }
            let allow =
                headers.get(ALLOW).map(|allow| allow.to_str().unwrap().split(", ").map(ToOwned::to_owned).collect());
            if status != 405 || !allow.as_ref().is_some_and(|allow: &BTreeSet<_>| allow.is_superset(&methods)) {
                faults.push(format!("{method} {path} is not documented and answers {status}, {allow:?}: {body}"));
            }
        }
    }
    assert_none(&faults);
}

/// Routes are registered in the text of the service as `#[get("/v1/...")]`; those of pages are not of the API.
#[test]
fn every_route_in_the_sources_is_in_the_document() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src");
    let mut written = BTreeSet::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.file_name() != "pages") {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            for line in text.lines().map(str::trim) {
                let Some((method, path)) = line.strip_prefix("#[").and_then(|line| line.split_once("(\"")) else {
                    continue;
                };
                if matches!(method, "get" | "post" | "put" | "patch" | "delete" | "head" | "route") {
                    let path = path.split('"').next().unwrap_or_default();
                    written.insert(format!("{} {path}", method.to_uppercase()));
                }
            }
        }
    }
    let document = document();
    let documented: BTreeSet<String> =
        operations(&document).into_iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    assert_eq!(written, documented);
}

#[test]
fn the_sdk_calls_every_operation_and_no_other() {
    let calls = include_str!("../../sdk/src/calls.rs");
    let is_method = |word: &str| matches!(word, "GET" | "POST" | "PUT" | "PATCH" | "DELETE");
    let quoted = calls.split('"').filter(|text| text.split(' ').next().is_some_and(is_method) && text.contains(" /"));
    let mut called = BTreeSet::new();
    let mut conditional = BTreeSet::new();
    for call in quoted {
        let operation = call.trim_end_matches(" If-Match").replace("/versions/2", "/versions/{number}");
        let operation = operation.split_once('?').map_or(operation.as_str(), |(path, _)| path).to_owned();
        if call.ends_with(" If-Match") {
            conditional.insert(operation.clone());
        }
        called.insert(operation);
    }
    let document = document();
    let mut offered = BTreeSet::new();
    let mut demanding = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        if operation["tags"][0] == "service" {
            continue;
        }
        let name = format!("{method} {path}");
        let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        let demands = |parameter: &Value| self::text(parameter, "name") == "If-Match" && parameter["required"] == true;
        if parameters.clone().any(demands) {
            demanding.insert(name.clone());
        }
        offered.insert(name);
    }
    assert_eq!(called, offered);
    assert_eq!(conditional, demanding, "If-Match is sent where it is demanded");
}

#[test]
fn every_kind_of_problem_stands_in_the_document_where_its_status_is() {
    let document = document();
    let mut listed = BTreeSet::new();
    for (name, response) in document["components"]["responses"].as_object().unwrap() {
        for kind in response["content"]["application/problem+json"]["examples"].as_object().unwrap().keys() {
            let status = rapport_contract::problem::Kind::from_slug(kind).unwrap().status();
            assert!(name.starts_with(&format!("Problem{status}")), "{name}: {kind}");
            assert!(text(response, "description").contains(&format!("`{kind}`")), "{name}: {kind}");
            listed.insert(kind.clone());
        }
    }
    let examples = document["components"]["examples"].as_object().unwrap();
    for kind in rapport_contract::problem::Kind::ALL {
        assert!(listed.contains(kind.slug()), "{kind:?} is answered by nothing");
        assert_eq!(examples[kind.slug()]["value"]["type"], format!("/problems/{}", kind.slug()));
    }
    for (method, path, operation) in operations(&document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let to = text(response, "$ref");
            let fits = to.is_empty() || to.starts_with(&format!("#/components/responses/Problem{status}"));
            assert!(fits, "{method} {path} {status}: {to}");
        }
    }
}

/// Links are followed by tools: each leads to an operation, by a parameter that it has and a member that the answer shows.
#[test]
fn every_link_leads_somewhere() {
    let document = document();
    let operations = operations(&document);
    let parameters_of = |id: &str| {
        let to = operations.iter().find(|(.., operation)| operation["operationId"] == id)?;
        Some(to.2["parameters"].as_array().cloned().unwrap_or_default())
    };
    let mut links = 0;
    for (_, path, operation) in &operations {
        for answer in operation["responses"].as_object().unwrap().values() {
            for (name, link) in answer["links"].as_object().into_iter().flatten() {
                links += 1;
                let parameters = parameters_of(text(link, "operationId")).unwrap_or_else(|| panic!("{path}: {name}"));
                for (parameter, expression) in link["parameters"].as_object().unwrap() {
                    assert!(
                        parameters.iter().any(|known| text(known, "name") == parameter),
                        "{path}: {name} {parameter}"
                    );
                    let member = expression.as_str().unwrap().strip_prefix("$response.body#").unwrap();
                    let shown = answer.pointer(&format!("/content/application~1json/example{member}"));
                    assert!(shown.is_some_and(Value::is_string), "{path}: {name} {member}: {shown:?}");
                }
            }
        }
    }
    assert!(links > 30, "{links}");
}

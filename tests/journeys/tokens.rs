//! Forged and misused tokens: whatever is not a token of ours, for us, now, opens nothing, and all of them hear the same.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails loudly")]

use crate::{
    api_clients::{Machine, machine, token_of},
    wire::{access_token, call},
};
use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use rapport_api::identity::keys;
use rapport_contract::{
    api_clients::Scope,
    consents::RecipientChoice,
    members::{Invite, Role},
};
use rapport_tests::{
    World,
    people::{Clinic, PASSWORD, asking_for, wall_clock},
};
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A signing key, and how others know it.
struct Forge {
    pair: Ed25519KeyPair,
    kid: String,
}

impl Forge {
    fn of(pem: &str, kid: &str) -> Self {
        let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(body).unwrap();
        Self { pair: Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).unwrap(), kid: kid.to_owned() }
    }

    fn header(&self) -> Value {
        json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.kid})
    }

    /// Signs two texts, whatever they are.
    fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(self.pair.sign(message.as_bytes())))
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }
}

/// What a caller sends to be let in.
#[derive(Clone)]
enum Sent {
    Bearer(String),
    Headers(Vec<(&'static str, Vec<u8>)>),
    Query(String),
}

/// One operation of each kind, well-formed in all but who sends it.
fn operations(id: Uuid) -> Vec<(&'static str, String, Option<Value>)> {
    let patient = json!({"given_name": "Casey", "family_name": "Sample", "birth_date": "1953-04-17"});
    vec![
        ("GET", "/v1/auth/sessions".to_owned(), None),
        ("GET", format!("/v1/patients/{id}"), None),
        ("POST", "/v1/patients".to_owned(), Some(patient)),
        ("PATCH", format!("/v1/patients/{id}"), Some(json!({"phone": "555-0101"}))),
        ("DELETE", format!("/v1/shares/{id}"), None),
        ("POST", "/v1/patients/search".to_owned(), Some(json!({"family_name": "Sample"}))),
        ("GET", "/v1/reports?limit=1".to_owned(), None),
        ("GET", format!("/v1/reports/{id}/document"), None),
        ("POST", "/v1/auth/logout".to_owned(), None),
        ("GET", "/v1/api_clients".to_owned(), None),
    ]
}

async fn ask(
    http: &reqwest::Client,
    world: &World,
    operation: &(&'static str, String, Option<Value>),
    sent: &Sent,
) -> (u16, String, HeaderMap) {
    let (method, path, body) = operation;
    let mut address = format!("{}{path}", world.url());
    let mut headers = HeaderMap::new();
    match sent {
        Sent::Bearer(token) => {
            headers.insert(AUTHORIZATION, HeaderValue::from_bytes(format!("Bearer {token}").as_bytes()).unwrap());
        }
        Sent::Headers(given) => {
            for (name, value) in given {
                headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
            }
        }
        Sent::Query(query) => {
            address.push(if address.contains('?') { '&' } else { '?' });
            address.push_str(query);
        }
    }
    let mut request = http
        .request(method.parse::<Method>().unwrap(), address)
        .headers(headers)
        .header("x-request-id", "forged")
        .header("if-match", "\"1\"");
    if *method == "POST" {
        request = request.header("idempotency-key", Uuid::from_u128(7).to_string());
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, answer.text().await.unwrap(), headers)
}

/// The claims of a token.
fn claims_of(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn kid_of(token: &str) -> String {
    let part = token.split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// A JSON object as text, with these members in front of its own, though it may have them already.
fn doubled(object: &Value, members: &str) -> String {
    format!("{{{members},{}", &object.to_string()[1..])
}

fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut object = object.clone();
    object[name] = value;
    object
}

fn without(object: &Value, name: &str) -> Value {
    let mut object = object.clone();
    object.as_object_mut().unwrap().remove(name);
    object
}

/// Headers that our key has signed and that we would never write.
fn of_headers(forge: &Forge, claims: &Value) -> Vec<(String, String)> {
    let good = forge.header();
    let other = Forge::of(&keys::new_signing_key().unwrap(), &forge.kid);
    let public = URL_SAFE_NO_PAD.encode(other.pair.public_key().as_ref());
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": public, "kid": forge.kid, "alg": "EdDSA"});
    let mut kinds = Vec::new();
    let mut kind = |name: &str, token: String| kinds.push((format!("header: {name}"), token));
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let unsigned = forge.sign(&with(&good, "alg", json!(alg)), claims);
        let unsigned = unsigned.rsplit_once('.').unwrap().0;
        kind(&format!("alg {alg:?} without a signature"), format!("{unsigned}."));
    }
    for alg in ["ES256", "ES384", "RS256", "PS256", "HS512", "eddsa", "Ed25519", "EdDSA "] {
        kind(&format!("alg {alg:?}"), forge.sign(&with(&good, "alg", json!(alg)), claims));
    }
    let public_key = forge.pair.public_key().as_ref().to_vec();
    for (what, key) in [
        ("public key", public_key.clone()),
        ("public key in base64url", URL_SAFE_NO_PAD.encode(&public_key).into_bytes()),
        ("kid", forge.kid.clone().into_bytes()),
        ("empty key", Vec::new()),
    ] {
        let header = with(&good, "alg", json!("HS256")).to_string();
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), message.as_bytes());
        kind(&format!("HS256 with the {what}"), format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag)));
    }
    kind("another key", other.sign(&good, claims));
    kind("another key that comes along", other.sign(&with(&good, "jwk", jwk.clone()), claims));
    kind("our key, and another one comes along", forge.sign(&with(&good, "jwk", jwk), claims));
    for (name, value) in [
        ("jku", json!("https://keys.example.org/jwks")),
        ("x5u", json!("https://keys.example.org/chain.pem")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("zip", json!("DEF")),
        ("b64", json!(false)),
        ("enc", json!("A256GCM")),
        ("cty", json!("JWT")),
        ("kid", json!("another")),
        ("kid", json!("../../../../dev/null")),
        ("kid", json!("' or '1'='1")),
        ("kid", json!("")),
        ("kid", json!(null)),
        ("kid", json!([forge.kid])),
        ("kid", json!(format!("{}\u{0}", forge.kid))),
        ("typ", json!("JWT")),
        ("typ", json!("application/at+jwt")),
        ("typ", json!("AT+JWT")),
        ("typ", json!("checkpoint+jwt")),
        ("typ", json!("")),
        ("typ", json!(null)),
    ] {
        kind(&format!("{name} {value}"), forge.sign(&with(&good, name, value), claims));
    }
    for name in ["alg", "typ", "kid"] {
        kind(&format!("no {name}"), forge.sign(&without(&good, name), claims));
    }
    let claims = claims.to_string();
    kind("alg twice", forge.sign_text(&doubled(&good, "\"alg\":\"none\""), &claims));
    kind("kid twice", forge.sign_text(&doubled(&good, "\"kid\":\"another\""), &claims));
    kind("a list", forge.sign_text("[]", &claims));
    kind("no JSON", forge.sign_text("EdDSA", &claims));
    kind("more behind it", forge.sign_text(&format!("{good} {{}}"), &claims));
    kinds
}

/// Claims that our key has signed and that we would never write.
fn of_claims(forge: &Forge, good: &Value, others: &Value) -> Vec<(String, String)> {
    let now = wall_clock().timestamp();
    let (exp, iat) = (good["exp"].as_i64().unwrap(), good["iat"].as_i64().unwrap());
    let iss = good["iss"].as_str().unwrap();
    let mut kinds = Vec::new();
    for (name, value) in [
        ("iss", json!("https://other.example.org")),
        ("iss", json!(format!("{iss}/"))),
        ("iss", json!([iss])),
        ("iss", json!(null)),
        ("aud", json!("another-api")),
        ("aud", json!([good["aud"]])),
        ("aud", json!([good["aud"], "another-api"])),
        ("aud", json!([])),
        ("aud", json!(iss)),
        ("aud", json!({"is": good["aud"]})),
        ("exp", json!(now - 11)),
        ("exp", json!(now - 100_000)),
        ("exp", json!(exp.to_string())),
        ("exp", json!(format!("{}", now + 1_000_000))),
        ("exp", json!(exp as f64 + 0.5)),
        ("exp", json!(1e300)),
        ("exp", json!(i64::MAX)),
        ("exp", json!(u64::MAX)),
        ("exp", json!(now + 3600)),
        ("exp", json!(-1)),
        ("exp", json!(0)),
        ("exp", json!(null)),
        ("exp", json!(true)),
        ("exp", json!([exp])),
        ("exp", json!({"at": exp})),
        ("nbf", json!(now + 60)),
        ("nbf", json!(iat.to_string())),
        ("nbf", json!(null)),
        ("iat", json!(now + 60)),
        ("iat", json!(iat.to_string())),
        ("iat", json!(now - 3600)),
        ("jti", json!("1")),
        ("jti", json!(7)),
        ("client_id", json!("another")),
        ("client_id", json!(good["sub"])),
        ("sub", json!("")),
        ("sub", json!("nobody")),
        ("sub", json!({"id": good["sub"]})),
        ("sub", json!([good["sub"]])),
        ("sub", others["sub"].clone()),
        ("sub", json!(Uuid::nil())),
        ("cid", others["cid"].clone()),
        ("cid", json!(Uuid::nil())),
        ("cid", json!("*")),
        ("sid", others["sid"].clone()),
        ("sid", json!(Uuid::from_u128(7))),
        ("sid", json!("")),
        ("scope", json!("patients:read patients:write")),
    ] {
        let name = format!("claims: {name} {value}");
        let changed = name.split(' ').nth(1).unwrap().to_owned();
        kinds.push((name, forge.sign(&forge.header(), &with(good, &changed, value))));
    }
    for name in ["iss", "aud", "exp", "nbf", "iat", "jti", "client_id", "sub", "cid", "sid"] {
        kinds.push((format!("claims: no {name}"), forge.sign(&forge.header(), &without(good, name))));
    }
    let swapped = with(&with(good, "sub", others["sub"].clone()), "cid", others["cid"].clone());
    kinds.push(("claims: another person in this session".to_owned(), forge.sign(&forge.header(), &swapped)));
    let header = forge.header().to_string();
    for (name, text) in [
        ("exp twice", doubled(good, &format!("\"exp\":{}", now - 60))),
        ("sub twice", doubled(good, &format!("\"sub\":\"{}\"", Uuid::nil()))),
        ("a list", "[]".to_owned()),
        ("a text", "\"claims\"".to_owned()),
        ("nothing", String::new()),
        ("no JSON", "{".to_owned()),
        ("nested a thousand times", format!("{}{}", "[".repeat(1000), "]".repeat(1000))),
        ("a token within", forge.sign(&forge.header(), good)),
    ] {
        kinds.push((format!("claims: {name}"), forge.sign_text(&header, &text)));
    }
    kinds
}

/// Ways to spoil the text of a token that is good.
fn of_form(token: &str, another: &str) -> Vec<(String, Sent)> {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("{token}") };
    let flipped = |part: &str, at: usize| {
        let mut bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
        bytes[at] ^= 1;
        URL_SAFE_NO_PAD.encode(bytes)
    };
    let last = signature.chars().last().unwrap();
    let loose = format!("{}{}", &signature[..signature.len() - 1], if last == 'A' { 'B' } else { 'Z' });
    let standard = STANDARD.encode(URL_SAFE_NO_PAD.decode(signature).unwrap());
    let mut kinds: Vec<(String, Sent)> = [
        ("nothing", String::new()),
        ("a word", "x".to_owned()),
        ("dots", "..".to_owned()),
        ("truncated", token[..token.len() - 1].to_owned()),
        ("half", token[..token.len() / 2].to_owned()),
        ("no signature", format!("{header}.{claims}")),
        ("an empty signature", format!("{header}.{claims}.")),
        ("nothing before the claims", format!(".{claims}.{signature}")),
        ("an extra part", format!("{token}.{signature}")),
        ("an empty extra part", format!("{token}.")),
        ("five parts, as of an encrypted one", format!("{token}.a.b")),
        ("padding", format!("{header}.{claims}.{}", URL_SAFE.encode(URL_SAFE_NO_PAD.decode(signature).unwrap()))),
        ("padded claims", format!("{header}.{claims}=.{signature}")),
        ("the other base 64, padded", format!("{header}.{claims}.{standard}")),
        ("loose bits at the end", format!("{header}.{claims}.{loose}")),
        ("a blank within", format!("{header}. {claims}.{signature}")),
        ("a tab within", format!("{header}.\t{claims}.{signature}")),
        ("a changed header", format!("{}.{claims}.{signature}", flipped(header, 3))),
        ("changed claims", format!("{header}.{}.{signature}", flipped(claims, 20))),
        ("a changed signature", format!("{header}.{claims}.{}", flipped(signature, 0))),
        ("the end of the signature changed", format!("{header}.{claims}.{}", flipped(signature, 63))),
        ("the signature of another", format!("{header}.{claims}.{}", another.rsplit('.').next().unwrap())),
        ("the claims of another", format!("{header}.{}.{signature}", another.split('.').nth(1).unwrap())),
        ("in quotes", format!("\"{token}\"")),
        ("twice", format!("{token}{token}")),
        ("two in one header", format!("{token}, Bearer {token}")),
        ("8 KiB", format!("{header}.{}.{signature}", "A".repeat(8192))),
        ("60 KiB", "A".repeat(60 * 1024)),
        ("60 KiB of dots", ".".repeat(60 * 1024)),
    ]
    .into_iter()
    .map(|(name, token)| (format!("form: {name}"), Sent::Bearer(token)))
    .collect();
    let header = |value: String| Sent::Headers(vec![("authorization", value.into_bytes())]);
    for (name, sent) in [
        ("no header", Sent::Headers(Vec::new())),
        ("an empty header", header(String::new())),
        ("no scheme", header(token.to_owned())),
        ("a scheme alone", header("Bearer".to_owned())),
        ("no blank behind the scheme", header(format!("Bearer{token}"))),
        ("a colon behind the scheme", header(format!("Bearer: {token}"))),
        ("Basic", header(format!("Basic {}", STANDARD.encode(format!("{token}:"))))),
        ("Basic with the token as it is", header(format!("Basic {token}"))),
        ("Token", header(format!("Token {token}"))),
        ("DPoP", header(format!("DPoP {token}"))),
        ("JWT", header(format!("JWT {token}"))),
        ("Digest", header(format!("Digest username=\"{token}\""))),
        ("Bearer with a name", header(format!("Bearer token={token}"))),
        ("a tab behind the scheme", header(format!("Bearer\t{token}"))),
        (
            "no UTF-8",
            Sent::Headers(vec![("authorization", [b"Bearer \xff\xfe".as_slice(), token.as_bytes()].concat())]),
        ),
        ("two headers", Sent::Headers(vec![("authorization", format!("Bearer {token}").into_bytes()); 2])),
        (
            "a Basic and a Bearer header",
            Sent::Headers(vec![
                ("authorization", b"Basic YTpi".to_vec()),
                ("authorization", format!("Bearer {token}").into_bytes()),
            ]),
        ),
        ("another header", Sent::Headers(vec![("x-access-token", token.as_bytes().to_vec())])),
        ("the proxy's header", Sent::Headers(vec![("proxy-authorization", format!("Bearer {token}").into_bytes())])),
        ("a cookie", Sent::Headers(vec![("cookie", format!("access_token={token}").into_bytes())])),
        ("the address", Sent::Query(format!("access_token={token}"))),
    ] {
        kinds.push((format!("form: {name}"), sent));
    }
    kinds
}

/// What the service gives out that is no access token.
async fn of_other_uses(
    world: &World,
    north: &Clinic<'_>,
    south: &Clinic<'_>,
    machine: &Machine,
) -> Vec<(String, String)> {
    let owner = &north.owner;
    let tokens = owner.client.tokens().await.unwrap();
    let login = call(world, "POST", "/v1/auth/login").json(&json!({"email": owner.email, "password": PASSWORD}));
    let mfa_token = login.send().await.json()["mfa_token"].as_str().unwrap().to_owned();
    let email = format!("invited{}@north.example.org", world.number());
    let invite = Invite {
        name: "New Member".into(),
        email: email.as_str().into(),
        role: Role::Staff,
        profession: None,
        npi: None,
    };
    north.client().members().invite(&invite).await.unwrap();
    let invitation = world.mailbox().link(&email, 1).await.split_once('#').unwrap().1.to_owned();
    let patient = north.patient().await;
    north.ask(&patient, &asking_for(RecipientChoice::clinic(south.id))).await;
    let link = world.mailbox().link(patient.email.as_ref().unwrap().as_str(), 1).await;
    let link_secret = link.split_once('#').unwrap().1.to_owned();
    [
        ("a refresh token", tokens.refresh_token.as_str().to_owned()),
        ("the token of the second step", mfa_token),
        ("an invitation", invitation),
        ("the secret of a patient's link", link_secret),
        ("the secret of a client", machine.secret.clone()),
        ("the id of a client", machine.id.to_string()),
        ("the authenticator's secret", owner.totp.as_str().to_owned()),
        ("a six-digit code", "123456".to_owned()),
    ]
    .into_iter()
    .map(|(name, token)| (name.to_owned(), token))
    .collect()
}

#[tokio::test]
async fn forged_and_misused_tokens_open_nothing_and_all_hear_the_same() {
    let world = World::start().await;
    let (north, south) = (world.clinic("north").await, world.clinic("south").await);
    let (good, others) = (access_token(&north.owner).await, access_token(&south.owner).await);
    let forge = Forge::of(&world.signing_key(), &kid_of(&good));
    let claims = claims_of(&good);
    let patient = north.patient().await;
    let http = world.http();
    let operations = operations(patient.id.into());

    // The forge is as good as the service: what it signs as it should be is let in, in any case of the scheme's letters.
    let same = forge.sign(&forge.header(), &claims);
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer "] {
        let sent = Sent::Headers(vec![("authorization", format!("{scheme} {same}").into_bytes())]);
        assert_eq!(ask(&http, &world, &operations[0], &sent).await.0, 200, "{scheme}");
    }

    let scopes = vec![Scope::PatientsRead, Scope::PatientsWrite];
    let machines = [machine(&north, &scopes).await, machine(&north, &scopes).await, machine(&north, &scopes).await];
    let [active, ended, revoked] = &machines;
    let of_machine = token_of(&world, active).await;
    assert_eq!(ask(&http, &world, &operations[1], &Sent::Bearer(of_machine.clone())).await.0, 200);
    let machine_claims = claims_of(&of_machine);
    let [of_ended, of_revoked] = [token_of(&world, ended).await, token_of(&world, revoked).await];
    let client = north.client().api_clients().get(ended.id).await.unwrap();
    north.client().api_clients().end(&client).await.unwrap();
    let form = format!("token={of_revoked}&client_id={}&client_secret={}", revoked.id, revoked.secret);
    let answer = call(&world, "POST", "/oauth/revoke").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(answer.body(form).send().await.status, 200);

    let former = north.member(Role::Practitioner).await;
    let of_former = access_token(&former).await;
    let gone = north.member(Role::Practitioner).await;
    let of_gone = access_token(&gone).await;
    former.client.auth().logout().await.unwrap();
    let member = north.client().members().list().send().await.unwrap().items;
    let member = member.into_iter().find(|member| member.id == gone.id).unwrap();
    north.client().members().end(&member).await.unwrap();

    let mut kinds = of_form(&good, &others);
    let bearer = |(name, token): (String, String)| (name, Sent::Bearer(token));
    kinds.extend(of_headers(&forge, &claims).into_iter().map(bearer));
    kinds.extend(of_claims(&forge, &claims, &claims_of(&others)).into_iter().map(bearer));
    kinds.extend(of_other_uses(&world, &north, &south, active).await.into_iter().map(bearer));
    let header = forge.header();
    for (name, claims) in [
        ("of another clinic", with(&machine_claims, "cid", claims_of(&others)["cid"].clone())),
        ("of another client", with(&machine_claims, "sub", json!(revoked.id))),
        ("of nobody", with(&with(&machine_claims, "sub", json!(Uuid::nil())), "client_id", json!(Uuid::nil()))),
        ("of a person", with(&machine_claims, "sub", claims["sub"].clone())),
        ("with a session", with(&machine_claims, "sid", claims["sid"].clone())),
        ("without scopes", without(&machine_claims, "scope")),
        ("with a list of scopes", with(&machine_claims, "scope", json!(["patients:read"]))),
    ] {
        kinds.push((format!("a machine's {name}"), Sent::Bearer(forge.sign(&header, &claims))));
    }
    let assertion = json!({"iss": active.id, "sub": active.id, "aud": world.url(), "jti": Uuid::from_u128(7),
        "exp": wall_clock().timestamp() + 60});
    let elsewhere = World::start().await;
    let foreign = access_token(&elsewhere.clinic("elsewhere").await.owner).await;
    for (name, token) in [
        ("a client's assertion", forge.sign(&with(&header, "typ", json!("JWT")), &assertion)),
        (
            "a signed checkpoint",
            forge.sign(&with(&header, "typ", json!("checkpoint+jwt")), &json!({"size": 1, "root": ""})),
        ),
        ("of a session that ended", of_former),
        ("of a membership that ended", of_gone),
        ("of a client that ended", of_ended),
        ("that was taken back", of_revoked),
        ("of another service", foreign.clone()),
        ("of another service, under our key's name", {
            let of_there = Forge::of(&elsewhere.signing_key(), &forge.kid);
            of_there.sign(&forge.header(), &claims)
        }),
        ("of another service's issuer, by our key", forge.sign(&header, &claims_of(&foreign))),
    ] {
        kinds.push((name.to_owned(), Sent::Bearer(token)));
    }

    let names: BTreeSet<&String> = kinds.iter().map(|(name, _)| name).collect();
    assert!(names.len() >= 60 && names.len() == kinds.len(), "{} kinds, {} names", kinds.len(), names.len());
    println!("{} kinds of tokens on {} operations", kinds.len(), operations.len());
    let (_, expected, _) = ask(&http, &world, &operations[0], &Sent::Headers(Vec::new())).await;
    let mut faults = Vec::new();
    for (name, sent) in &kinds {
        for operation in &operations {
            let (status, body, headers) = ask(&http, &world, operation, sent).await;
            let challenge = headers.get("www-authenticate").map(HeaderValue::as_bytes);
            if status != 401 || body != expected || challenge != Some(b"Bearer") {
                faults.push(format!("{name}: {} {} answers {status} {body}", operation.0, operation.1));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    // Nothing of it was done, and the session that the good token belongs to is as it was.
    assert_eq!(ask(&http, &world, &operations[0], &Sent::Bearer(good)).await.0, 200);
}

#[tokio::test]
async fn a_header_of_a_megabyte_is_refused_before_anybody_reads_it() {
    let world = World::start().await;
    let answer = call(&world, "GET", "/v1/auth/sessions").bearer(&"A".repeat(1024 * 1024)).try_send().await;
    if let Ok(answer) = answer {
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
    assert_eq!(call(&world, "GET", "/healthz").send().await.status, 200);
}

#[tokio::test]
async fn a_genuine_token_that_lacks_the_right_is_forbidden_and_not_unknown() {
    let world = World::start().await;
    let north = world.clinic("north").await;
    let reader = machine(&north, &[Scope::PatientsRead]).await;
    let token = token_of(&world, &reader).await;
    let patient = north.patient().await;
    for (method, path, body) in operations(patient.id.into()) {
        let mut request = call(&world, method, &path).bearer(&token).header("if-match", "\"1\"");
        if let Some(body) = &body {
            request = request.json(body);
        }
        let answer = request.send().await;
        let is_granted = method == "GET" && path.starts_with("/v1/patients/") || path.ends_with("/search");
        let expected = if is_granted { (200, "") } else { (403, "forbidden") };
        assert_eq!((answer.status.as_u16(), answer.slug().as_str()), expected, "{method} {path}");
    }
}

//! What people open in a browser: the consent page, a guest's page, joining a clinic, the console of those who work at one, what a
//! problem means. No asset from elsewhere, no script or style within the page, nothing that changes by being loaded.

use crate::http::ApiError;
use actix_web::{
    HttpResponse, get,
    http::header,
    web::{self, Data, Path},
};
use anyhow::Context;
use minijinja::{Environment, Value, context};
use rapport_contract::problem::Kind;
use uuid::Uuid;

/// What a page may load and where it may send: this service, and nothing within the page itself.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

/// The templates, compiled once.
pub struct Templates(Environment<'static>);

impl Templates {
    /// Compiles them.
    ///
    /// # Errors
    /// If one is malformed, which a test would show.
    pub fn new() -> anyhow::Result<Self> {
        let mut environment = Environment::new();
        for (name, source) in [
            ("guest.html", include_str!("templates/guest.html")),
            ("share.html", include_str!("templates/share.html")),
            ("referral.html", include_str!("templates/referral.html")),
            ("problem.html", include_str!("templates/problem.html")),
            ("report.html", include_str!("templates/report.html")),
        ] {
            environment.add_template(name, source).with_context(|| format!("the template {name}"))?;
        }
        Ok(Self(environment))
    }

    /// A page from a template, with everything in it escaped.
    ///
    /// # Errors
    /// `internal`
    pub fn render(&self, name: &str, context: &Value) -> Result<String, ApiError> {
        // The engine's error may show values of the context, so it is not kept.
        let template = self.0.get_template(name).map_err(ApiError::internal)?;
        template.render(context).map_err(|error| ApiError::internal(anyhow::anyhow!("{name}: {:?}", error.kind())))
    }
}

/// Registers the pages. They are no part of the API's document.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(consent_page)
        .service(share_page)
        .service(referral_page)
        .service(join_page)
        .service(problem_page)
        .service(console_page)
        .service(console_asset)
        .service(asset)
        .service(home);
}

/// An HTML page.
pub fn html(body: impl Into<String>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(body.into())
}

/// The consent page. It is the same for every link and knows nothing of any: the secret stays in the browser.
#[get("/consent/{id}")]
async fn consent_page(_id: Path<Uuid>) -> HttpResponse {
    html(include_str!("templates/consent.html"))
}

/// A guest's page. It is the same for every link and knows nothing of any: the secret stays in the browser.
#[get("/share/{id}")]
async fn share_page(templates: Data<Templates>, _id: Path<Uuid>) -> Result<HttpResponse, ApiError> {
    Ok(html(templates.render("share.html", &context! { page => "share" })?))
}

/// The same for a referral.
#[get("/referral/{id}")]
async fn referral_page(templates: Data<Templates>, _id: Path<Uuid>) -> Result<HttpResponse, ApiError> {
    Ok(html(templates.render("referral.html", &context! { page => "referral" })?))
}

/// Where an invitation leads.
#[get("/join")]
async fn join_page() -> HttpResponse {
    html(include_str!("templates/join.html"))
}

/// What a problem means.
#[get("/problems/{slug}")]
async fn problem_page(templates: Data<Templates>, slug: Path<String>) -> Result<HttpResponse, ApiError> {
    let kind = Kind::from_slug(&slug).ok_or_else(ApiError::not_found)?;
    let page = context! {
        title => kind.title(), slug => kind.slug(), status => kind.status(), explanation => kind.explanation(),
    };
    Ok(html(templates.render("problem.html", &page)?))
}

#[get("/")]
async fn home() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, "/docs/")).finish()
}

/// The console of those who work at a clinic: made with the TypeScript client alone, from openapi/typescript/console.
#[get("/app{_:/?}")]
async fn console_page() -> HttpResponse {
    html(include_str!("../../../openapi/typescript/console/dist/index.html"))
}

/// What it is made of.
#[get("/app/{name}")]
async fn console_asset(name: Path<String>) -> Result<HttpResponse, ApiError> {
    match name.as_str() {
        "app.js" => Ok(script(include_str!("../../../openapi/typescript/console/dist/app.js"))),
        "app.css" => Ok(style(include_str!("../../../openapi/typescript/console/dist/app.css"))),
        "favicon.svg" => Ok(picture(include_str!("../../../openapi/typescript/console/dist/favicon.svg"))),
        _ => Err(ApiError::not_found()),
    }
}

fn script(body: &'static str) -> HttpResponse {
    cached("text/javascript; charset=utf-8", body)
}

fn style(body: &'static str) -> HttpResponse {
    cached("text/css; charset=utf-8", body)
}

fn picture(body: &'static str) -> HttpResponse {
    cached("image/svg+xml", body)
}

fn cached(kind: &str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok().content_type(kind).insert_header((header::CACHE_CONTROL, "public, max-age=300")).body(body)
}

/// Scripts, styles and pictures of the pages.
#[get("/assets/{name}")]
async fn asset(name: Path<String>) -> Result<HttpResponse, ApiError> {
    Ok(match name.as_str() {
        "consent.js" => script(include_str!("assets/consent.js")),
        "draw_report.js" => script(include_str!("assets/draw_report.js")),
        "guest.js" => script(include_str!("assets/guest.js")),
        "link.js" => script(include_str!("assets/link.js")),
        "referral.js" => script(include_str!("assets/referral.js")),
        "share.js" => script(include_str!("assets/share.js")),
        "join.js" => script(include_str!("assets/join.js")),
        "rapport.css" => style(include_str!("assets/rapport.css")),
        "report.css" => style(include_str!("assets/report.css")),
        "share.css" => style(include_str!("assets/share.css")),
        "favicon.svg" => picture(include_str!("assets/favicon.svg")),
        _ => return Err(ApiError::not_found()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_page() {
        let templates = Templates::new().unwrap();
        for kind in Kind::ALL {
            let page = context! {
                title => kind.title(), slug => kind.slug(), status => kind.status(), explanation => kind.explanation(),
            };
            let html = templates.render("problem.html", &page).unwrap();
            assert!(html.contains(kind.slug()), "{}", kind.slug());
        }
    }
}

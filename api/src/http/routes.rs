//! Where routes are registered, and what they say of themselves is collected if it is asked for.

use actix_web::{dev::HttpServiceFactory, web::ServiceConfig};
use utoipa::openapi::{Components, OpenApi, path::HttpMethod};
use utoipa_actix_web::OpenApiFactory;

/// Registers routes. The document that describes them takes tens of megabytes to make, most of which an allocator keeps for
/// the thread that had them: so each thread that serves registers its routes without it.
pub struct Routes<'a> {
    config: &'a mut ServiceConfig,
    operations: &'a mut Operations,
    document: Option<&'a mut OpenApi>,
}

impl<'a> Routes<'a> {
    /// To be served.
    pub fn new(config: &'a mut ServiceConfig, operations: &'a mut Operations) -> Self {
        Self { config, operations, document: None }
    }

    /// To be described in this document.
    #[must_use]
    pub fn described_in(mut self, document: &'a mut OpenApi) -> Self {
        self.document = Some(document);
        self
    }

    /// Registers what another function does.
    pub fn configure(&mut self, register: impl FnOnce(&mut Routes<'_>)) -> &mut Self {
        register(self);
        self
    }

    /// Registers a handler.
    pub fn service<H: HttpServiceFactory + utoipa::Path + OpenApiFactory + 'static>(
        &mut self,
        handler: H,
    ) -> &mut Self {
        self.operations.0.extend(H::methods().into_iter().map(|method| (H::path(), name(&method))));
        if let Some(document) = &mut self.document {
            let mut schemas = Vec::new();
            handler.schemas(&mut schemas);
            document.paths.merge(handler.paths());
            document.components.get_or_insert_with(Components::default).schemas.extend(schemas);
        }
        self.config.service(handler);
        self
    }
}

const fn name(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Options => "OPTIONS",
        HttpMethod::Head => "HEAD",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Trace => "TRACE",
    }
}

/// The addresses that are registered, as templates such as `/v1/patients/{id}`, each with a method.
#[derive(Default)]
pub struct Operations(Vec<(String, &'static str)>);

impl Operations {
    /// The methods that an address knows, sorted. Of templates that fit, a word is nearer than a parameter.
    pub fn methods_of(&self, address: &str) -> Vec<&'static str> {
        let is_of = |template: &str| {
            let (mut template, mut address) = (template.split('/'), address.split('/'));
            loop {
                match (template.next(), address.next()) {
                    (None, None) => return true,
                    (Some(part), Some(given)) if part == given || (part.starts_with('{') && !given.is_empty()) => {}
                    _ => return false,
                }
            }
        };
        let fitting = || self.0.iter().filter(|(template, _)| is_of(template));
        let parameters = |template: &str| template.matches('{').count();
        let fewest = fitting().map(|(template, _)| parameters(template)).min();
        let nearest = fitting().filter(|(template, _)| Some(parameters(template)) == fewest);
        let mut methods: Vec<_> = nearest.map(|(_, method)| *method).collect();
        methods.sort_unstable();
        methods
    }
}

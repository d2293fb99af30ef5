//! Rules that a field must keep, collected so that every broken one is told at once.

use super::problem::ApiError;
use rapport_contract::problem::{FieldError, Span};

/// Collects the broken rules of one request.
#[derive(Debug, Default)]
pub struct Check {
    errors: Vec<FieldError>,
}

impl Check {
    /// Nothing broken yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a broken rule.
    pub fn refuse(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        let (pointer, code, message) = (pointer.into(), code.to_owned(), message.into());
        self.errors.push(FieldError { pointer, code, message, span: None });
    }

    /// Notes a rule that a part of a text breaks.
    pub fn refuse_part(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>, part: Span) {
        let (pointer, code, message) = (pointer.into(), code.to_owned(), message.into());
        self.errors.push(FieldError { pointer, code, message, span: Some(part) });
    }

    /// Notes a broken rule unless it is kept.
    pub fn ensure(&mut self, is_kept: bool, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        if !is_kept {
            self.refuse(pointer, code, message);
        }
    }

    /// A text of 1 to `longest` characters that is not blank and holds no control characters but line breaks and tabs.
    pub fn text(&mut self, pointer: impl Into<String>, value: &str, longest: usize) {
        let pointer = pointer.into();
        if value.trim().is_empty() {
            self.refuse(pointer, "required", "This text must not be blank.");
        } else if value.chars().count() > longest {
            self.refuse(pointer, "too_long", format!("At most {longest} characters."));
        } else if value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.refuse(pointer, "invalid_characters", "Control characters are not taken.");
        }
    }

    /// A text that may be left out.
    pub fn optional_text(&mut self, pointer: impl Into<String>, value: Option<&str>, longest: usize) {
        if let Some(value) = value {
            self.text(pointer, value, longest);
        }
    }

    /// One line: a text without line breaks.
    pub fn line(&mut self, pointer: impl Into<String>, value: &str, longest: usize) {
        let pointer = pointer.into();
        if value.contains(['\n', '\r']) {
            self.refuse(pointer, "invalid_characters", "This must be on one line.");
        } else {
            self.text(pointer, value, longest);
        }
    }

    /// One line that may be left out.
    pub fn optional_line(&mut self, pointer: impl Into<String>, value: Option<&str>, longest: usize) {
        if let Some(value) = value {
            self.line(pointer, value, longest);
        }
    }

    /// An e-mail address (RFC 5321, as the mail library reads it).
    pub fn email(&mut self, pointer: impl Into<String>, value: &str) {
        let is_address = value.len() <= 254 && value.parse::<lettre::Address>().is_ok();
        self.ensure(is_address, pointer, "invalid_email", "This is not an e-mail address.");
    }

    /// `Ok` if every rule was kept.
    ///
    /// # Errors
    /// `validation` with every broken rule.
    pub fn done(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::validation(self.errors)) }
    }
}

/// An e-mail address as it is kept and compared: without blanks around it, in small letters.
pub fn normalised_email(email: &str) -> String {
    email.trim().to_lowercase()
}

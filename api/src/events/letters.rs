//! What the service writes to people. No letter holds health information, not even that there is a patient: it says that there is
//! something to read, and where. Each is made once, and goes out as plain text and as HTML that say the same.

use minijinja::{Environment, context};
use std::sync::LazyLock;

/// A letter.
#[derive(Debug)]
pub struct Letter {
    subject: &'static str,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Words(String),
    /// An address to open, on a line of its own.
    Link(String),
    /// A code or a number, on a line of its own.
    Alone(String),
}

impl Letter {
    const fn about(subject: &'static str) -> Self {
        Self { subject, parts: Vec::new() }
    }

    fn say(mut self, words: impl Into<String>) -> Self {
        self.parts.push(Part::Words(words.into()));
        self
    }

    fn link(mut self, address: &str) -> Self {
        self.parts.push(Part::Link(address.to_owned()));
        self
    }

    fn alone(mut self, line: &str) -> Self {
        self.parts.push(Part::Alone(line.to_owned()));
        self
    }

    /// What it is about.
    pub fn subject(&self) -> &'static str {
        self.subject
    }

    /// As plain text, with each link and code on a line of its own.
    pub fn text(&self) -> String {
        let mut text = "Hello,\n".to_owned();
        for part in &self.parts {
            let (Part::Words(line) | Part::Link(line) | Part::Alone(line)) = part;
            text.push('\n');
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// As HTML, with nothing in it that is loaded from anywhere.
    pub fn html(&self) -> String {
        static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
            let mut environment = Environment::new();
            environment.add_template("letter.html", include_str!("letter.html")).ok();
            environment
        });
        let parts = self.parts.iter().map(|part| match part {
            Part::Words(words) => context! { words },
            Part::Link(link) => context! { link },
            Part::Alone(alone) => context! { alone },
        });
        let parts: Vec<_> = parts.collect();
        let rendered = TEMPLATES
            .get_template("letter.html")
            .and_then(|template| template.render(context! { subject => self.subject, parts }));
        // The text says all of it; a test renders every letter.
        rendered.unwrap_or_default()
    }
}

/// Invites a person into a clinic.
pub fn invitation(link: &str, days: i64) -> Letter {
    Letter::about("You are invited to Rapport")
        .say("your clinic invites you to its account at Rapport. Open this link to choose a password:")
        .link(link)
        .say(format!("The link works once and for {days} days. If you did not expect it, you need not do anything."))
}

/// Asks a patient for consent.
pub fn consent_request(clinic: &str, link: &str) -> Letter {
    Letter::about("Your clinic asks for your permission")
        .say(format!(
            "{clinic} asks for your permission to share some information. Nothing is shared unless you sign, and you can say \
             no. Open this link to read what it is about:"
        ))
        .link(link)
        .say("Keep this mail: by the same link you can take your permission back at any time, without giving a reason.")
}

/// Sends a guest a link.
pub fn share_link(clinic: &str, link: &str, days: i64) -> Letter {
    Letter::about("A confidential message for you")
        .say(format!(
            "{clinic} has something confidential for you. Open this link to read it; we will send a code to this address to \
             make sure that it is you:"
        ))
        .link(link)
        .say(format!(
            "The link works for {days} days at most. If you did not expect it, open it and say that it was not meant for you, \
             or ignore it. Do not pass it on."
        ))
}

/// Tells those who guard a clinic's records that something went astray.
pub fn incident(reference: &str) -> Letter {
    Letter::about("Something went astray")
        .say(
            "somebody who was sent a link by your clinic says that it was not meant for them. The link was ended at once. \
             Please sign in and look at this incident:",
        )
        .alone(reference)
        .say("It stays open until you close it.")
}

/// Tells a clinic's owners that nothing is delivered to a webhook any more.
pub fn webhook_disabled(reference: &str) -> Letter {
    Letter::about("A webhook was disabled")
        .say(
            "nothing is delivered to a webhook of your clinic any more: its address does not take it, or who authorised it \
             may not any more. Please sign in and look at this webhook:",
        )
        .alone(reference)
        .say("What waits is kept, and is delivered once the address has been asked again.")
}

/// Tells those who guard a clinic's records that somebody read in an emergency what their role does not read.
pub fn emergency_access(reference: &str) -> Letter {
    Letter::about("Emergency access was used")
        .say(
            "somebody in your clinic has just used emergency access. Please sign in and look at it; you can end it at once:",
        )
        .alone(reference)
        .say(
            "It ends by itself after an hour. Its review stays open until somebody other than who used it closes it.",
        )
}

/// Tells somebody that it is their turn. That a referral is about a patient goes without saying, and is not said.
pub fn referral_waits(reference: &str) -> Letter {
    Letter::about("A referral waits for you")
        .say("a referral waits for your answer. Please sign in and look at it:")
        .alone(reference)
}

/// Tells both sides that something is past due.
pub fn referral_overdue(reference: &str) -> Letter {
    Letter::about("A referral is overdue")
        .say("the next step of a referral is past due. Please sign in and look at it:")
        .alone(reference)
        .say("This is told to both clinics, and again every week until the step is done.")
}

/// Tells both sides that nobody answered.
pub fn referral_lapsed(reference: &str) -> Letter {
    Letter::about("A referral has lapsed")
        .say("a referral was not accepted in time and has lapsed:")
        .alone(reference)
        .say("This is told to both clinics. If it is still wanted, it has to be sent anew.")
}

/// A one-time code.
pub fn one_time_code(code: &str, minutes: i64) -> Letter {
    Letter::about("Your code")
        .say("somebody who has your link asked for a code. This is it:")
        .alone(code)
        .say(format!("It works once and for {minutes} minutes. If it was not you, do not give it to anybody."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://rapport.example.org/share/1#a<b>&c";

    fn every_letter() -> Vec<Letter> {
        vec![
            invitation(LINK, 7),
            consent_request("North & South <Massage>", LINK),
            share_link("North & South <Massage>", LINK, 7),
            incident("01990b5e"),
            emergency_access("01990b5e"),
            webhook_disabled("01990b5e"),
            referral_waits("01990b5e"),
            referral_overdue("01990b5e"),
            referral_lapsed("01990b5e"),
            one_time_code("123456", 10),
        ]
    }

    #[test]
    fn a_link_or_a_code_stands_on_a_line_of_its_own() {
        for letter in every_letter() {
            let text = letter.text();
            let alone = text.lines().filter(|line| [LINK, "01990b5e", "123456"].contains(line)).count();
            assert_eq!(alone, 1, "{text}");
            assert!(text.lines().all(|line| line.len() < 900), "longer than a line of mail may be: {text}");
        }
    }

    #[test]
    fn the_html_says_the_same_loads_nothing_and_takes_no_name_for_markup() {
        for letter in every_letter() {
            let html = letter.html();
            assert!(html.contains("<html lang=\"en\""), "{html}");
            let unescaped = html.replace("&lt;", "<").replace("&gt;", ">").replace("&#x2f;", "/").replace("&amp;", "&");
            for line in letter.text().lines().filter(|line| !line.is_empty()) {
                assert!(unescaped.contains(line), "{line}: {html}");
            }
            for loads in ["<script", "<img", "src=", "url(", "@import", "<link", "<Massage>", "a<b>"] {
                assert!(!html.contains(loads), "{loads}: {html}");
            }
        }
    }
}

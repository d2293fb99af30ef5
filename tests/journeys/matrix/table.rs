//! The table as text.

use super::{Of, Operation, stage::Caller};
use serde_json::Value;
use std::fmt::Write;

/// An operation on one kind of object, by every caller.
pub(super) struct Line {
    pub(super) operation: &'static str,
    pub(super) of: Of,
    pub(super) cells: Vec<String>,
}

const HEAD: &str = "\
Who may do what with whose. Made by a test over HTTP, from the document at /openapi.json; see matrix.rs.

✓    it was done
401  sign in first: nobody is known to be calling, or the session has ended
403  the caller's role in the clinic does not allow it, or the scopes do not
404  there is nothing here for this caller: the same bytes whether it exists or not
     Other refusals are named; each is explained at /problems/<name>.

Clinic North has an owner, a practitioner, staff and a privacy officer. It shares with clinic South, of which a
practitioner calls (\"recipient\"). The stranger is the owner of a third clinic. The patient is North's, at a link.
\"forged\" has a token with another signature, \"ended\" one of a session that was signed out.

North has two machines: the \"reader\" has every scope to read, the \"writer\" every scope to write, in the name of North's
practitioner. What takes a person, such as a signature, neither of them may.
";

/// By tag in the document's order, and by operation in the order of the lines.
pub(super) fn render(document: &Value, operations: &[Operation], lines: &[Line]) -> String {
    let label = lines.iter().map(|line| line.of.in_words().chars().count()).max().unwrap_or_default() + 6;
    let mut table = HEAD.to_owned();
    for tag in document["tags"].as_array().unwrap() {
        let name = tag["name"].as_str().unwrap();
        let operation_of = |line: &Line| operations.iter().find(|operation| operation.id == line.operation).unwrap();
        let of_tag: Vec<&Line> = lines.iter().filter(|line| operation_of(line).tag == name).collect();
        let widths: Vec<usize> = (0..Caller::ALL.len())
            .map(|column| {
                let cells = of_tag.iter().map(|line| line.cells[column].chars().count());
                cells.chain([Caller::ALL[column].in_words().len()]).max().unwrap_or_default() + 2
            })
            .collect();
        let mut row = |first: &str, cells: Vec<&str>| {
            let mut text = format!("{first:<label$}");
            for (cell, width) in cells.iter().zip(&widths) {
                write!(text, "{cell:<width$}").unwrap();
            }
            table.push_str(text.trim_end());
            table.push('\n');
        };
        row("", Vec::new());
        row(&name.to_uppercase(), Caller::ALL.iter().map(|caller| caller.in_words()).collect());
        let mut before = "";
        for line in of_tag {
            let operation = operation_of(line);
            if before != operation.id {
                row(&format!("  {} ({} {})", operation.summary, operation.method, operation.path), Vec::new());
                before = &operation.id;
            }
            // People are not shared.
            let is_of_people =
                matches!(name, "api clients" | "emergency access" | "members" | "practitioners" | "webhooks")
                    && line.of == Of::North;
            let of = if is_of_people { "North's" } else { line.of.in_words() };
            row(&format!("    {of}"), line.cells.iter().map(String::as_str).collect());
        }
    }
    table
}

//! How often the detectors miss and how often they see what is not there, on texts that were written before they were.

use super::{Finding, Kind, Known, clear, scan};
use std::{collections::BTreeMap, fmt::Write as _};

const TUNED: &str = include_str!("corpus/tuned.txt");
const HELD_OUT: &str = include_str!("corpus/held_out.txt");
const THIS_YEAR: i32 = 2026;

const ALL: [Kind; 18] = [
    Kind::Name,
    Kind::Geography,
    Kind::Date,
    Kind::Phone,
    Kind::Fax,
    Kind::Email,
    Kind::Ssn,
    Kind::MedicalRecordNumber,
    Kind::HealthPlanNumber,
    Kind::AccountNumber,
    Kind::LicenseNumber,
    Kind::Vehicle,
    Kind::Device,
    Kind::Url,
    Kind::IpAddress,
    Kind::Biometric,
    Kind::Photograph,
    Kind::OtherIdentifier,
];

/// A text and what is marked in it, `[[kind|words]]`; `\n` and `\u{200b}` stand for themselves.
fn parse(line: &str) -> (String, Vec<(Kind, usize, usize)>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut open = None;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("[[") {
            let (word, after) = after.split_once('|').unwrap();
            let kind = ALL.into_iter().find(|kind| kind.as_str() == word).unwrap_or_else(|| panic!("{word}"));
            open = Some((kind, text.chars().count()));
            rest = after;
        } else if let (Some((kind, start)), Some(after)) = (open, rest.strip_prefix("]]")) {
            marks.push((kind, start, text.chars().count()));
            open = None;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\n") {
            text.push('\n');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("\\u{") {
            let (code, after) = after.split_once('}').unwrap();
            text.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
            rest = after;
        } else {
            text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (text, marks)
}

fn touches(finding: &Finding, mark: &(Kind, usize, usize)) -> bool {
    finding.start < mark.2 && mark.1 < finding.end
}

/// Of a kind: marked, missed, found as another kind, found where nothing is marked.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Figures {
    marked: usize,
    missed: usize,
    other: usize,
    false_found: usize,
}

fn measure(corpus: &str) -> (BTreeMap<Kind, Figures>, Vec<String>) {
    let mut figures: BTreeMap<Kind, Figures> = ALL.into_iter().map(|kind| (kind, Figures::default())).collect();
    let mut faults = Vec::new();
    for line in corpus.lines() {
        let (text, marks) = parse(line);
        let findings = scan(&text, &Known::default(), THIS_YEAR);
        for mark in &marks {
            let figures = figures.get_mut(&mark.0).unwrap();
            figures.marked += 1;
            let touching: Vec<_> = findings.iter().filter(|finding| touches(finding, mark)).collect();
            if touching.is_empty() {
                figures.missed += 1;
                faults.push(format!("missed {}: {line}", mark.0.as_str()));
            } else if touching.iter().all(|finding| finding.kind != mark.0) {
                figures.other += 1;
                faults.push(format!("{} found as {} ({}): {line}", mark.0.as_str(), touching[0].kind.as_str(), touching[0].rule));
            }
        }
        for finding in findings.iter().filter(|finding| !marks.iter().any(|mark| touches(finding, mark))) {
            figures.get_mut(&finding.kind).unwrap().false_found += 1;
            let words: String = text.chars().skip(finding.start).take(finding.end - finding.start).collect();
            faults.push(format!("false {} ({}) {words:?}: {line}", finding.kind.as_str(), finding.rule));
        }
    }
    (figures, faults)
}

fn table(figures: &BTreeMap<Kind, Figures>) -> String {
    let mut table = format!("{:<24}{:>8}{:>8}{:>14}{:>13}\n", "kind", "marked", "missed", "as another", "false found");
    let mut sum = Figures::default();
    for (kind, of) in figures {
        writeln!(table, "{:<24}{:>8}{:>8}{:>14}{:>13}", kind.as_str(), of.marked, of.missed, of.other, of.false_found).unwrap();
        sum.marked += of.marked;
        sum.missed += of.missed;
        sum.other += of.other;
        sum.false_found += of.false_found;
    }
    writeln!(table, "{:<24}{:>8}{:>8}{:>14}{:>13}", "all", sum.marked, sum.missed, sum.other, sum.false_found).unwrap();
    table
}

#[test]
fn scratch_figures() {
    for (name, corpus) in [("tuned", TUNED), ("held out", HELD_OUT)] {
        let (figures, faults) = measure(corpus);
        println!("{name}, {} texts\n{}", corpus.lines().count(), table(&figures));
        if name == "tuned" || std::env::var_os("SHOW").is_some() {
            println!("{}", faults.join("\n"));
        }
    }
    let _ = clear("", &Known::default(), THIS_YEAR);
}

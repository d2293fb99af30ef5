//! How often the detectors miss and how often they see what is not there, on texts that were written before they were.

use super::{Finding, Kind, Known, clear, scan};
use std::{collections::BTreeMap, fmt::Write as _};

const TUNED: &str = include_str!("corpus/tuned.txt");
const HELD_OUT: &str = include_str!("corpus/held_out.txt");
const LATER: &str = include_str!("corpus/later.txt");
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
                faults.push(format!(
                    "{} found as {} ({}): {line}",
                    mark.0.as_str(),
                    touching[0].kind.as_str(),
                    touching[0].rule
                ));
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
        writeln!(table, "{:<24}{:>8}{:>8}{:>14}{:>13}", kind.as_str(), of.marked, of.missed, of.other, of.false_found)
            .unwrap();
        sum.marked += of.marked;
        sum.missed += of.missed;
        sum.other += of.other;
        sum.false_found += of.false_found;
    }
    writeln!(table, "{:<24}{:>8}{:>8}{:>14}{:>13}", "all", sum.marked, sum.missed, sum.other, sum.false_found).unwrap();
    table
}

/// The most that may go wrong: what was reached. Of each text file the kinds with a fault, as missed, as another, false found.
const REACHED: [(&str, &str, &[(Kind, [usize; 3])]); 3] = [
    ("tuned", TUNED, &[]),
    (
        "held out",
        HELD_OUT,
        &[(Kind::Name, [0, 0, 1]), (Kind::Date, [0, 0, 1]), (Kind::Url, [0, 1, 0]), (Kind::OtherIdentifier, [0, 1, 0])],
    ),
    (
        "later",
        LATER,
        &[
            (Kind::Name, [1, 0, 0]),
            (Kind::Geography, [0, 1, 1]),
            (Kind::Vehicle, [0, 1, 0]),
            (Kind::OtherIdentifier, [0, 1, 0]),
        ],
    ),
];

#[test]
fn the_detectors_miss_and_mistake_no_more_than_they_did() {
    let mut worse = Vec::new();
    for (name, corpus, reached) in REACHED {
        let (figures, faults) = measure(corpus);
        println!("{name}, {} texts\n{}", corpus.lines().count(), table(&figures));
        for (kind, now) in figures {
            let then = reached.iter().find(|(of, _)| *of == kind).map_or([0; 3], |(_, then)| *then);
            let now = [now.missed, now.other, now.false_found];
            if now.iter().zip(then).any(|(now, then)| *now > then) {
                worse.push(format!("{name}, {}: {now:?} and not {then:?}", kind.as_str()));
            }
        }
        if std::env::var_os("RAPPORT_SHOW_FINDINGS").is_some() {
            println!("{}", faults.join("\n"));
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("\n"));
    let texts: usize = REACHED.iter().map(|(_, corpus, _)| corpus.lines().count()).sum();
    assert!(texts >= 150, "{texts} texts");
}

fn found(text: &str) -> Vec<Kind> {
    scan(text, &Known::default(), THIS_YEAR).into_iter().map(|finding| finding.kind).collect()
}

/// One of each kind that has a form.
const SAMPLES: &[(Kind, &str)] = &[
    (Kind::Date, "03/14/2026"),
    (Kind::Date, "2026-01-08"),
    (Kind::Phone, "503-555-0177"),
    (Kind::Fax, "fax 541-555-0150"),
    (Kind::Email, "dana@example.org"),
    (Kind::Ssn, "123-45-6789"),
    (Kind::MedicalRecordNumber, "MRN 4417788"),
    (Kind::HealthPlanNumber, "1EG4-TE5-MK73"),
    (Kind::AccountNumber, "4111 1111 1111 1111"),
    (Kind::LicenseNumber, "NPI 1234567893"),
    (Kind::Vehicle, "1HGCM82633A004352"),
    (Kind::Device, "serial 4471992"),
    (Kind::IpAddress, "203.0.113.77"),
    (Kind::OtherIdentifier, "01990b5e-6c1f-7d39-8f38-0f3c2f5f7a18"),
];

fn each(text: &str, change: impl Fn(char) -> String) -> String {
    text.chars().map(change).collect()
}

fn digits_from(zero: u32, text: &str) -> String {
    each(text, |c| match c.to_digit(10) {
        Some(digit) => char::from_u32(zero + digit).unwrap().to_string(),
        None => c.to_string(),
    })
}

#[test]
fn another_form_of_its_characters_hides_nothing() {
    for (kind, sample) in SAMPLES {
        assert_eq!(found(sample), [*kind], "{sample}");
        let between = |hidden: char| each(sample, |c| format!("{c}{hidden}"));
        let swap = |from: char, to: &str| sample.replace(from, to);
        for hidden in [
            digits_from(0xff10, sample),
            digits_from(0x660, sample),
            digits_from(0x6f0, sample),
            digits_from(0x966, sample),
            digits_from(0x1d7ce, sample),
            between('\u{200b}'),
            between('\u{200d}'),
            between('\u{2060}'),
            between('\u{ad}'),
            between('\u{feff}'),
            between('\u{301}'),
            between('\u{fe0f}'),
            between('\u{e0041}'),
            swap('-', "\u{2011}"),
            swap('-', "\u{2212}"),
            swap('-', "\u{ff0d}"),
            swap('.', "\u{2024}"),
            swap('.', "\u{ff0e}"),
            swap('.', "\u{3002}"),
            swap('/', "\u{2044}"),
            swap('/', "\u{ff0f}"),
            swap('@', "\u{ff20}"),
            swap(' ', "\u{a0}"),
            swap(' ', "\u{2003}\u{200b}"),
            swap(' ', "\n"),
            swap(' ', "\r\n  "),
        ] {
            assert_eq!(found(&hidden), [*kind], "{hidden:?}");
        }
        // A line that breaks inside: after a mark, where lines do.
        for mark in ['-', '/', '@'] {
            let broken = swap(mark, &format!("{mark}\n"));
            assert!(!found(&broken).is_empty(), "{broken:?}");
        }
    }
    // Letters of other alphabets that look the same, and words that cannot be read at all.
    for hidden in [
        "d\u{430}n\u{430}@ex\u{430}mple.org",
        "\u{41c}\u{430}\u{440}\u{438}\u{44f}",
        "Ca\u{455}ey",
        "\u{738b}\u{5c0f}\u{660e}",
    ] {
        assert!(!found(hidden).is_empty(), "{hidden}");
    }
}

#[test]
fn what_is_counted_and_measured_identifies_nobody() {
    for text in [
        "BP 120/80, 118/76 and 122/82 over three visits",
        "pain 5/10, then 8/10, now 3/10; strength 4/5, 3+/5, 5/5",
        "L4-5 and L5-S1, C5-C6-C7, T12/L1, S1",
        "3x10 repetitions, 3 x 12, 15-12-10 reps, 5 sets of 5",
        "M54.50, M79.18, S13.4XXA, G44.209, F41.1; CPT 97140, 97110",
        "for 2 weeks, 6 months ago, every 4 to 6 hours, 24/7, 24-48 h",
        "ibuprofen 600 mg tid, levodopa 100/25, vitamin D 2000 IU, 0.5 mg/kg",
        "age 47, a 56-year-old woman, 89 y/o, 90 or older, 7 yo",
        "in 2023, since 2019, from 2018 to 2024, 2019-2021",
        "ROM 0-120, flexion 45/50, 10 degrees, 1.5 W/cm2, 80 Hz, 200 us",
        "scores 12/24, 24/50, 11/27, 38%, 44/56, 1:20, 10:30",
        "10000 steps, 1,000 m, 2.5 km, 82.5 kg, 175 cm, BMI 26.8",
        "5 4 3 3 2 2 1, rated 3 4 2 5 3 2 4 3 2 1",
        "first visit 5/10, last visit 2/10; third visit 4/5",
        "the 2nd rib, the 10th thoracic vertebra, on the 5th visit, grade III, phase 2",
        "may increase, march in place, will rest, a patient of 34, sat for 10 min, dec 10 deg",
        "Positive Spurling, Hawkins-Kennedy, Thomas test, Patrick's test, Parkinson's disease, Bell's palsy, Morton's neuroma",
        "\u{3b1}-blocker, \u{394} 5 degrees, 5 \u{b5}g, 37 \u{b0}C, 10 cm\u{b2}, \u{bd} tablet, pain \u{2193}, \u{1f642}",
    ] {
        let findings = scan(text, &Known::default(), THIS_YEAR);
        assert_eq!(findings, [], "{text}");
    }
}

#[test]
fn what_the_record_knows_is_found_however_it_is_written() {
    let mut known = Known::default();
    known.person("José Luis", "Núñez-Li");
    known.clinic("Relief on Pine (test)");
    known.address("1 Example Street, Springfield, Oregon");
    known.phone("+1 (503) 555-0142");
    known.email("jl.nunez@patients.example.org");
    known.record_number("N-48 813");
    let found = |text: &str| {
        scan(text, &known, THIS_YEAR).into_iter().map(|found| (found.kind, found.rule)).collect::<Vec<_>>()
    };
    for (kind, text) in [
        (Kind::Name, "we saw jose today"),
        (Kind::Name, "the nunez family"),
        (Kind::Name, "NÚÑEZ"),
        (Kind::Name, "nun\u{303}ez\u{2019}s knee"),
        (Kind::Name, "n\u{200b}u\u{200b}n\u{200b}e\u{200b}z"),
        (Kind::Name, "n u n e z"),
        (Kind::Name, "nu\nnez"),
        (Kind::Name, "li, as we said"),
        (Kind::Name, "relief on pine test"),
        (Kind::Geography, "in springfield"),
        (Kind::Geography, "1 example\nstreet"),
        (Kind::Phone, "5550142"),
        (Kind::Phone, "5-0-3-5-5-5-0-1-4-2"),
        (Kind::Email, "JL.NUNEZ @ patients.example.org"),
        (Kind::MedicalRecordNumber, "number n48813"),
    ] {
        assert!(
            found(text).iter().any(|(of, rule)| *of == kind && rule.starts_with("known")),
            "{text}: {:?}",
            found(text)
        );
    }
    for text in ["lie down, limp, list", "nunezia", "a relief on pineal", "in oregon", "luise"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn a_text_is_cleared_to_the_letter_or_not_at_all() {
    let text = " caf\u{e9} e\u{301} \r\n pain 5/10\t";
    assert_eq!(clear(text, &Known::default(), THIS_YEAR).unwrap().into_inner(), text);
    assert!(clear("Dr. Halvorsen", &Known::default(), THIS_YEAR).is_err());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..Default::default() })]

    #[test]
    fn findings_lie_in_the_text_in_order_and_apart(text in "([a-zA-Z0-9 @./:#,'\\n-]|\\PC|Dr\\. |MRN |/20){0,120}") {
        let findings = scan(&text, &Known::default(), THIS_YEAR);
        let mut last = 0;
        for found in &findings {
            assert!(last <= found.start && found.start < found.end, "{findings:?}");
            last = found.end;
        }
        assert!(last <= text.chars().count());
    }
}

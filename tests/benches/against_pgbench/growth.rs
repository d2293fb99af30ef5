//! What an operation costs at each size of the database, as figures and as a picture.

use crate::{
    Settings,
    report::{Sample, median},
    scenarios::Scenario,
};
use anyhow::{Context, Result};
use serde_json::json;
use std::{fmt::Write, path::Path};

/// Few enough that nobody waits for anybody: what is measured is the operation and not the crowd.
pub(crate) const CONNECTIONS: usize = 2;

/// The picture, in the repository.
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/growth.svg");

/// What was measured with so many reports.
pub(crate) struct Size {
    reports: u64,
    rounds: Vec<(Scenario, Vec<Sample>)>,
}

impl Size {
    /// Nothing yet.
    pub(crate) fn new(reports: u64) -> Self {
        Self { reports, rounds: Vec::new() }
    }

    /// A round more.
    pub(crate) fn add(&mut self, scenario: Scenario, sample: Sample) {
        match self.rounds.iter_mut().find(|(known, _)| *known == scenario) {
            Some((_, samples)) => samples.push(sample),
            None => self.rounds.push((scenario, vec![sample])),
        }
    }

    fn of(&self, scenario: Scenario, figure: impl Fn(&Sample) -> f64) -> f64 {
        let rounds = self.rounds.iter().filter(|(known, _)| *known == scenario);
        median(rounds.flat_map(|(_, samples)| samples.iter().map(&figure)).collect())
    }

    /// Processor time of an operation, of the service and Postgres together, in microseconds.
    fn cost(&self, scenario: Scenario) -> f64 {
        self.of(scenario, |it| it.micros_of(it.service + it.postgres))
    }
}

/// Prints the table, writes the figures and draws the picture.
pub(crate) fn tell(settings: &Settings, sizes: &[Size], file: &Path) -> Result<()> {
    let mut table = String::new();
    writeln!(
        table,
        "\n{CONNECTIONS} connections, median of {} rounds of {} s: processor microseconds of an operation, service + Postgres, \
         and half of the operations faster than, in ms\n",
        settings.rounds, settings.seconds
    )?;
    write!(table, "| |")?;
    for size in sizes {
        write!(table, " {} reports |", size.reports)?;
    }
    writeln!(table, " at most |\n| --- |{} --- |", " --- |".repeat(sizes.len()))?;
    for scenario in settings.scenarios() {
        write!(table, "| {} |", scenario.name())?;
        for size in sizes {
            write!(
                table,
                " {:.0} + {:.0}, {:.2} |",
                size.of(scenario, |it| it.micros_of(it.service)),
                size.of(scenario, |it| it.micros_of(it.postgres)),
                size.of(scenario, |it| it.measured.p50 / 1e3),
            )?;
        }
        writeln!(table, " {:+.0} % |", growth(scenario, sizes))?;
    }
    println!("{table}");
    let all: Vec<_> = sizes
        .iter()
        .map(|size| {
            let each = settings.scenarios().into_iter().map(|scenario| {
                json!({
                    "scenario": scenario.word(),
                    "name": scenario.name(),
                    "cpu_us": size.of(scenario, |it| it.micros_of(it.service)),
                    "postgres_cpu_us": size.of(scenario, |it| it.micros_of(it.postgres)),
                    "p50_ms": size.of(scenario, |it| it.measured.p50 / 1e3),
                    "p99_ms": size.of(scenario, |it| it.measured.p99 / 1e3),
                })
            });
            json!({"reports": size.reports, "scenarios": each.collect::<Vec<_>>()})
        })
        .collect();
    let all = json!({
        "settings": {"rounds": settings.rounds, "seconds": settings.seconds, "connections": CONNECTIONS},
        "sizes": all,
    });
    std::fs::write(file, serde_json::to_string_pretty(&all)?)?;
    println!("written to {}", file.display());
    if sizes.len() > 1 {
        std::fs::write(PICTURE, picture(&settings.scenarios(), sizes)?)?;
        println!("drawn to {PICTURE}");
    }
    Ok(())
}

/// By how much an operation costs more than at the first size, at the size where that is most, in percent.
fn growth(scenario: Scenario, sizes: &[Size]) -> f64 {
    let first = sizes.first().map_or(1.0, |size| size.cost(scenario));
    let most = sizes.iter().map(|size| size.cost(scenario)).fold(first, f64::max);
    (most / first - 1.0) * 100.0
}

/// Colours that are told apart on white and on black, by most eyes too (Okabe and Ito, 2008, without its black and yellow).
const COLOURS: [&str; 9] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#7f7f7f", "#a6761d"];

/// Where the lines are drawn, in pixels: left, top, right, bottom.
const FRAME: [f64; 4] = [80.0, 50.0, 560.0, 450.0];
/// The names of two lines are as far apart at least.
const LINE_HEIGHT: f64 = 17.0;

/// A picture with both axes logarithmic: a cost that does not grow is a level line, wherever it lies.
fn picture(scenarios: &[Scenario], sizes: &[Size]) -> Result<String> {
    let [left, top, right, bottom] = FRAME;
    let (first, last) = sizes.first().zip(sizes.last()).context("no size was measured")?;
    let costs = scenarios.iter().flat_map(|scenario| sizes.iter().map(|size| size.cost(*scenario)));
    let (lowest, highest) = costs.fold((f64::MAX, f64::MIN), |(low, high), cost| (low.min(cost), high.max(cost)));
    let (lowest, highest) = (lowest.log10().floor(), highest.log10().ceil());
    let (fewest, most) = ((first.reports as f64).log10(), (last.reports as f64).log10());
    let x = |reports: u64| left + ((reports as f64).log10() - fewest) / (most - fewest) * (right - left);
    let y = |cost: f64| bottom - (cost.log10() - lowest) / (highest - lowest) * (bottom - top);

    let mut svg = String::new();
    writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 510" font-family="sans-serif" font-size="13" role="img" aria-labelledby="title">
<title id="title">What an operation costs, by how many reports there are</title>
<style>
  text {{ fill: #1f2328; }} .grid {{ stroke: #d1d9e0; }} .paper {{ fill: #ffffff; }}
  @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3; }} .grid {{ stroke: #3d444d; }} .paper {{ fill: #0d1117; }} }}
</style>
<rect class="paper" width="900" height="510"/>
<text x="{left}" y="26" font-size="15">Processor time of an operation, service and Postgres together, and by how much it grows at most</text>"#
    )?;
    let decades = (lowest as i32)..=(highest as i32);
    for decade in decades.flat_map(|decade| [1.0, 2.0, 5.0].map(|times| times * 10_f64.powi(decade))) {
        if decade.log10() > highest + 1e-9 {
            break;
        }
        let at = y(decade);
        writeln!(svg, r#"<line class="grid" x1="{left}" y1="{at:.1}" x2="{right}" y2="{at:.1}"/>"#)?;
        writeln!(
            svg,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
            left - 8.0,
            at + 4.0,
            grouped(decade)
        )?;
    }
    for size in sizes {
        let at = x(size.reports);
        writeln!(svg, r#"<line class="grid" x1="{at:.1}" y1="{top}" x2="{at:.1}" y2="{bottom}"/>"#)?;
        writeln!(
            svg,
            r#"<text x="{at:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            bottom + 20.0,
            grouped(size.reports as f64)
        )?;
    }
    let (middle, across) = (f64::midpoint(left, right), f64::midpoint(top, bottom));
    writeln!(
        svg,
        r#"<text x="{middle}" y="{:.1}" text-anchor="middle">shared reports in the database</text>"#,
        bottom + 42.0
    )?;
    writeln!(
        svg,
        r#"<text x="20" y="{across}" text-anchor="middle" transform="rotate(-90 20 {across})">microseconds per operation</text>"#
    )?;
    // The names at the right, from the top down, so that none covers another.
    let mut lines: Vec<_> = scenarios.iter().zip(COLOURS).collect();
    lines.sort_by(|(one, _), (other, _)| last.cost(**other).total_cmp(&last.cost(**one)));
    let mut lowest_name = f64::MIN;
    for (scenario, colour) in lines {
        let points: Vec<String> =
            sizes.iter().map(|size| format!("{:.1},{:.1}", x(size.reports), y(size.cost(*scenario)))).collect();
        writeln!(svg, r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/>"#, points.join(" "))?;
        for point in &points {
            let (at_x, at_y) = point.split_once(',').context("a point")?;
            writeln!(svg, r#"<circle cx="{at_x}" cy="{at_y}" r="3" fill="{colour}"/>"#)?;
        }
        let end = y(last.cost(*scenario));
        let at = (end + 4.0).max(lowest_name + LINE_HEIGHT);
        lowest_name = at;
        writeln!(
            svg,
            r#"<line x1="{:.1}" y1="{end:.1}" x2="{:.1}" y2="{:.1}" stroke="{colour}"/>"#,
            right + 4.0,
            right + 22.0,
            at - 4.0
        )?;
        writeln!(
            svg,
            r#"<text x="{:.1}" y="{at:.1}">{}, {:+.0} %</text>"#,
            right + 27.0,
            scenario.name(),
            growth(*scenario, sizes)
        )?;
    }
    writeln!(svg, "</svg>")?;
    Ok(svg)
}

/// A whole number with commas between thousands.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

//! What was measured, as a table and as JSON.

use crate::{FirstAnswer, Memory, Settings, costs::Cost, http::Measured, scenarios::Scenario};
use anyhow::Result;
use rapport_tests::tap::Transaction;
use serde_json::{Value, json};
use std::{fmt::Write, path::Path};

/// One run of either side, with the processor time that it took, in seconds.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Of Postgres.
    pub(crate) postgres: f64,
    /// Of the service.
    pub(crate) service: f64,
    /// What the clients saw.
    pub(crate) measured: Measured,
}

impl Sample {
    /// Seconds as microseconds of each operation.
    pub(crate) fn micros_of(&self, seconds: f64) -> f64 {
        seconds * 1e6 / (self.measured.count.max(1) as f64)
    }
}

/// A scenario's rounds, and what an operation of it takes.
pub(crate) struct Outcome {
    /// Which.
    pub(crate) scenario: Scenario,
    statements: usize,
    round_trips: usize,
    parsed: usize,
    shape: Vec<Vec<(usize, String)>>,
    /// The most memory that the service had right after it, in MiB.
    pub(crate) resident: f64,
    /// Of `pgbench`, where it has a script, and of the service.
    pub(crate) rounds: Vec<(Option<Sample>, Sample)>,
}

impl Outcome {
    /// With what passed on the wire.
    pub(crate) fn new(scenario: Scenario, proved: &[Transaction]) -> Self {
        Self {
            scenario,
            statements: proved.iter().map(|transaction| transaction.statements.len()).sum(),
            round_trips: proved.iter().map(Transaction::round_trips).sum(),
            parsed: proved.iter().map(|transaction| transaction.parsed.len()).sum(),
            shape: proved.iter().map(Transaction::shape).collect(),
            resident: 0.0,
            rounds: Vec::new(),
        }
    }

    fn ours(&self, figure: impl Fn(&Sample) -> f64) -> f64 {
        median(self.rounds.iter().map(|(_, ours)| figure(ours)).collect())
    }

    fn both(&self, figure: impl Fn(&Sample, &Sample) -> f64) -> Option<f64> {
        let rounds = self.rounds.iter().map(|(theirs, ours)| Some(figure(theirs.as_ref()?, ours)));
        Some(median(rounds.collect::<Option<_>>()?))
    }

    fn theirs(&self, figure: impl Fn(&Sample) -> f64) -> Option<f64> {
        self.both(|theirs, _| figure(theirs))
    }

    fn line(&self, table: &mut String) -> Result<()> {
        let told = |figure: Option<f64>, digits: usize| figure.map_or("-".to_owned(), |it| format!("{it:.digits$}"));
        let millis = |part: f64| part / 1e3;
        let wire = |count: usize| if count == 0 { "-".to_owned() } else { count.to_string() };
        writeln!(
            table,
            "| {} | {} | {:.0} | {} | {} / {} | {:.2} / {:.2} | {} | {} | {} | {:.0} + {:.0} | {} | {:.0} |",
            self.scenario.name(),
            told(self.theirs(|it| it.measured.per_second), 0),
            self.ours(|it| it.measured.per_second),
            told(self.both(|theirs, ours| ours.measured.per_second / theirs.measured.per_second), 2),
            told(self.theirs(|it| millis(it.measured.p50)), 2),
            told(self.theirs(|it| millis(it.measured.p99)), 2),
            self.ours(|it| millis(it.measured.p50)),
            self.ours(|it| millis(it.measured.p99)),
            wire(self.statements),
            wire(self.round_trips),
            if self.statements == 0 { "-".to_owned() } else { self.parsed.to_string() },
            self.ours(|it| it.micros_of(it.service)),
            self.ours(|it| it.micros_of(it.postgres)),
            told(self.theirs(|it| it.micros_of(it.postgres)), 0),
            self.resident,
        )?;
        Ok(())
    }

    fn json(&self) -> Value {
        json!({
            "scenario": self.scenario.word(),
            "name": self.scenario.name(),
            "ratio": self.both(|theirs, ours| ours.measured.per_second / theirs.measured.per_second),
            "pgbench": {
                "per_second": self.theirs(|it| it.measured.per_second),
                "p50_ms": self.theirs(|it| it.measured.p50 / 1e3),
                "p99_ms": self.theirs(|it| it.measured.p99 / 1e3),
                "postgres_cpu_us": self.theirs(|it| it.micros_of(it.postgres)),
            },
            "service": {
                "per_second": self.ours(|it| it.measured.per_second),
                "p50_ms": self.ours(|it| it.measured.p50 / 1e3),
                "p99_ms": self.ours(|it| it.measured.p99 / 1e3),
                "cpu_us": self.ours(|it| it.micros_of(it.service)),
                "postgres_cpu_us": self.ours(|it| it.micros_of(it.postgres)),
            },
            "rounds": self.rounds.iter().map(|(theirs, ours)| json!({
                "pgbench": theirs.as_ref().map(|it| it.measured.per_second), "service": ours.measured.per_second,
            })).collect::<Vec<_>>(),
            "statements": self.statements,
            "round_trips": self.round_trips,
            "parsed_anew": self.parsed,
            "resident_mib": self.resident,
            "on_the_wire": self.shape,
        })
    }
}

/// The middle one, or the mean of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    if values.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.saturating_sub(1)), at(middle)) }
}

/// What was measured with so many reports and connections.
pub(crate) struct Part {
    /// Reports.
    pub(crate) reports: u64,
    /// Connections of each side.
    pub(crate) connections: usize,
    /// Of the service.
    pub(crate) memory: Memory,
    /// In the order in which the scenarios run.
    pub(crate) outcomes: Vec<Outcome>,
}

/// Prints the tables and writes the file. `starts` are of databases with so many reports.
pub(crate) fn tell(
    settings: &Settings,
    parts: &[Part],
    starts: &[(u64, FirstAnswer)],
    costs: &[Cost],
    file: &Path,
) -> Result<()> {
    let mut table = String::new();
    for part in parts {
        writeln!(
            table,
            "\n{} shared reports, {} connections of each side, median of {} rounds of {} s in turn\n",
            part.reports, part.connections, settings.rounds, settings.seconds
        )?;
        writeln!(
            table,
            "| | pgbench /s | service /s | ratio | pgbench p50/p99 ms | service p50/p99 ms | statements | round trips | \
             of them to prepare | CPU us per operation: service + Postgres | pgbench's Postgres | MiB after it |"
        )?;
        writeln!(table, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")?;
        for outcome in &part.outcomes {
            outcome.line(&mut table)?;
        }
        let Memory { idle, under_load, highest } = part.memory;
        writeln!(
            table,
            "\nresident memory: {idle:.0} MiB idle, {under_load:.0} MiB under load, {highest:.0} MiB at its highest"
        )?;
    }
    let mut answers = Vec::new();
    for reports in &settings.reports {
        let of = |figure: fn(&FirstAnswer) -> f64| {
            median(starts.iter().filter(|(size, _)| size == reports).map(|(_, start)| figure(start)).collect())
        };
        let (ready, authorised) = (of(|start| start.ready), of(|start| start.authorised));
        writeln!(
            table,
            "\nafter `serve` on an existing data folder with {reports} reports: ready after {ready:.0} ms, \
             first authorised answer after {authorised:.0} ms"
        )?;
        answers.push(json!({"reports": reports, "ready": ready, "authorised": authorised}));
    }
    let costs = costs_table(&mut table, costs)?;
    println!("{table}");
    let parts = parts.iter().map(|part| {
        json!({
            "reports": part.reports,
            "connections": part.connections,
            "memory_mib": {
                "idle": part.memory.idle, "under_load": part.memory.under_load, "highest": part.memory.highest,
            },
            "scenarios": part.outcomes.iter().map(Outcome::json).collect::<Vec<_>>(),
        })
    });
    let all: Value = json!({
        "settings": {"rounds": settings.rounds, "seconds": settings.seconds, "pool_size": settings.pool_size},
        "parts": parts.collect::<Vec<_>>(),
        "first_answer_ms": answers,
        "costs": costs,
    });
    std::fs::write(file, serde_json::to_string_pretty(&all)?)?;
    println!("written to {}", file.display());
    Ok(())
}

/// What each safeguard of a reading costs, as a table and as JSON.
fn costs_table(table: &mut String, costs: &[Cost]) -> Result<Vec<Value>> {
    if costs.is_empty() {
        return Ok(Vec::new());
    }
    writeln!(
        table,
        "\nwhat each safeguard of a reading costs the database: readings by pgbench with all of them, and without this one\n\n\
         | | with /s | without /s | ratio | Postgres CPU us of it |\n| --- | --- | --- | --- | --- |"
    )?;
    let mut all = Vec::new();
    for Cost { name, rounds } in costs {
        let of = |figure: &dyn Fn(&(Sample, Sample)) -> f64| median(rounds.iter().map(figure).collect());
        let with = of(&|(with, _)| with.measured.per_second);
        let without = of(&|(_, without)| without.measured.per_second);
        let ratio = of(&|(with, without)| with.measured.per_second / without.measured.per_second);
        let micros = of(&|(with, without)| with.micros_of(with.postgres) - without.micros_of(without.postgres));
        writeln!(table, "| {name} | {with:.0} | {without:.0} | {ratio:.2} | {micros:.0} |")?;
        all.push(json!({
            "name": name, "with_per_second": with, "without_per_second": without, "ratio": ratio, "postgres_cpu_us": micros,
        }));
    }
    Ok(all)
}

/// What two sides said, line by line; the lines that differ are marked.
pub(crate) fn difference(ours: &[Vec<(usize, String)>], theirs: &[Vec<(usize, String)>]) -> String {
    let lines = |side: &[Vec<(usize, String)>]| -> Vec<String> {
        side.iter().flatten().map(|(trip, sql)| format!("{trip} {sql}")).collect()
    };
    let (ours, theirs) = (lines(ours), lines(theirs));
    let mut told = String::new();
    for index in 0..ours.len().max(theirs.len()) {
        match (ours.get(index), theirs.get(index)) {
            (Some(our), Some(their)) if our == their => told.push_str(&format!("  both    {our}\n")),
            (our, their) => {
                told.push_str(&our.map(|our| format!("* service {our}\n")).unwrap_or_default());
                told.push_str(&their.map(|their| format!("* pgbench {their}\n")).unwrap_or_default());
            }
        }
    }
    told
}

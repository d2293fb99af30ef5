//! What was measured, as a table and as JSON.

use crate::{FirstAnswer, Memory, Settings, costs::Cost, http::Measured, scenarios::Scenario};
use anyhow::{Context, Result};
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
    fn micros_of(&self, seconds: f64) -> f64 {
        seconds * 1e6 / (self.measured.count.max(1) as f64)
    }
}

/// A scenario's rounds, and what an operation of it takes.
pub(crate) struct Outcome {
    scenario: Scenario,
    statements: usize,
    round_trips: usize,
    parsed: usize,
    shape: Vec<Vec<(usize, String)>>,
    /// Of `pgbench` and of the service.
    pub(crate) rounds: Vec<(Sample, Sample)>,
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
            rounds: Vec::new(),
        }
    }

    fn median(&self, figure: impl Fn(&(Sample, Sample)) -> f64) -> f64 {
        median(self.rounds.iter().map(figure).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let at = |index: usize| values.get(index).copied().unwrap_or_default();
    if values.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.saturating_sub(1)), at(middle)) }
}

/// Prints the table and writes the file.
pub(crate) fn tell(
    settings: &Settings,
    outcomes: &[Outcome],
    memory: &Memory,
    starts: &[FirstAnswer],
    costs: &[Cost],
    file: &Path,
) -> Result<()> {
    let mut table = String::new();
    writeln!(
        table,
        "\n{} connections each, {} shared reports, median of {} rounds of {} s in turn\n",
        settings.connections, settings.reports, settings.rounds, settings.seconds
    )?;
    writeln!(
        table,
        "| | pgbench /s | service /s | ratio | pgbench p50/p99 ms | service p50/p99 ms | statements | round trips | \
         of them to prepare | CPU us per operation: service + Postgres | pgbench's Postgres |"
    )?;
    writeln!(table, "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")?;
    let mut scenarios = Vec::new();
    for outcome in outcomes {
        let theirs = outcome.median(|(theirs, _)| theirs.measured.per_second);
        let ours = outcome.median(|(_, ours)| ours.measured.per_second);
        let ratio = outcome.median(|(theirs, ours)| ours.measured.per_second / theirs.measured.per_second);
        let cpu = [
            outcome.median(|(_, ours)| ours.micros_of(ours.service)),
            outcome.median(|(_, ours)| ours.micros_of(ours.postgres)),
            outcome.median(|(theirs, _)| theirs.micros_of(theirs.postgres)),
        ];
        let latency = [
            outcome.median(|(theirs, _)| theirs.measured.p50 / 1e3),
            outcome.median(|(theirs, _)| theirs.measured.p99 / 1e3),
            outcome.median(|(_, ours)| ours.measured.p50 / 1e3),
            outcome.median(|(_, ours)| ours.measured.p99 / 1e3),
        ];
        writeln!(
            table,
            "| {} | {theirs:.0} | {ours:.0} | {ratio:.2} | {:.2} / {:.2} | {:.2} / {:.2} | {} | {} | {} | {:.0} + {:.0} | {:.0} |",
            outcome.scenario.name(),
            latency[0],
            latency[1],
            latency[2],
            latency[3],
            outcome.statements,
            outcome.round_trips,
            outcome.parsed,
            cpu[0],
            cpu[1],
            cpu[2],
        )?;
        scenarios.push(json!({
            "name": outcome.scenario.name(),
            "ratio": ratio,
            "pgbench": {"per_second": theirs, "p50_ms": latency[0], "p99_ms": latency[1], "postgres_cpu_us": cpu[2]},
            "service": {
                "per_second": ours, "p50_ms": latency[2], "p99_ms": latency[3],
                "cpu_us": cpu[0], "postgres_cpu_us": cpu[1],
            },
            "rounds": outcome.rounds.iter().map(|(theirs, ours)| json!({
                "pgbench": theirs.measured.per_second, "service": ours.measured.per_second,
            })).collect::<Vec<_>>(),
            "statements": outcome.statements,
            "round_trips": outcome.round_trips,
            "parsed_anew": outcome.parsed,
            "on_the_wire": outcome.shape,
        }));
    }
    let ready = median(starts.iter().map(|start| start.ready).collect());
    let authorised = median(starts.iter().map(|start| start.authorised).collect());
    writeln!(
        table,
        "\nresident memory: {:.0} MiB idle, {:.0} MiB under load, {:.0} MiB at its highest\n\
         after `serve` on an existing data folder: ready after {ready:.0} ms, first authorised answer after {authorised:.0} ms",
        memory.idle, memory.under_load, memory.highest
    )?;
    let costs = costs_table(&mut table, costs)?;
    println!("{table}");
    let all: Value = json!({
        "settings": {
            "rounds": settings.rounds, "seconds": settings.seconds,
            "reports": settings.reports, "connections": settings.connections,
        },
        "scenarios": scenarios,
        "memory_mib": {"idle": memory.idle, "under_load": memory.under_load, "highest": memory.highest},
        "first_answer_ms": {"ready": ready, "authorised": authorised},
        "costs": costs,
    });
    let folder = file.parent().context("a folder for the figures")?;
    std::fs::create_dir_all(folder)?;
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

//! The script of `pgbench` for an operation, made from what the service said twice: of one item, and of another.
//!
//! A value that is the same both times is a constant. One that names the item is computed from the number that the script draws.
//! One that is new each time is new each time in the script too: an id, a hash, the number of a lock, a time; and equal where it was equal
//! within the operation. What travelled in one round trip travels in one. So a change of the service's statements needs no change
//! here, and no one can forget one.

use crate::{
    pgbench::Script,
    values::{self, BYTEA, INT8, JSONB, TEXT, TIMESTAMPTZ, UUID, UUIDS, VARCHAR},
};
use anyhow::{Context, Result, bail, ensure};
use rapport_sdk::{
    chrono::{DateTime, Utc},
    uuid::Uuid,
};
use rapport_tests::tap::{Parameter, Piece, Statement, Transaction, pieces};
use std::{
    collections::HashMap,
    fmt::{Display, Write},
};

/// A hash or a key is at most as long, in bytes. What is longer is a sealed text, which nothing looks for.
const LONGEST_HASH: usize = 80;
/// What lies as close to now is now, in seconds.
const NOW: f64 = 5.0;
/// Numbers that are hashes, such as those of locks and what patients are found by, are drawn up to this.
const LARGEST_NUMBER: u64 = 1_000_000_000_000;

/// A value that names the item: how the script computes it, and what it was each time, as text.
pub(crate) struct Named {
    expression: String,
    values: [String; 2],
}

impl Named {
    /// What it was of each of the two items.
    pub(crate) fn new<T: Display>(expression: &str, values: [T; 2]) -> Self {
        Self { expression: expression.to_owned(), values: values.map(|value| value.to_string()) }
    }
}

/// How a script draws an item, and how its values are recognised.
pub(crate) struct Item {
    /// Lines of the script that draw it.
    pub(crate) draw: String,
    /// In the order of precedence.
    pub(crate) named: Vec<Named>,
}

/// What the service said of two items.
pub(crate) struct Recording {
    /// Of each.
    pub(crate) said: [Vec<Transaction>; 2],
    /// When it began to.
    pub(crate) at: DateTime<Utc>,
}

impl Recording {
    /// Whether the other side was answered as the service was: as many rows, wherever both items have as many.
    ///
    /// # Errors
    /// What was answered otherwise.
    pub(crate) fn check_answers(&self, theirs: &[Transaction]) -> Result<()> {
        let [first, second] = &self.said;
        let statements = |side: &[Transaction]| -> Vec<Statement> {
            side.iter().flat_map(|transaction| transaction.statements.clone()).collect()
        };
        let both = statements(first).into_iter().zip(statements(second));
        for ((one, other), their) in both.zip(statements(theirs)) {
            ensure!(
                one.answer != other.answer || one.answer == their.answer,
                "the service is answered {}, and pgbench {}: {}",
                one.answer,
                their.answer,
                their.sql
            );
        }
        Ok(())
    }
}

/// Makes the script.
///
/// # Errors
/// The service said different things of the two, or what differs can't be explained.
pub(crate) fn derive(name: &str, item: &Item, recording: &Recording) -> Result<Script> {
    let mut maker = Maker { item, at: recording.at, constants: Vec::new(), new: HashMap::new(), drawn: HashMap::new() };
    let [first, second] = &recording.said;
    ensure!(first.len() == second.len(), "{name}: {} transactions, and then {}", first.len(), second.len());
    let mut body = String::new();
    for (one, other) in first.iter().zip(second) {
        let (one, other) = (one.trips(), other.trips());
        ensure!(one.len() == other.len(), "{name}: {} round trips, and then {}", one.len(), other.len());
        for (one, other) in one.into_iter().zip(other) {
            ensure!(one.len() == other.len(), "{name}: {} statements together, and then {}", one.len(), other.len());
            let is_pipelined = one.len() > 1;
            body.push_str(if is_pipelined { "\\startpipeline\n" } else { "" });
            for (one, other) in one.into_iter().zip(other) {
                let statement = maker.statement(one, other).with_context(|| format!("{name}: {}", one.sql))?;
                writeln!(body, "{statement};")?;
            }
            body.push_str(if is_pipelined { "\\endpipeline\n" } else { "" });
        }
    }
    let mut text = String::new();
    writeln!(text, "\\set i :i + 1")?;
    writeln!(text, "\\set new :base + (:i * {} + :client_id) * {}", crate::MOST_CONNECTIONS, maker.new.len().max(1))?;
    text.push_str(&item.draw);
    for number in 0..maker.drawn.len() {
        writeln!(text, "\\set number{number} random(1, {LARGEST_NUMBER})")?;
    }
    text.push_str(&body);
    let values = maker.constants.into_iter().enumerate().map(|(number, value)| (format!("v{number}"), value));
    Ok(Script { name: format!("{name}.sql"), text, values: values.collect() })
}

struct Maker<'i> {
    item: &'i Item,
    at: DateTime<Utc>,
    constants: Vec<String>,
    /// Which number of the operation's new ones a value has.
    new: HashMap<[String; 2], usize>,
    /// The same of numbers that are hashes.
    drawn: HashMap<[String; 2], usize>,
}

impl Maker<'_> {
    fn statement(&mut self, one: &Statement, other: &Statement) -> Result<String> {
        let mut text = String::new();
        let (parts, others) = (pieces(&one.sql), pieces(&other.sql));
        ensure!(parts.len() == others.len(), "another text the second time: {}", other.sql);
        for pair in parts.into_iter().zip(others) {
            match pair {
                (Piece::Text(here), Piece::Text(there)) if here == there => text.push_str(here),
                (Piece::Id(here), Piece::Id(there)) if here == there => write!(text, "'{here}'")?,
                // A setting, which is text.
                (Piece::Id(here), Piece::Id(there)) => {
                    let expression = self.varying(TEXT, [here.to_owned(), there.to_owned()])?;
                    write!(text, "{expression}::text")?;
                }
                (Piece::Parameter(here), Piece::Parameter(there)) if here == there => {
                    let (here, there) = (one.parameters.get(here), other.parameters.get(there));
                    let (here, there) = here.zip(there).context("a parameter without a value")?;
                    text.push_str(&self.parameter(here, there)?);
                }
                _ => bail!("another text the second time: {}", other.sql),
            }
        }
        Ok(text)
    }

    fn parameter(&mut self, here: &Parameter, there: &Parameter) -> Result<String> {
        ensure!(here.oid == there.oid, "another type the second time");
        let kind = values::type_name(here.oid)?;
        let expression = match (values::text(here)?, values::text(there)?) {
            // What has no value is NULL to pgbench.
            (None, None) => ":none".to_owned(),
            (Some(here), Some(there)) if here == there => self.constant(here),
            (Some(_), Some(_)) if here.oid == UUIDS => self.ids(here, there)?,
            (Some(text), Some(other)) => self.varying(here.oid, [text, other])?,
            _ => bail!("a value one time, and none the other"),
        };
        Ok(format!("{expression}::{kind}"))
    }

    fn ids(&mut self, here: &Parameter, there: &Parameter) -> Result<String> {
        let (here, there) = values::elements(here).zip(values::elements(there)).context("an array of another form")?;
        ensure!(here.len() == there.len(), "{} ids, and then {}", here.len(), there.len());
        let each = here.into_iter().zip(there).map(|(here, there)| {
            if here == there { Ok(format!("{}::uuid", self.constant(here))) } else { self.varying(UUID, [here, there]) }
        });
        Ok(format!("bench.ids({})", each.collect::<Result<Vec<_>>>()?.join(", ")))
    }

    fn constant(&mut self, value: String) -> String {
        let known = self.constants.iter().position(|known| *known == value);
        let number = known.unwrap_or_else(|| {
            self.constants.push(value);
            self.constants.len() - 1
        });
        format!(":v{number}")
    }

    fn varying(&mut self, oid: u32, pair: [String; 2]) -> Result<String> {
        if let Some(named) = self.item.named.iter().find(|named| named.values == pair) {
            return Ok(named.expression.clone());
        }
        let [here, there] = &pair;
        Ok(match oid {
            UUID => format!("bench.new_id(:began, :new::int8 + {})", self.fresh(pair)),
            TEXT | VARCHAR if Uuid::try_parse(here).is_ok() && self.new.contains_key(&pair) => {
                format!("bench.new_id(:began, :new::int8 + {})", self.fresh(pair))
            }
            BYTEA if here.len() == there.len() && here.len() <= 2 + 2 * LONGEST_HASH => {
                let length = here.len() / 2 - 1;
                format!("bench.bytes(:new::int8 + {}, {length})", self.fresh(pair))
            }
            INT8 => {
                let count = self.drawn.len();
                format!(":number{}", self.drawn.entry(pair).or_insert(count))
            }
            TIMESTAMPTZ => {
                let away = DateTime::parse_from_rfc3339(here)?.signed_duration_since(self.at).as_seconds_f64().round();
                format!("bench.at({})", if away.abs() <= NOW { 0.0 } else { away })
            }
            // Nothing is looked for by these: the name of a request, a place, a text that is sealed.
            TEXT | VARCHAR | JSONB | BYTEA => self.constant(here.clone()),
            _ => bail!("{here}, and then {there}: why?"),
        })
    }

    fn fresh(&mut self, pair: [String; 2]) -> usize {
        let count = self.new.len();
        *self.new.entry(pair).or_insert(count)
    }
}

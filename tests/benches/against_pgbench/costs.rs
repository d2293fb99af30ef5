//! What each safeguard of a reading costs the database: the script of the reading with all of them, and without one at a time.

use crate::{pgbench::Script, report::Sample};
use anyhow::{Context, Result};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};

/// A role that sees every row, which no part of the service may ever become.
pub(crate) const FREE_ROLE: &str = "bench_free";

/// A passage of the script, from this text up to that one, and what stands there instead.
type Cut = (&'static str, &'static str, &'static str);

/// A safeguard, and what the script is without it.
pub(crate) struct Safeguard {
    /// As the table names it.
    pub(crate) name: &'static str,
    cuts: &'static [Cut],
}

/// In the order of the reading.
pub(crate) const SAFEGUARDS: [Safeguard; 6] = [
    Safeguard { name: "row level security", cuts: &[("'role', 'rapport_tenant'", ", true)", "'role', 'bench_free'")] },
    Safeguard {
        name: "session and membership asked at each request",
        cuts: &[("SELECT \"members\".\"id\"", "SELECT \"shares\".\"id\"", "")],
    },
    Safeguard {
        name: "the lock against a revocation at the same time",
        // The floor decides by the time that comes with it.
        cuts: &[("hold_consents_of(", ");\nSELECT \"consents\"", "set_config('app.at', clock_timestamp()::text, true")],
    },
    Safeguard {
        name: "the gate: the patient's consents and the share as they stand now",
        cuts: &[("SELECT \"consents\".\"id\"", "\\endpipeline\n\\startpipeline\nINSERT", "")],
    },
    Safeguard {
        name: "the durable record of the reading",
        cuts: &[("INSERT INTO \"audit_events\"", "SELECT \"report_versions\"", "")],
    },
    Safeguard {
        name: "the patient's own key",
        cuts: &[
            (", \"data_keys\".\"clinic_id\"", " FROM (\"report_versions\"", ""),
            ("(\"report_versions\" INNER JOIN", " WHERE ((((\"report_versions\"", "\"report_versions\""),
            (" AND (\"data_keys\".\"wrapped\" IS NOT NULL)", ") LIMIT", ""),
        ],
    },
];

impl Safeguard {
    /// The script without it.
    ///
    /// # Errors
    /// What is cut is not in the script: it says something else by now.
    pub(crate) fn out_of(&self, script: &Script) -> Result<Script> {
        let mut text = script.text.clone();
        for (from, until, instead) in self.cuts {
            let start = text.find(from).with_context(|| format!("{}: no {from:?} in the script", self.name))?;
            let rest = text.get(start..).unwrap_or_default();
            let end = rest.find(until).with_context(|| format!("{}: no {until:?} after {from:?}", self.name))?;
            text.replace_range(start..start + end, instead);
        }
        Ok(Script { name: "without.sql".to_owned(), text, values: script.values.clone() })
    }
}

/// Makes the role that sees every row, and lets the service's login become it. Nothing may be served after that.
pub(crate) async fn make_free_role(database: &mut AsyncPgConnection, login: &str) -> Result<()> {
    let sql = format!("CREATE ROLE {FREE_ROLE} BYPASSRLS IN ROLE rapport_tenant; GRANT {FREE_ROLE} TO {login}");
    Ok(database.batch_execute(&sql).await?)
}

/// A safeguard's runs: with all of them, and without this one.
pub(crate) struct Cost {
    /// As the table names it.
    pub(crate) name: &'static str,
    /// In turn.
    pub(crate) rounds: Vec<(Sample, Sample)>,
}

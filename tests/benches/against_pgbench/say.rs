//! What the benchmark tells while it works: on standard error, so that the table stands alone on standard output.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{io::IsTerminal, time::Instant};

/// A line.
pub(crate) fn say(line: &str) {
    eprintln!("bench: {line}");
}

/// How far a piece of work is: a bar where somebody watches, else a line at its end.
pub(crate) struct Progress {
    what: &'static str,
    bar: ProgressBar,
    began: Instant,
}

impl Progress {
    /// Of so much.
    pub(crate) fn new(what: &'static str, total: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template("bench: {msg} [{bar:30}] {pos} of {len}, {eta} left") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self { what, bar, began: Instant::now() }
    }

    /// So much more is done.
    pub(crate) fn add(&self, count: u64) {
        self.bar.inc(count);
    }

    /// So much is left.
    pub(crate) fn left(&self, count: u64) {
        let total = self.bar.length().unwrap_or_default();
        self.bar.set_position(total.saturating_sub(count));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
        if !std::io::stderr().is_terminal() && self.bar.length() > Some(0) {
            let total = self.bar.length().unwrap_or_default();
            say(&format!("{}: {total} in {:.1} s", self.what, self.began.elapsed().as_secs_f64()));
        }
    }
}

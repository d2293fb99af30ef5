//! A bar on long work at the command line, where somebody watches.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How far a piece of work is. Nothing is drawn where standard error is no terminal.
pub struct Progress(ProgressBar);

impl Progress {
    /// For work with this name.
    pub fn new(what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos} of {len}, {eta} left");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(what);
        Self(bar)
    }

    /// It is so far, of so much.
    pub fn show(&self, done: u64, total: u64) {
        self.0.set_length(total);
        self.0.set_position(done);
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

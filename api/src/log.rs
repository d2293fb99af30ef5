//! What may stand in a log.

use anyhow::Context;
use nix::sys::resource::{Resource, setrlimit};
use std::backtrace::Backtrace;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::filter_fn,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Writes the log of this process to standard error.
///
/// # Errors
/// If the filter can't be understood.
pub fn init(filter: &str, is_json: bool) -> anyhow::Result<()> {
    subscriber(filter, is_json, std::io::stderr)?.init();
    Ok(())
}

/// Lets a panic tell where it happened and no more, since its words may quote what it choked on, and lets no crash leave an image
/// of the memory behind, in which everything stands. The database that we start inherits that.
pub fn keep_crashes_silent() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Names and lines of our code, if RUST_BACKTRACE asks for them: no values.
        let way = Backtrace::capture().to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        if tracing::dispatcher::has_been_set() {
            tracing::error!(place, way, "a panic: this is a mistake in the program");
        } else {
            eprintln!("rapport: a panic at {place}: this is a mistake in the program; {way}");
        }
    }));
    // Where the limit can't be lowered, there is none that could be: it is no reason not to serve.
    setrlimit(Resource::RLIMIT_CORE, 0, 0).ok();
}

/// A log of what passes the filter and is fit to be kept.
///
/// # Errors
/// If the filter can't be understood.
pub fn subscriber<W>(filter: &str, is_json: bool, to: W) -> anyhow::Result<impl Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let asked = EnvFilter::try_new(filter).with_context(|| format!("{filter:?} is no filter for the log"))?;
    let lines = fmt::layer().with_ansi(false).with_writer(to);
    let lines = if is_json { lines.json().boxed() } else { lines.boxed() };
    Ok(tracing_subscriber::registry().with(lines.with_filter(filter_fn(is_fit))).with(asked))
}

/// Libraries tell what passes through them when they are asked to tell all: heads with tokens, statements with their
/// values. Deeper than `info` only our own code is heard, whatever the filter says: it logs ids and words of ours.
fn is_fit(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || metadata.target().starts_with("rapport")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().map_or(Ok(0), |mut page| page.write(bytes))
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_library_that_is_asked_to_tell_all_is_not_written_down() -> anyhow::Result<()> {
        for is_json in [false, true] {
            let page = Page::default();
            let to = page.clone();
            tracing::subscriber::with_default(subscriber("trace", is_json, move || to.clone())?, || {
                tracing::trace!("our own");
                tracing::info!(target: "actix_http", "started");
                tracing::debug!(target: "actix_http", "authorization: Bearer abc");
            });
            let text = page.0.lock().map(|page| String::from_utf8_lossy(&page).into_owned()).unwrap_or_default();
            assert!(text.contains("our own") && text.contains("started"), "{text}");
            assert!(!text.contains("Bearer"), "{text}");
        }
        Ok(())
    }
}

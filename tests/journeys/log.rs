//! What the services of this process write to their log.

use std::{
    io::Write,
    sync::{Mutex, Once},
};

static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Recorder;

impl Write for Recorder {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOGGED.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Listens from now on, to all that the program would write if it was told to tell all.
pub(crate) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let subscriber = rapport_api::log::subscriber("trace", false, || Recorder).unwrap();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
}

/// All that was heard, of every service.
pub(crate) fn heard() -> String {
    String::from_utf8_lossy(&LOGGED.lock().unwrap()).into_owned()
}

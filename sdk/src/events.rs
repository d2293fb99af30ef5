//! What happened, read and followed.

use crate::{Client, Error, List, Result, list::word, request::Opened};
use futures_util::{Stream, stream};
use rapport_contract::events::{Event, EventList, EventType};
use reqwest::header::{ACCEPT, HeaderName, HeaderValue};
use std::{collections::VecDeque, time::Duration};

/// Silence after which a line counts as dead: the service says something every 15 seconds.
const SILENCE: Duration = Duration::from_secs(45);
/// So often in a row a line may not come about.
const PATIENCE: u32 = 8;
/// The longest wait between two of these.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest line that is read: an event is a few hundred bytes.
const MAX_LINE: usize = 64 * 1024;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The events of the signed-in clinic, of the objects that one may list.
///
/// ```no_run
/// use rapport_sdk::contract::events::EventType;
///
/// # async fn example(south: rapport_sdk::Client, last: i64) -> rapport_sdk::Result<()> {
/// let delivered = south.events().list().kind(EventType::ShareDelivered).after(last).send().await?;
/// for event in &delivered.items {
///     println!("{} {}", event.sequence, event.object.id);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Events {
    client: Client,
}

/// Marks the list of events, which can be narrowed by type and begun after an event.
#[derive(Debug, Clone, Copy)]
pub enum EventsOfClinic {}

impl Events {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// What happened, oldest first.
    ///
    /// # Errors
    /// When it is read: [`Kind::Validation`](crate::Kind::Validation) if [`after`](List::after) is less than 0;
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) to a machine without `events:read`. What one may not list is left
    /// out, and is no error.
    pub fn list(&self) -> List<EventList, EventsOfClinic> {
        List::new(self.client.get("/v1/events"))
    }

    /// What happens, as it happens.
    ///
    /// # Errors
    /// When it is [streamed](Follow::stream).
    pub fn follow(&self) -> Follow {
        Follow { client: self.client.clone(), after: None, kind: None }
    }
}

impl List<EventList, EventsOfClinic> {
    /// Those of this type.
    pub fn kind(self, kind: EventType) -> Self {
        self.filter("type", word(&kind))
    }

    /// Those after the event of this `sequence`.
    pub fn after(self, sequence: i64) -> Self {
        self.filter("after", sequence)
    }
}

/// Following events: narrow it, then [`stream`](Self::stream).
#[derive(Debug, Clone)]
#[must_use = "nothing is followed until it is streamed"]
pub struct Follow {
    client: Client,
    after: Option<i64>,
    kind: Option<EventType>,
}

impl Follow {
    /// From the event after this `sequence` on, and not from now on: keep the last one that you have dealt with, and nothing is
    /// missed over a restart.
    pub fn after(mut self, sequence: i64) -> Self {
        self.after = Some(sequence);
        self
    }

    /// Only events of this type.
    pub fn kind(mut self, kind: EventType) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Each event once, in order. A line that is cut, or ends with its access token, is taken up again where it was.
    ///
    /// # Errors
    /// It ends with the first error that waiting does not mend: [`Kind::Forbidden`](crate::Kind::Forbidden) to a
    /// machine without `events:read`, [`Kind::Validation`](crate::Kind::Validation) if [`after`](Self::after) is less
    /// than 0, [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) once the session has ended; or with the eighth
    /// in a row that it does, such as [`Kind::RateLimited`](crate::Kind::RateLimited) to who follows ten times already.
    /// What came before is not lost: stream again [`after`](Self::after) the last event.
    pub fn stream(self) -> impl Stream<Item = Result<Event>> + Send + 'static {
        let following = Following { of: self, line: None, read: VecDeque::new() };
        stream::try_unfold(following, async |mut following| {
            let event = following.next().await?;
            Ok(Some((event, following)))
        })
    }

    async fn open(&self) -> Result<Opened> {
        let mut request = self.client.get("/v1/events/stream");
        if let Some(kind) = self.kind {
            request = request.query("type", word(&kind));
        }
        request = request.header(ACCEPT, HeaderValue::from_static("text/event-stream"));
        if let Some(after) = self.after {
            request = request.header(LAST_EVENT_ID, HeaderValue::from(after));
        }
        request.open().await
    }
}

struct Following {
    of: Follow,
    line: Option<Line>,
    read: VecDeque<Event>,
}

/// An open line, and what of the text has not been understood yet.
struct Line {
    opened: Opened,
    text: Text,
}

impl Following {
    async fn next(&mut self) -> Result<Event> {
        let mut failures = 0;
        loop {
            // One that was told before the line was cut is told again.
            while let Some(event) = self.read.pop_front() {
                if self.of.after.is_none_or(|after| event.sequence > after) {
                    self.of.after = Some(event.sequence);
                    return Ok(event);
                }
            }
            match self.more().await {
                Ok(()) => failures = 0,
                Err(error) => {
                    self.line = None;
                    failures += 1;
                    if !error.is_retryable() || failures >= PATIENCE {
                        return Err(error);
                    }
                    let backoff = Duration::from_millis(250).saturating_mul(1 << failures.min(10)).min(LONGEST);
                    tokio::time::sleep(error.retry_after().unwrap_or_default() + backoff).await;
                }
            }
        }
    }

    /// Reads on, on a new line if there is none.
    async fn more(&mut self) -> Result<()> {
        let line = match &mut self.line {
            Some(line) => line,
            None => self.line.insert(Line { opened: self.of.open().await?, text: Text::default() }),
        };
        let chunk = match tokio::time::timeout(SILENCE, line.opened.chunk()).await {
            Ok(Ok(Some(chunk))) => chunk,
            // It ended, was cut, or is dead: it is taken up again.
            Ok(Ok(None) | Err(_)) | Err(_) => {
                self.line = None;
                return Ok(());
            }
        };
        let told = line.text.read(&chunk)?;
        self.read.extend(told.events);
        // Where the line stands, even if there was nothing for us: from there it is taken up.
        if let Some(id) = told.id.filter(|_| self.read.is_empty()) {
            self.of.after = self.of.after.max(Some(id));
        }
        Ok(())
    }
}

/// Server-sent events (HTML Living Standard, 9.2.6), as far as the service uses them.
#[derive(Default)]
struct Text {
    buffer: Vec<u8>,
    data: String,
}

#[derive(Default)]
struct Told {
    events: Vec<Event>,
    id: Option<i64>,
}

impl Text {
    fn read(&mut self, chunk: &[u8]) -> Result<Told> {
        self.buffer.extend_from_slice(chunk);
        let mut told = Told::default();
        while let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() {
                if !self.data.is_empty() {
                    let event = serde_json::from_str(&self.data).map_err(|error| Error::unreadable(&error));
                    self.data.clear();
                    told.events.push(event?);
                }
            } else if let Some(data) = line.strip_prefix("data:") {
                self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            } else if let Some(id) = line.strip_prefix("id:") {
                told.id = id.trim().parse().ok().or(told.id);
            }
        }
        if self.buffer.len() > MAX_LINE || self.data.len() > MAX_LINE {
            return Err(Error::unusable("the stream of events holds a line without end"));
        }
        Ok(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, Reply, problem};
    use futures_util::{StreamExt, TryStreamExt};

    fn event(sequence: i64) -> String {
        let id = uuid::Uuid::from_u128(sequence.unsigned_abs().into());
        let event = serde_json::json!({"id": id, "type": "share.opened", "occurred_at": "2026-11-23T09:00:00Z",
            "sequence": sequence, "object": {"type": "share", "id": id, "version": 2}, "new_field": true});
        format!("id: {sequence}\ndata: {event}\n\n")
    }

    fn stream(body: String) -> Reply {
        Reply::Say(200, "content-type: text/event-stream\r\n".to_owned(), body)
    }

    #[test]
    fn a_text_is_understood_wherever_it_is_cut() {
        let whole = format!("retry: 1000\nid: 6\n\n:\n\n{}{}", event(7), event(8).replace('\n', "\r\n"));
        for size in [1, 2, 3, 7, whole.len()] {
            let mut text = Text::default();
            let mut sequences = Vec::new();
            for piece in whole.as_bytes().chunks(size) {
                sequences.extend(text.read(piece).unwrap().events.iter().map(|event| event.sequence));
            }
            assert_eq!(sequences, [7, 8], "in pieces of {size}");
        }
    }

    #[tokio::test]
    async fn a_line_that_is_cut_is_taken_up_where_it_was_and_nothing_is_told_twice() {
        let fake = Fake::start(|number, _| match number {
            1 => stream(format!("retry: 1000\nid: 4\n\n{}{}", event(5), event(6))),
            2 => Reply::HangUp,
            3 => problem(503, "unavailable"),
            4 => stream(format!("{}{}", event(6), event(7))),
            _ => problem(403, "forbidden"),
        })
        .await;
        let mut events = std::pin::pin!(fake.client().events().follow().stream());
        let mut sequences = Vec::new();
        let end = loop {
            match events.try_next().await {
                Ok(Some(event)) => sequences.push(event.sequence),
                Ok(None) => panic!("a stream has no end but an error"),
                Err(error) => break error,
            }
        };
        assert_eq!((sequences, end.kind()), (vec![5, 6, 7], Some(crate::Kind::Forbidden)));
        assert!(events.next().await.is_none());
        let last: Vec<_> =
            fake.asked().iter().map(|asked| asked.header("last-event-id").map(ToOwned::to_owned)).collect();
        let expected = [None, Some("6"), Some("6"), Some("6"), Some("7")].map(|id| id.map(ToOwned::to_owned));
        assert_eq!(last, expected);
    }

    #[tokio::test]
    async fn whoever_is_cut_off_before_the_first_event_has_a_place_all_the_same() {
        let fake = Fake::start(|number, _| match number {
            1 => stream("retry: 1000\nid: 40\n\n".to_owned()),
            2 => stream(event(41)),
            _ => problem(403, "forbidden"),
        })
        .await;
        let mut events = std::pin::pin!(fake.client().events().follow().stream());
        assert_eq!(events.try_next().await.unwrap().unwrap().sequence, 41);
        assert_eq!(fake.asked()[1].header("last-event-id"), Some("40"));
    }
}

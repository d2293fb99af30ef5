//! The one error type.

use rapport_contract::problem::{FieldError, Kind, Problem};
use reqwest::StatusCode;
use std::{fmt, sync::Arc, time::Duration};

/// What a call gives back. What may be in its [`Error`] is told by each method, as far as it is the method's own, and
/// [there](Error#what-every-call-may-meet) as far as it is any call's.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call failed.
///
/// Match on [`kind`](Self::kind); everything else is for people and for waiting. It never holds or prints a body, a
/// token or a submitted value, so it may be logged.
///
/// # What every call may meet
/// A method tells under *Errors* what is its own. Besides, any call may fail so, after the attempts that its
/// [`Policy`](crate::Policy) allows:
///
/// - No kind and no [`status`](Self::status): no connection, no answer, or none [in time](Self::is_timeout). Ask
///   [`is_retryable`](Self::is_retryable) whether the same call is safe; if not, read first what became of it.
/// - No kind, with a status: an answer that a gateway made, that can't be read, or that is larger than 16 MiB.
/// - [`Kind::Unauthenticated`]: nobody is signed in, or the session has ended and could not be renewed. Sign in again.
/// - [`Kind::InvalidClient`] or [`Kind::InvalidScope`]: a machine gets no token. It has ended, its secret or key is not
///   good, or it has none of the scopes that it asks for. Have the clinic's owner look.
/// - [`Kind::Forbidden`]: the caller's role, or the scopes of a machine, do not allow this. Ask the clinic's owner.
/// - [`Kind::RateLimited`]: the budget of the caller, the clinic or the network is used up. Wait for
///   [`retry_after`](Self::retry_after).
/// - [`Kind::Unavailable`]: the service is busy, or without its database. Nothing was changed; wait as well.
/// - [`Kind::IdempotencyInProgress`]: an attempt whose answer was lost still runs. Read a little later what it did.
/// - [`Kind::Internal`]: a fault of the service. Nothing was changed; quote the [`request_id`](Self::request_id).
/// - [`Kind::ContentTooLarge`]: the body is larger than is taken, 256 KiB or, with a file, 12 MiB.
///
/// [`Kind::BadRequest`] tells that a body was cut off or came too slowly. The kinds that are left, such as
/// [`Kind::PreconditionRequired`], come of requests of your own making ([`Client::request`](crate::Client::request)):
/// the methods send what is asked for.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    cause: Cause,
    status: Option<StatusCode>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    is_retryable: bool,
}

/// What the answer told besides its body.
#[derive(Default)]
pub(crate) struct Circumstances {
    pub(crate) status: Option<StatusCode>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) is_retryable: bool,
}

pub(crate) enum Cause {
    /// The service said what was wrong.
    Problem(Box<Problem>),
    /// An answer that is neither a success nor a problem; a gateway's, most of the time.
    NotAProblem,
    /// A success whose body is not what it should be.
    Unreadable(String),
    /// The answer is larger than the client reads.
    TooLarge,
    /// No answer, or not all of it.
    Transport(reqwest::Error),
    /// The call's time was up.
    TimedOut,
    /// The session has ended.
    SignedOut,
    /// It could not be sent as it was asked for.
    Unusable(&'static str),
    /// The audit log is not what it was, or not what it is said to be.
    Untrue(String),
    /// What was seen of the audit log could not be kept.
    NotKept(std::io::Error),
}

/// Why and where a body could not be read. The parser's own words are left out: they quote what stood there.
pub(crate) fn unreadable(error: &serde_json::Error) -> Cause {
    let why = match error.classify() {
        serde_json::error::Category::Io => "can't be read",
        serde_json::error::Category::Syntax => "is not JSON",
        serde_json::error::Category::Data => "is JSON of another shape",
        serde_json::error::Category::Eof => "is cut off",
    };
    Cause::Unreadable(format!("the answer {why} (line {}, column {})", error.line(), error.column()))
}

impl Error {
    pub(crate) fn new(cause: Cause, circumstances: Circumstances) -> Self {
        let Circumstances { status, request_id, retry_after, is_retryable } = circumstances;
        Self(Arc::new(Inner { cause, status, request_id, retry_after, is_retryable }))
    }

    pub(crate) fn unusable(what: &'static str) -> Self {
        Self::new(Cause::Unusable(what), Circumstances::default())
    }

    /// JSON that is not what was expected.
    pub(crate) fn unreadable(error: &serde_json::Error) -> Self {
        Self::new(unreadable(error), Circumstances::default())
    }

    pub(crate) fn untrue(what: String) -> Self {
        Self::new(Cause::Untrue(what), Circumstances::default())
    }

    pub(crate) fn not_kept(error: std::io::Error) -> Self {
        Self::new(Cause::NotKept(error), Circumstances::default())
    }

    pub(crate) fn timed_out(is_retryable: bool) -> Self {
        Self::new(Cause::TimedOut, Circumstances { is_retryable, ..Circumstances::default() })
    }

    pub(crate) fn signed_out() -> Self {
        Self::new(Cause::SignedOut, Circumstances::default())
    }

    /// What went wrong, to match on. `None` where the service did not say, or said something newer than this SDK.
    pub fn kind(&self) -> Option<Kind> {
        match &self.0.cause {
            Cause::Problem(problem) => problem.kind(),
            Cause::SignedOut => Some(Kind::Unauthenticated),
            _ => None,
        }
    }

    /// The HTTP status code; `None` where there was no answer.
    pub fn status(&self) -> Option<u16> {
        self.0.status.map(|status| status.as_u16())
    }

    /// The id to quote when asking about this call.
    pub fn request_id(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Problem(problem) if !problem.request_id.is_empty() => Some(&problem.request_id),
            _ => self.0.request_id.as_deref(),
        }
    }

    /// The problem as the service described it.
    pub fn problem(&self) -> Option<&Problem> {
        match &self.0.cause {
            Cause::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The fields that were refused, where the problem is about fields.
    pub fn field_errors(&self) -> &[FieldError] {
        self.problem().map_or(&[], |problem| &problem.errors)
    }

    /// Why the audit log does not check out, where that is the error: it was changed, or is not what the service says.
    pub fn audit_finding(&self) -> Option<&str> {
        match &self.0.cause {
            Cause::Untrue(what) => Some(what),
            _ => None,
        }
    }

    /// Whether making the same call again later may succeed and can't do the work twice.
    ///
    /// The SDK has already repeated what its [`Policy`](crate::Policy) allows. A change whose answer was lost is not
    /// retryable by this measure: a new call has a new idempotency key, so read first whether it happened, or make the
    /// call through [`Client::request`](crate::Client::request) with a key of your own.
    pub fn is_retryable(&self) -> bool {
        self.0.is_retryable
    }

    /// How long the service asks to wait before another try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether no answer came in time.
    pub fn is_timeout(&self) -> bool {
        match &self.0.cause {
            Cause::TimedOut => true,
            Cause::Transport(error) => error.is_timeout(),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Problem(problem) => write!(f, "{}: {}", problem.title, problem.detail)?,
            Cause::NotAProblem => f.write_str("the service refused without saying why")?,
            Cause::Unreadable(what) => f.write_str(what)?,
            Cause::TooLarge => f.write_str("the answer is too large")?,
            Cause::Transport(error) if error.is_timeout() => f.write_str("the service did not answer in time")?,
            Cause::Transport(error) if error.is_connect() => f.write_str("the service can't be reached")?,
            Cause::Transport(_) => f.write_str("the connection to the service failed")?,
            Cause::TimedOut => f.write_str("the call's time was up")?,
            Cause::SignedOut => f.write_str("the session has ended; sign in again")?,
            Cause::Unusable(what) => f.write_str(what)?,
            Cause::Untrue(what) => write!(f, "the audit log does not check out: {what}")?,
            Cause::NotKept(_) => f.write_str("the checkpoint of the audit log could not be read or kept")?,
        }
        if let Some(status) = self.status() {
            write!(f, " [{status}")?;
            if let Some(kind) = self.kind() {
                write!(f, " {}", kind.slug())?;
            }
            if let Some(request_id) = self.request_id() {
                write!(f, ", request {request_id}")?;
            }
            f.write_str("]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug
            .field("message", &format_args!("{self}"))
            .field("kind", &self.kind())
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("is_retryable", &self.is_retryable());
        if !self.field_errors().is_empty() {
            debug.field("field_errors", &self.field_errors());
        }
        if let Cause::Transport(error) = &self.0.cause {
            debug.field("source", error);
        }
        debug.finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.cause {
            Cause::Transport(error) => Some(error),
            Cause::NotKept(error) => Some(error),
            _ => None,
        }
    }
}

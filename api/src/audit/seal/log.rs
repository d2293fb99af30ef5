//! The checking of a sealed log, entry by entry. Pure: the same for a database and for an export, online and off.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rapport_contract::audit_log::{
    Checkpoint, LogEvent, PublicKey,
    checkpoint::Invalid,
    merkle::{Frontier, Hash, Node},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};
use uuid::Uuid;

/// How much earlier an event may be dated than those before it: transactions overlap, and end within this.
const OVERLAP: TimeDelta = TimeDelta::seconds(60);

/// The place of an event in the log, and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leaf {
    /// From 0, without a gap.
    pub(super) index: i64,
    pub(super) event_id: Uuid,
    pub(super) transaction_id: u64,
    pub(super) encoding: i16,
    /// In base64.
    pub(super) hash: String,
}

/// A leaf, and its event if that is still there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) leaf: Leaf,
    pub(super) event: Option<LogEvent>,
}

/// A checkpoint with the key that it says signed it.
#[derive(Debug, Clone)]
pub(super) struct SealedCheckpoint {
    pub(super) checkpoint: Checkpoint,
    pub(super) key: PublicKey,
    pub(super) note: String,
}

/// A checkpoint that is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unreadable {
    pub(super) size: i64,
}

/// What a log is read as, in this order.
pub(super) enum Item {
    /// Subtrees above the entries that follow, with their hashes in base64. An export has none: they follow from the entries.
    Nodes(Vec<(Node, String)>),
    Entry(Entry),
    Checkpoint(Result<SealedCheckpoint, Unreadable>),
    /// An event without a leaf.
    Unsealed(LogEvent),
    /// How many subtrees there are above all entries.
    NodeCount(i64),
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An event, and its entry if it has one.
    Event {
        /// The event's id.
        id: Uuid,
        /// The entry, from 0.
        index: Option<u64>,
    },
    /// Entries, from the first to the last.
    Entries {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The checkpoint of this size.
    Checkpoint {
        /// How many entries it is over.
        size: i64,
    },
    /// A subtree, by its level and position.
    Subtree {
        /// Its height.
        level: u8,
        /// Its place.
        position: u64,
    },
    /// A line of the witness file, from 1.
    Witness {
        /// The line.
        line: usize,
    },
    /// The log as a whole.
    Log,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { id, index: Some(index) } => write!(f, "event {id} (entry {index})"),
            Self::Event { id, index: None } => write!(f, "event {id} (no entry)"),
            Self::Entries { first, last } if first == last => write!(f, "entry {first}"),
            Self::Entries { first, last } => write!(f, "entries {first} to {last}"),
            Self::Checkpoint { size } => write!(f, "checkpoint of size {size}"),
            Self::Subtree { level, position } => write!(f, "subtree {position} of level {level}"),
            Self::Witness { line } => write!(f, "line {line} of the witness"),
            Self::Log => f.write_str("the log"),
        }
    }
}

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What a check came to.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many entries were checked.
    pub entries: u64,
    /// How many checkpoints.
    pub checkpoints: u64,
    /// How many checkpoints of the witness were compared.
    pub witnessed: u64,
    /// How many events are not sealed yet.
    pub unsealed: u64,
    /// When the first of them happened.
    pub unsealed_since: Option<DateTime<Utc>>,
    /// The keys that signed, where none was given to check against.
    pub untrusted_keys: Vec<String>,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// What is worth knowing and not wrong.
    pub notes: Vec<String>,
}

/// An entry whose event and leaf disagree.
struct Disagreement {
    index: u64,
    event: Uuid,
}

/// Two trees over the same entries: of the leaves as they are stored, and of those that the events make. As long as nothing
/// was changed they are one.
#[derive(Default)]
struct Trees {
    stored: Frontier,
    made: Frontier,
    /// What each completed since the last checkpoint.
    completed: Vec<(Node, Hash, Hash)>,
}

impl Trees {
    fn push(&mut self, stored: Hash, made: Hash) {
        let completed = self.stored.push(stored);
        let made = self.made.push(made);
        self.completed.extend(completed.into_iter().zip(made).map(|((node, stored), (_, made))| (node, stored, made)));
    }
}

/// Checks a log as it is read.
pub(super) struct Verifier {
    trusted: Vec<PublicKey>,
    witness: BTreeMap<u64, Witnessed>,
    trees: Trees,
    nodes: HashMap<Node, String>,
    has_nodes: bool,
    /// Where a part of the tree is gone its roots can't be made any more; that is told once.
    is_broken: bool,
    disagreements: Vec<Disagreement>,
    /// Of the entry before.
    last: Option<(u64, Uuid)>,
    latest: Option<DateTime<Utc>>,
    checkpoint: Option<Checkpoint>,
    from: u64,
    reads_dates: bool,
    report: Report,
}

/// A checkpoint as the witness saw it.
pub(super) struct Witnessed {
    pub(super) line: usize,
    pub(super) checkpoint: Checkpoint,
}

impl Verifier {
    /// For a log that these keys signed. Without a key the signatures are checked against the keys that the log itself names,
    /// and the report says so.
    pub(super) fn new(trusted: Vec<PublicKey>) -> Self {
        Self {
            trusted,
            witness: BTreeMap::new(),
            trees: Trees::default(),
            nodes: HashMap::new(),
            has_nodes: false,
            is_broken: false,
            disagreements: Vec::new(),
            last: None,
            latest: None,
            checkpoint: None,
            from: 0,
            reads_dates: true,
            report: Report::default(),
        }
    }

    /// For the rest of a log, from a checkpoint on.
    pub(super) fn starting_at(mut self, checkpoint: Checkpoint, edge: Frontier) -> Self {
        self.from = checkpoint.size;
        self.trees = Trees { made: edge.clone(), stored: edge, completed: Vec::new() };
        self.checkpoint = Some(checkpoint);
        self
    }

    /// Compares with what a witness has seen.
    pub(super) fn witness(&mut self, line: usize, note: &str) {
        let checkpoint = match self.trusted.as_slice() {
            [] => Checkpoint::read(note),
            keys => Checkpoint::verify(note, keys),
        };
        match checkpoint {
            Ok(checkpoint) => {
                let size = checkpoint.size;
                let witnessed = Witnessed { line, checkpoint };
                if let Some(other) = self.witness.get(&size)
                    && other.checkpoint.root != witnessed.checkpoint.root
                {
                    let what = format!("it saw another log of size {size} than line {} did", other.line);
                    self.find(Place::Witness { line }, what);
                }
                self.witness.entry(size).or_insert(witnessed);
            }
            Err(invalid) => self.find(Place::Witness { line }, invalid.to_string()),
        }
    }

    /// Looks at no event's date: a clock that was set right is no reason not to start.
    pub(super) fn ignore_dates(&mut self) {
        self.reads_dates = false;
    }

    pub(super) fn note(&mut self, note: String) {
        self.report.notes.push(note);
    }

    fn find(&mut self, place: Place, what: impl Into<String>) {
        self.report.findings.push(Finding { place, what: what.into() });
    }

    pub(super) fn item(&mut self, item: Item) {
        match item {
            Item::Nodes(nodes) => {
                self.has_nodes = true;
                if !self.is_broken {
                    self.nodes.extend(nodes);
                }
            }
            Item::Entry(entry) => self.entry(&entry),
            Item::Checkpoint(Ok(checkpoint)) => self.checkpoint(checkpoint),
            Item::Checkpoint(Err(Unreadable { size })) => {
                self.find(Place::Checkpoint { size }, "it can't be one: a hash, a key or the size is malformed");
            }
            Item::Unsealed(event) => self.unsealed(&event),
            Item::NodeCount(count) => self.count_nodes(count),
        }
    }

    /// Notes that the entries up to this one are gone.
    fn fill(&mut self, size: u64, what: &str) {
        let next = self.trees.stored.size();
        if next < size {
            self.find(Place::Entries { first: next, last: size - 1 }, what);
            self.is_broken = true;
            // The places after the gap keep their numbers; the roots are lost. One step: a gap may be as wide as a lie.
            let gap = Frontier::of(size, vec![[0; 32]; usize::try_from(size.count_ones()).unwrap_or(0)]);
            self.trees.stored = gap.clone().unwrap_or_default();
            self.trees.made = gap.unwrap_or_default();
            self.trees.completed.clear();
        }
    }

    fn entry(&mut self, entry: &Entry) {
        let Entry { leaf, event } = entry;
        let next = self.trees.stored.size();
        let Ok(index) = u64::try_from(leaf.index) else {
            let what = format!("it stands at {}, before the log begins", leaf.index);
            return self.find(Place::Event { id: leaf.event_id, index: None }, what);
        };
        let place = Place::Event { id: leaf.event_id, index: Some(index) };
        if index < next {
            return self.find(place, "another entry has the same number");
        }
        self.fill(index, "they are missing: their leaves were removed or renumbered");
        self.report.entries += 1;

        let order = (leaf.transaction_id, leaf.event_id);
        if self.last.is_some_and(|last| last >= order) {
            self.find(place.clone(), "it is out of order: entries were swapped, renumbered, or sealed twice");
        }
        self.last = self.last.max(Some(order));

        let stored = STANDARD.decode(&leaf.hash).ok().and_then(|hash| Hash::try_from(hash).ok());
        if stored.is_none() {
            self.find(place.clone(), "its leaf is no SHA-256");
        }
        let made = event.as_ref().and_then(|event| event.leaf(leaf.encoding));
        match event {
            None => self.find(place, "the event was removed; its leaf is still there"),
            Some(event) => {
                if made.is_none() {
                    let what =
                        format!("it is in version {} of the encoding, which this program does not know", leaf.encoding);
                    self.find(place.clone(), what);
                }
                if event.transaction_id != leaf.transaction_id || event.id != leaf.event_id {
                    self.find(place.clone(), "its leaf names another transaction or event than the event does");
                }
                if stored.is_some() && made.is_some() && stored != made {
                    self.disagreements.push(Disagreement { index, event: event.id });
                } else {
                    // A date that was changed says nothing about those after it.
                    self.dated(event, place);
                }
            }
        }
        let stored = stored.or(made).unwrap_or_default();
        self.trees.push(stored, made.unwrap_or(stored));
    }

    fn dated(&mut self, event: &LogEvent, place: Place) {
        if let Some(latest) = self.latest.filter(|latest| self.reads_dates && event.occurred_at < *latest - OVERLAP) {
            let what = format!(
                "it is dated {}, and an event before it {}: it was back-dated, or the database's clock went back",
                time(event.occurred_at),
                time(latest)
            );
            self.find(place, what);
        }
        self.latest = self.latest.max(Some(event.occurred_at));
    }

    fn checkpoint(&mut self, sealed: SealedCheckpoint) {
        let SealedCheckpoint { checkpoint, key, note } = sealed;
        let place = Place::Checkpoint { size: checkpoint.size.try_into().unwrap_or(i64::MAX) };
        let size = checkpoint.size;
        if size < self.trees.stored.size() {
            return self
                .find(place, "it comes after entries that it is not over: entries or checkpoints are out of order");
        }
        self.fill(size, "they are missing: the log was cut off, and a checkpoint still says that it had them");
        self.report.checkpoints += 1;

        let verified = match self.trusted.as_slice() {
            [] => Checkpoint::verify(&note, std::slice::from_ref(&key)),
            keys => Checkpoint::verify(&note, keys),
        };
        let is_signed = verified.is_ok();
        if let Err(invalid) = verified {
            let what = match invalid {
                Invalid::Malformed => "it is no checkpoint".to_owned(),
                Invalid::Signature => "its signature is not valid: it was changed after it was signed".to_owned(),
                Invalid::UnknownKey => format!("it was signed by a key that is not trusted ({})", key.id()),
            };
            self.find(place.clone(), what);
        } else if self.trusted.is_empty() && !self.report.untrusted_keys.contains(&key.id()) {
            self.report.untrusted_keys.push(key.id());
        }
        let before = self.checkpoint.take();
        match &before {
            Some(before) => {
                if checkpoint.size <= before.size {
                    self.find(place.clone(), "it is not larger than the one before it");
                }
                if checkpoint.sealed_at < before.sealed_at {
                    let what = format!(
                        "it is dated {}, and the one before it {}",
                        time(checkpoint.sealed_at),
                        time(before.sealed_at)
                    );
                    self.find(place.clone(), what);
                }
                if checkpoint.previous_root != Some(before.root) {
                    let what = format!(
                        "it does not follow the checkpoint of size {}: one between them was removed, or one of them changed",
                        before.size
                    );
                    self.find(place.clone(), what);
                }
                if checkpoint.origin != before.origin {
                    self.find(place.clone(), "it is of another log");
                }
            }
            None if checkpoint.previous_root.is_some() => {
                self.find(place.clone(), "it is the first and says that there was one before: that one was removed");
            }
            None => {}
        }
        self.root(before.map_or(0, |before| before.size), &checkpoint, &place, is_signed);
        if let Some(witnessed) = self.witness.remove(&size) {
            self.report.witnessed += 1;
            if witnessed.checkpoint != checkpoint {
                let what = format!(
                    "it is not the checkpoint that line {} of the witness saw: the log was rewritten",
                    witnessed.line
                );
                self.find(place, what);
            }
        }
        self.checkpoint = Some(checkpoint);
    }

    /// Compares the root, and says which of event and leaf is as it was sealed where they disagree.
    fn root(&mut self, first: u64, checkpoint: &Checkpoint, place: &Place, is_signed: bool) {
        let (is_stored, is_made) =
            (self.trees.stored.root() == checkpoint.root, self.trees.made.root() == checkpoint.root);
        if self.is_broken || !is_signed {
            self.disagree("its event and its leaf disagree: one of them was changed after it was sealed");
            if !self.is_broken && !is_stored && !is_made {
                self.find(place.clone(), "its root is not that of the entries");
            }
        } else if is_stored {
            self.disagree("the event was changed after it was sealed; its leaf is as it was");
            self.trees.made = self.trees.stored.clone();
            self.compare_nodes(true);
        } else if is_made {
            self.disagree("its leaf was changed; the event is as it was sealed");
            self.trees.stored = self.trees.made.clone();
            self.compare_nodes(false);
        } else {
            self.disagree("its event and its leaf disagree, and neither is what was sealed");
            let what =
                format!("the root that was signed at size {} is not theirs: one of them was changed", checkpoint.size);
            self.find(Place::Entries { first, last: checkpoint.size.saturating_sub(1) }, what);
            // What follows is told once: no later root can be right.
            self.is_broken = true;
        }
        self.trees.completed.clear();
    }

    fn disagree(&mut self, what: &str) {
        for Disagreement { index, event } in std::mem::take(&mut self.disagreements) {
            self.find(Place::Event { id: event, index: Some(index) }, what);
        }
    }

    /// Compares the subtrees that are stored with what the entries make.
    fn compare_nodes(&mut self, is_stored: bool) {
        for (node, stored, made) in std::mem::take(&mut self.trees.completed) {
            let right = STANDARD.encode(if is_stored { stored } else { made });
            let place = Place::Subtree { level: node.level, position: node.position };
            match self.nodes.remove(&node) {
                Some(hash) if hash == right => {}
                Some(_) => self.find(place, "its hash was changed: proofs that use it do not hold"),
                None if self.has_nodes => self.find(place, "it is missing: proofs that need it can't be made"),
                None => {}
            }
        }
    }

    fn count_nodes(&mut self, count: i64) {
        let size = self.trees.stored.size();
        let expected: u64 = (1..64).map(|level| size >> level).sum();
        if u64::try_from(count) != Ok(expected) && !self.is_broken {
            self.find(Place::Log, format!("it has {count} subtrees above its entries and should have {expected}"));
        }
    }

    fn unsealed(&mut self, event: &LogEvent) {
        let place = Place::Event { id: event.id, index: None };
        if self.last.is_some_and(|last| (event.transaction_id, event.id) <= last) {
            return self.find(
                place,
                "it stands in the log's past without an entry: it was put in later, or its leaf was removed",
            );
        }
        self.dated(event, place);
        self.report.unsealed += 1;
        let since = self.report.unsealed_since.unwrap_or(event.occurred_at);
        self.report.unsealed_since = Some(since.min(event.occurred_at));
    }

    /// What it all came to.
    pub(super) fn finish(mut self) -> Report {
        self.disagree("its event and its leaf disagree, and no checkpoint says which of them was changed");
        let sealed = self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
        let size = self.trees.stored.size();
        if size > sealed {
            let what =
                "no signed checkpoint is over them: one was removed, or they were put in by another than the sealer";
            self.find(Place::Entries { first: sealed, last: size - 1 }, what);
        }
        for (size, witnessed) in std::mem::take(&mut self.witness) {
            if size > self.from {
                let what = format!(
                    "it saw a log of size {size}, whose checkpoint is not there: the log was cut off or rewritten"
                );
                self.find(Place::Witness { line: witnessed.line }, what);
            }
        }
        self.report
    }
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

//! The model, `tests/differential/model.py`: a process that is told worlds and questions and answers them.

use super::world::{Pair, World};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Who answers for the texts.
pub(super) struct Model {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    /// How often each rule held and did not, so far.
    pub(super) counts: BTreeMap<String, [u64; 2]>,
}

/// Where the model and the saved disagreements are.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("differential")
}

impl Model {
    /// Starts it; none where there is no Python to be had, which it has said then. Under `CI=true` that is a failure.
    pub(super) fn start(options: &[&str]) -> Option<Self> {
        let mut command = Command::new("python3");
        command.arg(folder().join("model.py")).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = match command.spawn() {
            Ok(process) => process,
            Err(error) => {
                let line = format!("SKIPPED, the authorization differential: python3 does not start: {error}");
                assert!(env::var_os("CI").is_none_or(|value| value != "true"), "{line}");
                eprintln!("{line}");
                return None;
            }
        };
        let input = process.stdin.take();
        let output = BufReader::new(process.stdout.take().unwrap());
        Some(Self { process, input, output, counts: BTreeMap::new() })
    }

    /// The letter of each question.
    pub(super) fn ask(&mut self, world: &World, pairs: &[Pair]) -> Vec<u8> {
        let task = json!({"world": world, "pairs": pairs});
        writeln!(self.input.as_mut().unwrap(), "{task}").expect("the model listens");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the model answers");
        let answer: Value = serde_json::from_str(&line).expect("the model answers in JSON");
        self.counts = serde_json::from_value(answer["counts"].clone()).unwrap();
        let answers = answer["answers"].as_str().unwrap().as_bytes().to_vec();
        assert_eq!(answers.len(), pairs.len(), "one answer for each question");
        answers
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // At the end of its input it ends.
        self.input = None;
        self.process.wait().ok();
    }
}

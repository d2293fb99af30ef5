//! Asks every side about a world and says where they differ; cuts a world down as long as they still do.

use super::{
    model::Model,
    postgres::Postgres,
    service,
    world::{Micros, Pair, Principal, Seen, World},
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Who answers.
pub(super) struct Sides {
    pub(super) model: Model,
    pub(super) postgres: Option<Postgres>,
}

/// What was asked, and how often the answer was yes.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) pairs: usize,
    pub(super) allowed: usize,
}

/// A question that was answered in two ways.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disagreement {
    pub(super) pair: Pair,
    pub(super) model: bool,
    pub(super) service: bool,
    pub(super) postgres: Option<bool>,
}

/// A question and as much of its world as it takes. `note` says what was wrong, and with whom.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Case {
    pub(super) note: String,
    pub(super) world: World,
    pub(super) pair: Pair,
}

impl Sides {
    /// Asks these questions, and those that are a yes to any side: what somebody sees who should not is asked about even
    /// where nobody thought of asking.
    pub(super) async fn examine(&mut self, world: &World, asked: &[Pair]) -> (Tally, Vec<Disagreement>) {
        if let Some(postgres) = &mut self.postgres {
            postgres.settle(world).await;
        }
        let who: HashSet<(usize, Micros)> = asked.iter().map(|Pair(principal, _, _, at)| (*principal, *at)).collect();
        let places: HashMap<_, _> =
            world.reports.iter().enumerate().map(|(place, report)| (report.id, place)).collect();
        let mut pairs: HashSet<Pair> = asked.iter().copied().collect();
        let mut answers: HashMap<(usize, Micros), (Seen, Option<Seen>)> = HashMap::new();
        for (index, at) in who {
            let principal = world.principals[index];
            let by_service = service::seen(world, principal, at);
            let by_postgres = match &mut self.postgres {
                Some(postgres) => Some(postgres.seen(world, principal, at).await),
                None => None,
            };
            for (report, section) in by_service.iter().chain(by_postgres.iter().flatten()) {
                pairs.insert(Pair(index, places[report], *section, at));
            }
            answers.insert((index, at), (by_service, by_postgres));
        }
        let mut pairs: Vec<Pair> = pairs.into_iter().collect();
        pairs.sort_unstable();
        let letters = self.model.ask(world, &pairs);
        let mut tally = Tally { pairs: pairs.len(), allowed: 0 };
        let mut found = Vec::new();
        for (pair, letter) in pairs.into_iter().zip(letters) {
            let Pair(principal, report, section, at) = pair;
            let (by_service, by_postgres) = &answers[&(principal, at)];
            let what = (world.reports[report].id, section);
            let model = letter == b'r';
            let service = by_service.contains(&what);
            let postgres = by_postgres.as_ref().map(|seen| seen.contains(&what));
            tally.allowed += usize::from(model);
            if service != model || postgres.is_some_and(|postgres| postgres != model) {
                found.push(Disagreement { pair, model, service, postgres });
            }
        }
        (tally, found)
    }

    /// Drops from the world whatever it can, as long as they still differ over this question.
    pub(super) async fn shrink(&mut self, world: &World, pair: Pair) -> (World, Pair) {
        let (mut world, mut pair) = (world.clone(), pair);
        let mut chunk = world.entities().len().div_ceil(2);
        loop {
            let entities = world.entities();
            let mut is_smaller = false;
            for part in entities.chunks(chunk.max(1)) {
                let less = world.without(&part.iter().copied().collect());
                let Some(moved) = pair.moved(&world, &less) else { continue };
                if less.entities().len() < world.entities().len() && self.differ(&less, moved).await {
                    (world, pair, is_smaller) = (less, moved, true);
                }
            }
            if chunk == 1 && !is_smaller {
                let mut alone = world.clone();
                alone.principals = vec![world.principals[pair.0]];
                return (alone, Pair(0, pair.1, pair.2, pair.3));
            }
            chunk = (chunk / 2).max(1);
        }
    }

    async fn differ(&mut self, world: &World, pair: Pair) -> bool {
        let (_, found) = self.examine(world, &[pair]).await;
        found.iter().any(|each| each.pair == pair)
    }
}

impl Disagreement {
    /// One line: who asks for what, and who says yes.
    pub(super) fn tell(&self, world: &World) -> String {
        let Pair(principal, report, section, at) = self.pair;
        let Principal { member } = world.principals[principal];
        let report = world.reports[report].id;
        let time = service::time(at).to_rfc3339();
        let Self { model, service, postgres, .. } = self;
        let section = section.as_str();
        format!(
            "{member} reads {section} of {report} at {time}: model {model}, service {service}, Postgres {postgres:?}"
        )
    }
}

//! Who may read what, answered by everything that decides it: the service's rules, the floor in Postgres, and a model that was
//! written from the texts in another language. Worlds are made at random, with most of the questions close to a boundary; a
//! disagreement is cut down to what it takes and kept in `tests/differential/corpus`, which is asked again first.
//!
//! `RAPPORT_DIFFERENTIAL_PAIRS` says how many questions are asked, `RAPPORT_DIFFERENTIAL_SEED` with which seed.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails loudly")]

mod examine;
mod generate;
mod http;
mod model;
mod postgres;
mod service;
mod world;

use examine::{Case, Disagreement, Sides, Tally};
use fastrand::Rng;
use generate::Times;
use model::Model;
use postgres::Postgres;
use std::{collections::BTreeMap, env, fs};
use world::{Pair, World};

/// How many questions are asked where nobody says how many.
const PAIRS: usize = 60_000;
/// How many over HTTP.
const HTTP_PAIRS: usize = 600;
/// How many clinics a world has, and one that is small enough to be asked about by many models.
const CLINICS: std::ops::RangeInclusive<usize> = 20..=60;
const FEW_CLINICS: std::ops::RangeInclusive<usize> = 3..=6;

fn number(name: &str) -> Option<u64> {
    let text = env::var_os(name)?;
    Some(text.to_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{name} is a number")))
}

/// A random seed, unless one is given; told either way.
fn seed() -> u64 {
    let seed = number("RAPPORT_DIFFERENTIAL_SEED").unwrap_or_else(|| fastrand::u64(..));
    eprintln!("authorization differential: RAPPORT_DIFFERENTIAL_SEED={seed}");
    seed
}

/// Cuts the first disagreement down, keeps it, and fails.
async fn fail(sides: &mut Sides, world: &World, found: &[Disagreement], seed: u64) -> ! {
    let (small, pair) = sides.shrink(world, found[0].pair).await;
    let note = format!("found with seed {seed}; {}", found[0].tell(world));
    let path = model::folder().join("corpus").join(format!("{seed}.json"));
    fs::write(&path, serde_json::to_string_pretty(&Case { note, world: small, pair }).unwrap() + "\n").unwrap();
    let all: Vec<String> = found.iter().take(20).map(|each| each.tell(world)).collect();
    panic!(
        "{} disagreements with seed {seed}; the first, cut down, is in {}:\n{}",
        found.len(),
        path.display(),
        all.join("\n")
    );
}

fn tell(counts: &BTreeMap<String, [u64; 2]>) {
    for (rule, [held, did_not]) in counts {
        eprintln!("{rule:42} held {held:>11}, did not {did_not:>11}");
    }
}

/// The rules that were kept or broken less than once in a thousand questions: they were not tested.
fn idle(model: &Model, wanted: usize) -> Vec<String> {
    let least = u64::try_from(wanted / 1000).unwrap();
    let is_idle = |counts: &[u64; 2]| counts.iter().any(|count| *count < least);
    model.counts.iter().filter(|(_, counts)| is_idle(counts)).map(|(rule, _)| rule.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_and_postgres_agree_with_a_model_of_the_rules_written_a_second_time() {
    let seed = seed();
    let wanted = number("RAPPORT_DIFFERENTIAL_PAIRS").map_or(PAIRS, |pairs| usize::try_from(pairs).unwrap());
    let Some(model) = Model::start(&[]) else { return };
    let mut sides = Sides { model, postgres: Some(Postgres::start().await) };
    let mut total = Tally::default();
    let mut worlds = 0;
    while total.pairs < wanted || (total.pairs < 2 * wanted && !idle(&sides.model, wanted).is_empty()) {
        let mut rng = Rng::with_seed(seed.wrapping_add(worlds));
        let (world, times) = generate::world(&mut rng, CLINICS, Times::Exact);
        let questions = generate::questions(&mut rng, &world, &times);
        let (tally, found) = sides.examine(&world, &questions).await;
        if !found.is_empty() {
            fail(&mut sides, &world, &found, seed.wrapping_add(worlds)).await;
        }
        total.pairs += tally.pairs;
        total.allowed += tally.allowed;
        worlds += 1;
    }
    tell(&sides.model.counts);
    let share = total.allowed * 100 / total.pairs;
    eprintln!("{} pairs of {worlds} worlds, {share} % of them a yes, 0 disagreements", total.pairs);
    assert!((30..=60).contains(&share), "{share} % of the questions are a yes: too few are close to a boundary");
    let idle = idle(&sides.model, wanted);
    assert!(idle.is_empty(), "hardly ever kept, or hardly ever broken: {idle:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn disagreements_of_the_past_stay_settled() {
    let Some(model) = Model::start(&[]) else { return };
    let mut sides = Sides { model, postgres: Some(Postgres::start().await) };
    let mut replayed = 0;
    for entry in fs::read_dir(model::folder().join("corpus")).unwrap() {
        let path = entry.unwrap().path();
        let case: Case = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let (_, found) = sides.examine(&case.world, &[case.pair]).await;
        let told: Vec<String> = found.iter().map(|each| each.tell(&case.world)).collect();
        assert!(found.is_empty(), "{}: {}\n{}", path.display(), case.note, told.join("\n"));
        replayed += 1;
    }
    assert!(replayed > 0, "the corpus is empty");
}

/// The negative control: were a rule forgotten, or kept too strictly, it would be found out.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_with_one_rule_changed_is_found_out() {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    let worlds: Vec<(World, Vec<Pair>)> = (0..80)
        .map(|_| {
            let (world, times) = generate::world(&mut rng, FEW_CLINICS, Times::Exact);
            let questions = generate::questions(&mut rng, &world, &times);
            (world, questions)
        })
        .collect();
    let Some(mut model) = Model::start(&[]) else { return };
    model.ask(&worlds[0].0, &[]);
    let rules: Vec<String> = model.counts.keys().cloned().collect();
    assert!(rules.len() > 15, "{rules:?}");
    for rule in &rules {
        for change in ["--without", "--never"] {
            let Some(model) = Model::start(&[change, rule]) else { return };
            let mut sides = Sides { model, postgres: None };
            let mut is_found_out = false;
            for (world, questions) in &worlds {
                is_found_out = !sides.examine(world, questions).await.1.is_empty();
                if is_found_out {
                    break;
                }
            }
            assert!(is_found_out, "{change} {rule} was not noticed, with seed {seed}");
        }
    }
}

/// The same for the floor: with a hole in it, the same comparison does not pass.
#[tokio::test(flavor = "multi_thread")]
async fn a_floor_with_a_hole_is_found_out() {
    let seed = seed();
    for hole in [
        "create policy hole on report_versions for select to rapport_tenant using (true)",
        "create policy hole on reports for select to rapport_tenant using (true)",
        "alter table report_versions disable row level security",
        "alter policy in_an_emergency on report_versions using (clinic_id = (select current_setting('app.clinic_id')::uuid) and
         exists (select from emergency_accesses a where a.member_id = (select current_setting('app.member_id')::uuid)))",
        "create or replace function open_emergencies(at timestamptz) returns uuid[] language sql as $$
         select array_agg(patient_id) from emergency_accesses where member_id = current_setting('app.member_id')::uuid $$",
        "create or replace function purpose_key(purpose text) returns text language sql immutable as $$ select 'any' $$",
    ] {
        let Some(model) = Model::start(&[]) else { return };
        let mut postgres = Postgres::start().await;
        postgres.alter(hole).await;
        let mut sides = Sides { model, postgres: Some(postgres) };
        let mut rng = Rng::with_seed(seed);
        let mut is_found_out = false;
        for _ in 0..20 {
            let (world, times) = generate::world(&mut rng, FEW_CLINICS, Times::Exact);
            let questions = generate::questions(&mut rng, &world, &times);
            is_found_out = !sides.examine(&world, &questions).await.1.is_empty();
            if is_found_out {
                break;
            }
        }
        assert!(is_found_out, "not noticed: {hole}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_section_leaves_the_service_where_the_model_says_so_and_nowhere_else() {
    let mut rng = Rng::with_seed(seed());
    let wanted = number("RAPPORT_DIFFERENTIAL_HTTP_PAIRS").map_or(HTTP_PAIRS, |pairs| usize::try_from(pairs).unwrap());
    let Some(total) = http::compare(&mut rng, wanted).await else { return };
    let share = total.allowed * 100 / total.pairs;
    eprintln!("{} pairs over HTTP, {share} % of them a yes, 0 disagreements", total.pairs);
    assert!((10..=60).contains(&share), "{share} % of the questions are a yes");
}

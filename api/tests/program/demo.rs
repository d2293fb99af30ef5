//! `demo --once`: the main job from one command.

use super::run::{Postgres, Program, alone, end, folder, rapport};
use nix::sys::signal::Signal;

#[test]
fn the_demo_ends_well_twice_on_one_folder_and_shows_each_refusal() {
    let _alone = alone();
    let folder = folder();
    for _ in 0..2 {
        let mut demo = rapport(&["demo", "--once"]);
        demo.arg("--data-dir").arg(folder.path());
        let told = end(demo).well().stdout;
        // The contract asks for the first or the second, as the walk has it.
        assert!(told.contains("consent-pending") || told.contains("consent-missing"), "{told}");
        assert!(told.contains("consent-too-narrow"), "{told}");
        assert!(told.contains("consent-revoked"), "{told}");
        assert!(told.contains("complete: it is completed"), "{told}");
        assert!(told.contains("the patient is not named, of "), "{told}");
        assert!(told.contains("red flag: "), "{told}");
    }
}

#[test]
fn ctrl_c_in_the_middle_of_the_walk_ends_it_and_leaves_no_database_behind() {
    let _alone = alone();
    let folder = folder();
    let mut demo = rapport(&["demo", "--once"]);
    demo.arg("--data-dir").arg(folder.path());
    let demo = Program::start(demo);
    demo.url();
    let postgres = Postgres::of(folder.path());
    demo.signal(Signal::SIGINT);
    assert_eq!(demo.ends().refused().last(), Some(&"rapport: stopped before the walk was over"));
    postgres.is_gone();
}

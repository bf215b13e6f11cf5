//! The accessibility tree of the form in each of its states, as Chromium gives it to screen readers.
//! `UPDATE_TREES=1` writes the files in `accessibility_tree/`.

use std::path::Path;
use std::{env, fs};

use e2e::{Browser, FormPage, Samples, World, fill_in, freeze_timers, hold_responses, wait_for};
use serde_json::json;

/// Compares the tree of the open page with the file of this name, or writes the file. Returns a
/// description of the first difference.
fn difference(browser: &Browser, name: &str) -> Option<String> {
    let tree = browser.accessibility_tree();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/journeys/accessibility_tree");
    let path = folder.join(format!("{name}.txt"));
    if env::var_os("UPDATE_TREES").is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, tree).unwrap();
        return None;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    let (mut found, mut wanted) = (tree.lines(), expected.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (found.next(), wanted.next()) {
            (None, None) => return None,
            (found, wanted) if found == wanted => {}
            (found, wanted) => {
                return Some(format!(
                    "{name}.txt:{number}\n  found    {found:?}\n  expected {wanted:?}"
                ));
            }
        }
    }
}

/// The trees that differ.
#[derive(Default)]
struct Trees(Vec<String>);

impl Trees {
    fn check(&mut self, browser: &Browser, name: &str) {
        self.0.extend(difference(browser, name));
    }

    #[track_caller]
    fn assert_equal(&self) {
        assert!(
            self.0.is_empty(),
            "{}\nIf the new trees are correct, store them with UPDATE_TREES=1.",
            self.0.join("\n")
        );
    }
}

#[test]
fn screen_readers_get_the_expected_tree_in_each_state() {
    e2e::run_only_in!(Chromium, "the other drivers do not report the accessibility tree");
    let World { crm, proxy, browser } = &mut World::at("/forms/callback");
    let mut trees = Trees::default();
    let form = FormPage::ready(browser);
    freeze_timers(browser);
    trees.check(browser, "empty");
    form.submit();
    trees.check(browser, "problems");
    fill_in::callback(form);
    form.field("Phone").leave();
    trees.check(browser, "filled-in");

    crm.delay_responses();
    form.submit();
    form.wait_until_uploaded();
    trees.check(browser, "sending");
    hold_responses(browser, "/submissions/");
    form.press_button("Cancel");
    form.wait_for_failure();
    trees.check(browser, "cancelled");
    crm.clear_faults();
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    trees.check(browser, "retry-countdown");
    proxy.start_again();
    form.press_button("Cancel");
    crm.inject_fault(&json!({"kind": "refuse", "error_message": "No funnel “Sales”."}));
    form.field("Your name").write("Ada");
    form.submit();
    form.wait_for_failure_titled("We could not pass on your request");
    trees.check(browser, "refused");
    crm.clear_faults();
    form.field("Your name").write("Bo");
    form.submit();
    form.wait_for_deal();
    trees.check(browser, "done");
    trees.assert_equal();
}

#[test]
fn screen_readers_get_the_expected_tree_of_a_step() {
    e2e::run_only_in!(Chromium, "the other drivers do not report the accessibility tree");
    let World { browser, .. } = &World::at("/forms/steps");
    let mut trees = Trees::default();
    let form = FormPage::ready(browser);
    form.field("What do you want to build?").choose("An online shop");
    form.field("Which shop system do you use today?").write("none");
    trees.check(browser, "step-1");
    form.press_button("Continue");
    trees.check(browser, "step-2");
    trees.assert_equal();
}

#[test]
fn screen_readers_get_the_expected_tree_of_every_kind_of_question() {
    e2e::run_only_in!(Chromium, "the other drivers do not report the accessibility tree");
    let World { browser, .. } = &World::at("/forms/everything");
    let mut trees = Trees::default();
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    trees.check(browser, "every-kind");
    form.field("Files")
        .attach(&[&samples.pdf("Offer.pdf", 100_000), &samples.file("Empty.txt", b"")]);
    wait_for("the file's problem", || {
        Some(form.field("Files").problem()).filter(|text| !text.is_empty())
    });
    trees.check(browser, "files");
    trees.assert_equal();
}

//! Measures how soon a visitor can type, and how many bytes the page loads.

use std::thread::sleep;
use std::time::Duration;

use e2e::{Browser, Network};
use serde_json::json;

use super::implementations::{Implementation, OTHERS, OURS, OURS_BARE, names};
use super::stage::{Stage, all_versions, observing};
use crate::results::{Better, Column, Measured, Plot, Row, Table};
use crate::turns::rounds;

const METHOD: &str = include_str!("load.md");

const PHONE_WIDTH: u32 = 390;

/// Reads the values of all columns, in the order of the columns.
const READ: &str = "
    const loaded = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
    const bytes = loaded.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
    const painted = performance.getEntriesByName('first-contentful-paint')[0];
    return [bytes / 1000, loaded.length, painted.startTime, seen.field, seen.own, seen.shift];";

pub(crate) fn measure(times: usize) -> Measured {
    let columns = columns();
    let implementations: Vec<Implementation> =
        [OURS, OURS_BARE].into_iter().chain(OTHERS).collect();
    let mut rows: Vec<Row> = implementations
        .iter()
        .map(|implementation| Row::empty(implementation.name, implementation.ours, columns.len()))
        .collect();
    let stage = Stage::start();
    rounds(times, &names(&implementations), |index| {
        rows[index].add(visit(&stage, implementations[index]));
    });
    let plots = vec![
        Plot::new("bytes", "What the page loads, in kB", &["bytes"]),
        Plot::new(
            "first-field",
            "Milliseconds until the first field can be used",
            &["first field", "own field"],
        ),
    ];
    let table = Table {
        title: "The form with twelve fields".to_owned(),
        method: METHOD.to_owned(),
        columns,
        rows,
        plots,
        goals: Vec::new(),
    };
    Measured { tables: vec![table], versions: all_versions() }
}

fn columns() -> Vec<Column> {
    [
        ("bytes", "kB", "the size of the page and everything that it loads, as transferred, without headers"),
        ("requests", "", "the number of responses, including the page"),
        ("first paint", "ms", "until the page paints for the first time"),
        ("first field", "ms", "until the first usable field is painted; with the snippet, this is a field of the plain form, and the widget adopts its text"),
        ("own field", "ms", "until the first field of the form itself is painted, with its checks. Except for deal-form's snippet, this is the same field"),
        ("shift", "", "the sum of all layout shifts that the visitor did not cause"),
    ]
    .map(|(name, unit, meaning)| Column::new(name, unit, meaning, Better::Lower))
    .into()
}

fn visit(stage: &Stage, implementation: Implementation) -> Vec<f64> {
    let browser = observing(Browser::start());
    browser.set_width(PHONE_WIDTH);
    browser.emulate_network(Network::SLOW_4G);
    browser.slow_down_cpu(4);
    stage.open(&browser, &implementation.page(12));
    settle(&browser);
    let values = browser.script(READ, &[]);
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

/// Waits until the page has finished loading.
fn settle(browser: &Browser) {
    const QUIET: Duration = Duration::from_millis(700);
    let loaded = || browser.script("return performance.getEntriesByType('resource').length;", &[]);
    let mut before = json!(null);
    loop {
        let now = loaded();
        if now == before {
            return;
        }
        before = now;
        sleep(QUIET);
    }
}

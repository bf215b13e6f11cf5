//! Measures how much the page works for each key.

use std::thread::sleep;
use std::time::{Duration, Instant};

use e2e::Browser;

use super::form::Form;
use super::implementations::{Implementation, OTHERS, OURS, names};
use super::stage::{Stage, all_versions, observing};
use super::trace::{NAMES, Work, works};
use crate::results::{Better, Column, Measured, Plot, Row, Table};
use crate::turns::rounds;

const METHOD: &str = include_str!("typing.md");

/// The number of questions in each form, and the question to type into.
const LENGTHS: [(usize, &str); 3] = [(12, "Town"), (60, "Question 30"), (200, "Question 100")];

const KEYS: &str = "the quick brown fox jumps";

/// The time between two keys.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) fn measure(times: usize) -> Measured {
    let implementations: Vec<Implementation> = [OURS].into_iter().chain(OTHERS).collect();
    let empty = || -> Vec<Row> {
        implementations
            .iter()
            .map(|implementation| Row::empty(implementation.name, implementation.ours, 6))
            .collect()
    };
    let (mut painted, mut total) = (empty(), empty());
    let stage = Stage::start();
    rounds(times, &names(&implementations), |index| {
        let works = visit(&stage, implementations[index]);
        painted[index].add(figures(&works, |work| work.to_paint));
        total[index].add(figures(&works, |work| work.total));
    });
    let tables = vec![
        table("From the key to the next frame", METHOD, "key-to-paint", painted),
        table("All work after a key", METHOD_TOTAL, "key-in-all", total),
    ];
    Measured { tables, versions: all_versions() }
}

const METHOD_TOTAL: &str = "\
The same keys, with all work of the page until the next key, including later timers, idle callbacks and
garbage collection.";

fn table(title: &str, method: &str, plot: &str, rows: Vec<Row>) -> Table {
    let columns = LENGTHS.iter().flat_map(|(length, _)| {
        [
            (
                format!("{length} fields"),
                format!("the median of the keys, in a form of {length} questions"),
            ),
            (
                format!("{length} fields, p95"),
                "the time that 95 of 100 keys do not exceed".to_owned(),
            ),
        ]
    });
    let medians = LENGTHS.map(|(length, _)| format!("{length} fields"));
    let medians = medians.each_ref().map(String::as_str);
    Table {
        title: title.to_owned(),
        method: method.to_owned(),
        columns: columns
            .map(|(name, meaning)| Column::new(&name, "ms", &meaning, Better::Lower))
            .collect(),
        rows,
        plots: vec![Plot::new(
            plot,
            &format!("{title}, in ms, with the processor slowed down 4 times"),
            &medians,
        )],
        goals: Vec::new(),
    }
}

/// Opens each form and types. Returns the work for each key, grouped by form.
fn visit(stage: &Stage, implementation: Implementation) -> Vec<Vec<Work>> {
    let browser = observing(Browser::start_tracing());
    for (length, label) in LENGTHS {
        browser.slow_down_cpu(1);
        stage.open(&browser, &implementation.page(length));
        Form(&browser).click(label);
        browser.slow_down_cpu(4);
        let started = Instant::now();
        for (key, number) in KEYS.chars().zip(1..) {
            browser.press_key(key);
            sleep((PAUSE * number).saturating_sub(started.elapsed()));
        }
    }
    let works = works(&browser.take_trace(&NAMES));
    assert_eq!(works.len(), LENGTHS.len() * KEYS.len(), "keys in the trace");
    // Leave out the last key, because its work includes leaving the page.
    works.chunks(KEYS.len()).map(|keys| keys[..keys.len() - 1].to_vec()).collect()
}

/// Returns the median and the 95th percentile for each form.
fn figures(works: &[Vec<Work>], figure: fn(&Work) -> f64) -> Vec<f64> {
    let of_form = |works: &Vec<Work>| {
        let mut figures: Vec<f64> = works.iter().map(figure).collect();
        [50, 95].map(|percent| percentile(&mut figures, percent))
    };
    works.iter().flat_map(of_form).collect()
}

/// Returns the value that this percentage of the values does not exceed.
fn percentile(figures: &mut [f64], percent: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let rank = (figures.len() * percent).div_ceil(100).max(1);
    figures[rank - 1]
}

//! The cost of a key.

use std::thread::sleep;
use std::time::{Duration, Instant};

use e2e::Browser;

use super::form::Form;
use super::peers::{OTHERS, OURS, Peer, names};
use super::stage::{Stage, all_versions, watching};
use super::trace::{NAMES, Work, works};
use crate::results::{Better, Column, Measured, Plot, Row, Table};
use crate::turns::rounds;

const METHOD: &str = include_str!("typing.md");

/// How many questions the forms have, and which one is answered.
const LENGTHS: [(usize, &str); 3] = [(12, "Town"), (60, "Question 30"), (200, "Question 100")];

const KEYS: &str = "the quick brown fox jumps";

/// How often keys come.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) fn measure(times: usize) -> Measured {
    let peers: Vec<Peer> = [OURS].into_iter().chain(OTHERS).collect();
    let empty =
        || -> Vec<Row> { peers.iter().map(|peer| Row::empty(peer.name, peer.ours, 6)).collect() };
    let (mut painted, mut worked) = (empty(), empty());
    let stage = Stage::start();
    rounds(times, &names(&peers), |index| {
        let works = visit(&stage, peers[index]);
        painted[index].add(figures(&works, |work| work.to_paint));
        worked[index].add(figures(&works, |work| work.in_all));
    });
    let tables = vec![
        table("From the key to the next frame", METHOD, "key-to-paint", painted),
        table("All work after a key", METHOD_IN_ALL, "key-in-all", worked),
    ];
    Measured { tables, versions: all_versions() }
}

const METHOD_IN_ALL: &str = "\
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
            &format!("{title}, in ms of a processor slowed down 4 times"),
            &medians,
        )],
        goals: Vec::new(),
    }
}

/// The keys' works, form by form.
fn visit(stage: &Stage, peer: Peer) -> Vec<Vec<Work>> {
    let browser = watching(Browser::start_tracing());
    for (length, label) in LENGTHS {
        browser.slow_down_cpu(1);
        stage.open(&browser, &peer.page(length));
        Form(&browser).click(label);
        browser.slow_down_cpu(4);
        let begun = Instant::now();
        for (key, number) in KEYS.chars().zip(1..) {
            browser.press_key(key);
            sleep((PAUSE * number).saturating_sub(begun.elapsed()));
        }
    }
    let works = works(&browser.take_trace(&NAMES));
    assert_eq!(works.len(), LENGTHS.len() * KEYS.len(), "keys got lost");
    // The work of the last key is mixed with that of leaving the page.
    works.chunks(KEYS.len()).map(|keys| keys[..keys.len() - 1].to_vec()).collect()
}

/// Median and 95th percentile of each form.
fn figures(works: &[Vec<Work>], figure: fn(&Work) -> f64) -> Vec<f64> {
    let of_form = |works: &Vec<Work>| {
        let mut figures: Vec<f64> = works.iter().map(figure).collect();
        [50, 95].map(|hundredths| percentile(&mut figures, hundredths))
    };
    works.iter().flat_map(of_form).collect()
}

/// The figure that so many of a hundred do not exceed.
fn percentile(figures: &mut [f64], hundredths: usize) -> f64 {
    figures.sort_by(f64::total_cmp);
    let rank = (figures.len() * hundredths).div_ceil(100).max(1);
    figures[rank - 1]
}

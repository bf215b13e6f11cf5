//! What the page's main thread did for each key, from Chromium's own record of its tasks.
//!
//! The record has every task (`RunTask`) with the processor's time that it took. Waiting for the screen
//! is no task, and waiting for the processor is not the processor's time, so neither counts. Left out
//! are only tasks in which the driver evaluates something of its own.

use serde_json::Value;

/// The events that tell.
pub(super) const NAMES: [&str; 4] = [KEY, PICTURE, OF_DRIVER, TASK];

const KEY: &str = "EventDispatch";
const PICTURE: &str = "Commit";
const OF_DRIVER: &str = "EvaluateScript";
const TASK: &str = "RunTask";

/// What one key cost, in milliseconds of the processor.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    /// From the task that dispatches the key's event to the one that hands over the next picture.
    pub(super) to_paint: f64,
    /// To the last task before the next key.
    pub(super) in_all: f64,
}

/// The work of each key, in the order in which they were pressed.
pub(super) fn works(trace: &[Value]) -> Vec<Work> {
    let keys: Vec<&Value> = named(trace, KEY)
        .into_iter()
        .filter(|event| event["args"]["data"]["type"] == "keydown")
        .collect();
    let pictures = named(trace, PICTURE);
    let of_driver = named(trace, OF_DRIVER);
    let mut works = vec![Work::default(); keys.len()];
    let mut painted = vec![false; keys.len()];
    for task in named(trace, TASK) {
        let begun = keys.partition_point(|key| begin(key) < end(task));
        let Some(last) = begun.checked_sub(1) else { continue };
        if thread(task) != thread(keys[last]) || any_within(task, &of_driver) {
            continue;
        }
        let milliseconds = processor_time(task) / 1000.0;
        works[last].in_all += milliseconds;
        if !painted[last] {
            works[last].to_paint += milliseconds;
            painted[last] = any_within(task, &pictures);
        }
    }
    works
}

/// The events of that name in the order of time.
fn named<'t>(trace: &'t [Value], name: &str) -> Vec<&'t Value> {
    let mut found: Vec<&Value> = trace.iter().filter(|event| event["name"] == name).collect();
    found.sort_by(|one, other| begin(one).total_cmp(&begin(other)));
    found
}

/// Whether one of the events, which are in the order of time, begins in the task.
fn any_within(task: &Value, events: &[&Value]) -> bool {
    let first = events.partition_point(|event| begin(event) < begin(task));
    let mut later = events[first..].iter().take_while(|event| begin(event) < end(task));
    later.any(|event| thread(event) == thread(task))
}

fn thread(event: &Value) -> (&Value, &Value) {
    (&event["pid"], &event["tid"])
}

/// What the thread ran, in microseconds. Some events tell only how long they lasted.
fn processor_time(event: &Value) -> f64 {
    event["tdur"].as_f64().unwrap_or_else(|| end(event) - begin(event))
}

/// When an event began, in microseconds.
fn begin(event: &Value) -> f64 {
    event["ts"].as_f64().unwrap_or(0.0)
}

fn end(event: &Value) -> f64 {
    begin(event) + event["dur"].as_f64().unwrap_or(0.0)
}

//! Calculates how much the page's main thread works for each key, from Chromium's trace.
//!
//! The trace contains the processor time of each task (`RunTask`). Waiting for the screen or for the processor
//! is not included. Tasks that evaluate the driver's own scripts are left out.

use serde_json::Value;

/// The events to record.
pub(super) const NAMES: [&str; 4] = [KEY, FRAME, DRIVER_SCRIPT, TASK];

const KEY: &str = "EventDispatch";
const FRAME: &str = "Commit";
const DRIVER_SCRIPT: &str = "EvaluateScript";
const TASK: &str = "RunTask";

/// The processor time for one key, in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    /// The time from the task that dispatches the key's event to the task that submits the next
    /// frame.
    pub(super) to_paint: f64,
    /// The time of all tasks before the next key.
    pub(super) total: f64,
}

/// Returns the work for each key, in the order in which the keys were pressed.
pub(super) fn works(trace: &[Value]) -> Vec<Work> {
    let keys: Vec<&Value> = named(trace, KEY)
        .into_iter()
        .filter(|event| event["args"]["data"]["type"] == "keydown")
        .collect();
    let frames = named(trace, FRAME);
    let driver_scripts = named(trace, DRIVER_SCRIPT);
    let mut works = vec![Work::default(); keys.len()];
    let mut painted = vec![false; keys.len()];
    for task in named(trace, TASK) {
        let begun = keys.partition_point(|key| begin(key) < end(task));
        let Some(last) = begun.checked_sub(1) else { continue };
        if thread(task) != thread(keys[last]) || any_within(task, &driver_scripts) {
            continue;
        }
        let milliseconds = processor_time(task) / 1000.0;
        works[last].total += milliseconds;
        if !painted[last] {
            works[last].to_paint += milliseconds;
            painted[last] = any_within(task, &frames);
        }
    }
    works
}

/// Returns the events with this name, ordered by time.
fn named<'t>(trace: &'t [Value], name: &str) -> Vec<&'t Value> {
    let mut found: Vec<&Value> = trace.iter().filter(|event| event["name"] == name).collect();
    found.sort_by(|one, other| begin(one).total_cmp(&begin(other)));
    found
}

/// Returns whether an event begins within the task. The events must be ordered by time.
fn any_within(task: &Value, events: &[&Value]) -> bool {
    let first = events.partition_point(|event| begin(event) < begin(task));
    let mut later = events[first..].iter().take_while(|event| begin(event) < end(task));
    later.any(|event| thread(event) == thread(task))
}

fn thread(event: &Value) -> (&Value, &Value) {
    (&event["pid"], &event["tid"])
}

/// Returns the thread's processor time in microseconds, or the event's duration if the processor time is
/// missing.
fn processor_time(event: &Value) -> f64 {
    event["tdur"].as_f64().unwrap_or_else(|| end(event) - begin(event))
}

/// Returns the start of an event, in microseconds.
fn begin(event: &Value) -> f64 {
    event["ts"].as_f64().unwrap_or(0.0)
}

fn end(event: &Value) -> f64 {
    begin(event) + event["dur"].as_f64().unwrap_or(0.0)
}

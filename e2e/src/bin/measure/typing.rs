//! What a key costs.
//!
//! The browser records every task of the page's main thread (`RunTask` in Chromium's trace) with
//! the processor's time that it took. A key's work is the sum of all tasks from the one that
//! dispatches `keydown` to the one before the next key: event listeners, script, style, layout,
//! painting, what timers and idle callbacks do later, and garbage collection. Waiting for the screen
//! is no task, and waiting for the processor is not the processor's time, so neither counts. Left
//! out are only tasks in which the driver evaluates something of its own: the widget never does.

use std::thread::sleep;
use std::time::Duration;

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site};
use serde_json::{Value, json};

use crate::table::{Row, Table, percentile};

const METHOD: &str = "\
Milliseconds of the processor that the page's main thread takes for each of 200 keys typed into a
text field in the middle: from the key's event to its picture, and what comes of it until the next
key; the processor slowed down 4 times. The rows of plain HTML have no script at all: what the browser
itself takes. Beside other busy programs the figures are too high.";

const COLUMNS: &[&str] = &["median ms", "p95 ms", "max ms"];

/// How often keys come: slower than the slowest is worked off.
const PAUSE: Duration = Duration::from_millis(100);

const KEYS: &str = "the quick brown fox jumps over the lazy dog ";

/// The question that is answered, for forms of any length.
const TYPED: &str = "Typed";

pub(crate) fn measure() -> Table {
    let mut rows = vec![row("a field alone".to_owned(), alone())];
    for fields in [12, 60, 200] {
        rows.push(row(format!("{fields} of plain HTML"), in_plain_form(fields)));
        rows.push(row(format!("{fields} fields"), in_form(fields, false)));
        rows.push(row(format!("{fields} fields, summary open"), in_form(fields, true)));
    }
    Table { title: "Typing", method: METHOD, columns: COLUMNS, rows }
}

fn row(case: String, mut keys: Vec<f64>) -> Row {
    let figures = [50, 95, 100].map(|hundredths| Some(percentile(&mut keys, hundredths)));
    Row { case, figures: figures.into() }
}

/// A page of that body, in a browser that records.
fn open(body: &str, measure: impl FnOnce(&Browser)) -> Vec<f64> {
    let crm = Sandbox::start();
    let site = Site::new();
    site.page("typing.html", "<script type=\"module\" src=\"/deal-form.js\"></script>", body);
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::recording();
    browser.open(&proxy.url("/typing.html"));
    measure(&browser);
    browser.slow_down_processor(4);
    for key in KEYS.chars().cycle().take(200) {
        browser.key(key);
        sleep(PAUSE);
    }
    works(&browser.trace())
}

fn alone() -> Vec<f64> {
    open("<input>", |browser| browser.click(&browser.find("input")))
}

/// As many questions of the same kinds without a line of script: what the browser itself does for a
/// form of that length, such as gathering what it may fill in by itself.
fn in_plain_form(fields: usize) -> Vec<f64> {
    let questions = (0..fields).map(|index| {
        let control = match index % 8 {
            4 => "<textarea rows=\"4\"></textarea>",
            5 => "<select><option>One<option>Another</select>",
            6 => "<input type=\"checkbox\">",
            _ => "<input>",
        };
        let typed = if index == typed(fields) { " id=\"typed\"" } else { "" };
        format!("<p><label{typed}>Question {index}<br>{control}</label></p>")
    });
    let form = format!("<form>{}</form>", questions.collect::<String>());
    open(&form, |browser| browser.click(&browser.find("#typed input")))
}

/// The middle of 12, of 60 and of 200, rounded to a text field.
fn typed(fields: usize) -> usize {
    fields / 16 * 8
}

fn in_form(fields: usize, summary: bool) -> Vec<f64> {
    let definition = definition(fields).to_string().replace('"', "&quot;");
    let form = format!("<deal-form proxy-url=\"/take\" definition=\"{definition}\"></deal-form>");
    open(&form, |browser| {
        let form = FormPage::ready(browser);
        if summary {
            form.submit();
            assert!(!form.summary().is_empty());
        }
        browser.click(&form.field(TYPED).control());
    })
}

/// A form of that many questions of all kinds; each fourth has to be answered.
fn definition(all: usize) -> Value {
    let fields = (0..all).map(|index| {
        let mut field = match index % 8 {
            0 => json!({"kind": "text", "max_length": 300}),
            1 => json!({"kind": "email"}),
            2 => json!({"kind": "date"}),
            3 => json!({"kind": "amount"}),
            4 => json!({"kind": "long_text", "max_length": 2000}),
            5 => json!({"kind": "choice", "options": [
                {"value": "a", "label": "One"}, {"value": "b", "label": "Another"},
            ]}),
            6 => json!({"kind": "flag", "yes": "1"}),
            _ => json!({"kind": "phone"}),
        };
        let typed = index == typed(all);
        field["parameter"] = json!(format!("field_{index}"));
        field["label"] = json!(if typed { TYPED.to_owned() } else { format!("Question {index}") });
        field["hint"] = json!("What you know of it.");
        field["required"] = json!(index % 4 == 1);
        field
    });
    json!({"title": "Questions", "fields": fields.collect::<Vec<_>>()})
}

/// The milliseconds of each key.
fn works(trace: &[Value]) -> Vec<f64> {
    let named = |name: &str| {
        let mut found: Vec<&Value> = trace.iter().filter(|event| event["name"] == name).collect();
        found.sort_by(|one, other| begin(one).total_cmp(&begin(other)));
        found
    };
    let keys: Vec<&Value> = named("EventDispatch")
        .into_iter()
        .filter(|event| event["args"]["data"]["type"] == "keydown")
        .collect();
    let thread = |event: &Value| (event["pid"].clone(), event["tid"].clone());
    let main = thread(keys[0]);
    let of_driver = named("EvaluateScript");
    let mut works = vec![0.0; keys.len()];
    for task in named("RunTask").into_iter().filter(|task| thread(task) == main) {
        let within = |event: &Value| (begin(task)..end(task)).contains(&begin(event));
        let begun = keys.partition_point(|key| begin(key) < end(task));
        if begun > 0 && !of_driver.iter().any(|event| within(event)) {
            works[begun - 1] += processor_time(task) / 1000.0;
        }
    }
    works
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

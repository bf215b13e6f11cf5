//! A form in Arabic.

use e2e::{FormPage, LandingPage, Samples, World};
use serde_json::json;

/// Returns the left and right edges of an element's contents.
const EDGES: &str = "
    const edges = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect();
    };";

/// Returns the distance of a part of a text from the left.
const LEFT_OF: &str = "
    const leftOf = (element, part) => {
        const text = element.firstChild;
        const at = text.data.indexOf(part);
        if (at < 0) throw new Error(`“${text.data}” does not contain “${part}”`);
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + part.length);
        return range.getBoundingClientRect().left;
    };";

/// Opens an Arabic page that shows the English form with every kind of field.
fn open() -> World {
    let world = World::with_landing_page(LandingPage::with_body(
        "<deal-form lang='ar' src='/forms/everything'></deal-form>",
    ));
    world.browser.set_width(700);
    world.browser.open(&world.proxy.url(World::LANDING_PAGE));
    world
}

#[test]
fn dates_and_their_examples_run_from_left_to_right() {
    let world = open();
    let form = FormPage::ready(&world.browser);
    let assert_left_to_right = |selector: &str, parts: [&str; 3]| {
        let positions = form.script(
            &format!(
                "{LEFT_OF} const element = root.querySelector(arguments[1]);
                return arguments[2].map((part) => leftOf(element, part));"
            ),
            &[json!(selector), json!(parts)],
        );
        let positions: Vec<f64> = serde_json::from_value(positions).unwrap();
        assert!(positions.is_sorted(), "{selector}: {positions:?}");
    };
    assert_left_to_right("[data-kind=date] .df-hint span", ["30", "09", "2026"]);
    form.field("Date").write_and_leave("soon");
    assert_left_to_right("[data-kind=date] .df-problem span", ["2026", "09", "30"]);

    let button = form.script(
        "const [input, button] = ['[data-kind=date] .df-input', '.df-calendar']
            .map((css) => root.querySelector(css).getBoundingClientRect());
        return [Math.round(input.right - button.right), button.left > input.left + input.width / 2];",
        &[],
    );
    assert_eq!(button, json!([0, true]), "the button is at the right end of the date");
}

#[test]
fn messages_keep_the_direction_of_the_forms_language() {
    let world = open();
    let form = FormPage::ready(&world.browser);
    let samples = Samples::new();
    form.field("Files").attach(&[&samples.file("empty.txt", b""), &samples.file("note.txt", b"1")]);
    form.field("Date").write("2023-02-29");
    form.submit();
    let directions = form.script(
        "const messages = '.df-summary a, .df-problem span, .df-why, .df-hint span:last-child, .df-note';
        return [...root.querySelectorAll(messages)].filter(seen)
            .filter((message) => /[\\u0600-\\u06ff]/.test(message.textContent))
            .map((message) => [message.textContent, getComputedStyle(message).direction]);",
        &[],
    );
    let directions: Vec<(String, String)> = serde_json::from_value(directions).unwrap();
    assert!(directions.len() > 8, "{directions:#?}");
    for (message, direction) in &directions {
        assert_eq!(direction, "rtl", "{message}");
    }
    assert!(
        directions.iter().any(|(message, _)| message.starts_with("«\u{2068}empty.txt\u{2069}»")),
        "{directions:#?}"
    );

    // The first file type is to the right of the last.
    let kinds = form.script(
        &format!(
            "{LEFT_OF} const hint = root.querySelector('[data-kind=attachments] .df-hint span');
            return leftOf(hint, 'JPG') > leftOf(hint, 'BMP');"
        ),
        &[],
    );
    assert_eq!(kinds, true);

    let rows = form.script(
        &format!(
            "{EDGES} return [...root.querySelectorAll('.df-file')].map((file) => {{
                const part = (css) => seen(file.querySelector(css));
                const [kind, name, size, button] = ['.df-kind', '.df-name', '.df-size', 'button']
                    .map((css) => edges(part(css)).right);
                const problem = part('.df-why');
                // The problem begins where the row begins.
                const isAtStart = !problem || file.getBoundingClientRect().right - edges(problem).right < 50;
                return kind > name && name > size && size > button && isAtStart;
            }});"
        ),
        &[],
    );
    assert_eq!(rows, json!([true, true]), "sign, name, size and button follow from right to left");
}

//! A form in Arabic.

use e2e::{FormPage, LandingPage, Samples, World};
use serde_json::json;

/// Where the selector's first letters stand, and where their line does, from the left.
const EDGES: &str = "
    const edges = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect();
    };";

/// How the parts of a sentence follow each other on the page: the place of each from the left.
const PLACES: &str = "
    const place = (element, part) => {
        const text = element.firstChild;
        const at = text.data.indexOf(part);
        if (at < 0) throw new Error(`“${text.data}” lacks “${part}”`);
        const range = document.createRange();
        range.setStart(text, at);
        range.setEnd(text, at + part.length);
        return range.getBoundingClientRect().left;
    };";

/// The form with every kind of question, whose author wrote English, on a page that wants Arabic.
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
    let ordered = |selector: &str, parts: [&str; 3]| {
        let places = form.script(
            &format!(
                "{PLACES} const said = root.querySelector(arguments[1]);
                return arguments[2].map((part) => place(said, part));"
            ),
            &[json!(selector), json!(parts)],
        );
        let places: Vec<f64> = serde_json::from_value(places).unwrap();
        assert!(places.is_sorted(), "{selector}: {places:?}");
    };
    ordered("[data-kind=date] .df-hint span", ["30", "09", "2026"]);
    form.field("Date").write_and_leave("soon");
    ordered("[data-kind=date] .df-problem span", ["2026", "09", "30"]);

    let covered = form.script(
        "const [input, button] = ['[data-kind=date] .df-input', '.df-calendar']
            .map((css) => root.querySelector(css).getBoundingClientRect());
        return [Math.round(input.right - button.right), button.left > input.left + input.width / 2];",
        &[],
    );
    assert_eq!(covered, json!([0, true]), "the button stands after the digits");
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
        "const ours = '.df-summary a, .df-problem span, .df-why, .df-hint span:last-child, .df-note';
        return [...root.querySelectorAll(ours)].filter(seen)
            .filter((said) => /[\\u0600-\\u06ff]/.test(said.textContent))
            .map((said) => [said.textContent, getComputedStyle(said).direction]);",
        &[],
    );
    let directions: Vec<(String, String)> = serde_json::from_value(directions).unwrap();
    assert!(directions.len() > 8, "{directions:#?}");
    for (said, direction) in &directions {
        assert_eq!(direction, "rtl", "{said}");
    }
    assert!(
        directions.iter().any(|(said, _)| said.starts_with("«\u{2068}empty.txt\u{2069}»")),
        "{directions:#?}"
    );

    // The first of the kinds of file stands to the right of the last.
    let kinds = form.script(
        &format!(
            "{PLACES} const hint = root.querySelector('[data-kind=attachments] .df-hint span');
            return place(hint, 'JPG') > place(hint, 'BMP');"
        ),
        &[],
    );
    assert_eq!(kinds, true);

    let rows = form.script(
        &format!(
            "{EDGES} return [...root.querySelectorAll('.df-about')].map((about) => {{
                const right = about.getBoundingClientRect().right;
                return [...about.children].filter(seen)
                    .map((part) => Math.round(right - edges(part).right));
            }});"
        ),
        &[],
    );
    assert_eq!(rows, json!([[0, 0, 0], [0, 0]]), "name, size and problem begin at one edge");
}

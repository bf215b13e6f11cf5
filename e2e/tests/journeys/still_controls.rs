//! The places of controls while a visitor types.

use e2e::{FormPage, World};
use serde_json::json;

/// In each frame, compares the place of each control with its place in the frame before. Records a
/// control that has moved although the same field had the focus in both frames.
const RECORD_MOVES: &str = "window.moves = [];
    window.comparedFrames = 0;
    let field = null;
    let places = new Map();
    const describe = (element) => element.name || element.getAttribute('aria-label') || element.innerText || element.className;
    const compare = () => {
        const now = new Map();
        for (const element of root.querySelectorAll('input, textarea, select, button')) {
            if (!seen(element)) continue;
            const { left, top } = element.getBoundingClientRect();
            now.set(element, [left + scrollX, top + scrollY]);
        }
        const active = root.getRootNode().activeElement;
        const focused = active?.closest('[data-df-field]') ?? null;
        for (const [element, [left, top]] of focused && focused === field ? now : []) {
            const [x, y] = places.get(element) ?? [left, top];
            if (x !== left || y !== top) {
                moves.push(`${describe(element)} by ${left - x}, ${top - y} while ${describe(active)} is “${active.value}”`);
            }
        }
        [field, places] = [focused, now];
        window.comparedFrames += 1;
        requestAnimationFrame(compare);
    };
    requestAnimationFrame(compare);";

/// Waits until the recorder has compared two more frames.
const COMPARED: &str = "const before = comparedFrames;
    return new Promise((done) => {
        const wait = () => comparedFrames >= before + 2 ? done() : requestAnimationFrame(wait);
        wait();
    });";

/// A visitor who types with the keyboard only. Each key is followed by two frames.
struct Typist<'b>(FormPage<'b>, &'b e2e::Browser);

impl Typist<'_> {
    /// Moves the focus to the field, as the Tab key does. The field before shows its problems now.
    #[track_caller]
    fn go_to(&self, label: &str) {
        let focus = "const field = control(arguments[1]);
            (field.matches('input, textarea, select') ? field : field.querySelector('input')).focus();";
        self.0.script(focus, &[json!(label)]);
        self.1.script(COMPARED, &[]);
    }

    #[track_caller]
    fn type_keys(&self, keys: &str) {
        for key in keys.chars() {
            self.1.press(key.to_string());
            self.1.script(COMPARED, &[]);
        }
    }

    #[track_caller]
    fn delete(&self, count: usize) {
        self.type_keys(&thirtyfour::Key::Backspace.value().to_string().repeat(count));
    }

    #[track_caller]
    fn assert_still(&self, what: &str) {
        let moves = self.1.script("return moves.splice(0);", &[]);
        assert_eq!(moves, json!([]), "{what}");
    }
}

fn open(width: u32) -> World {
    let world = World::start();
    world.browser.set_width(width);
    world.browser.open(&world.proxy.url("/forms/everything"));
    FormPage::ready(&world.browser).script(RECORD_MOVES, &[]);
    world
}

#[track_caller]
fn check_typing_and_correcting(width: u32) {
    let World { browser, .. } = &open(width);
    let form = FormPage::ready(browser);
    let typist = Typist(form, browser);

    for (label, wrong, right) in [
        ("Email", "ana@", "ana@example.com"),
        ("Phone", "none", "+49 30 123456"),
        ("Date", "2027-02-30", "2027-02-28"),
        ("Amount", "-5", "1250.00"),
        ("Custom date", "soon", "2027-01-15"),
        ("Custom amount", "12.x", "12.50"),
        ("Custom email", "x", "x@example.com"),
        ("Record number", "#1", "17"),
    ] {
        typist.go_to(label);
        typist.type_keys(wrong);
        typist.assert_still(&format!("a wrong value in {label}"));
        typist.go_to("Custom text");
        assert_ne!(form.field(label).problem(), "", "{label}");
        typist.assert_still(&format!("leaving {label}"));
        typist.go_to(label);
        browser.script(
            "const { activeElement } = document.querySelector('deal-form').shadowRoot;
            activeElement.setSelectionRange?.(99, 99);",
            &[],
        );
        typist.delete(wrong.chars().count());
        typist.type_keys(right);
        typist.assert_still(&format!("the correction of {label}"));
        assert_eq!(form.field(label).problem(), "", "{label}");
    }
    typist.go_to("Text");
    // The number of characters left appears, and then the number of surplus characters.
    typist.type_keys(&"a ".repeat(32));
    typist.assert_still("characters left");
    typist.go_to("Long text");
    typist.type_keys("One\nTwo\nThree\nFour\nFive");
    typist.assert_still("a long text");
}

#[test]
fn no_control_moves_while_a_visitor_types_and_corrects_answers() {
    check_typing_and_correcting(1280);
}

#[test]
fn no_control_moves_while_a_visitor_types_on_a_narrow_screen() {
    check_typing_and_correcting(390);
}

#[test]
fn no_control_moves_while_a_visitor_adds_tags() {
    let World { browser, .. } = &open(1000);
    let typist = Typist(FormPage::ready(browser), browser);
    typist.go_to("Tags");
    typist.type_keys("web,relaunch,");
    typist.assert_still("two tags");
}

#[test]
fn no_control_moves_while_a_visitor_chooses() {
    let World { browser, .. } = &open(1000);
    let form = FormPage::ready(browser);
    let typist = Typist(form, browser);
    for label in ["A flag with 1 for yes", "A flag with 2 for yes", "Custom flag", "Custom choice"]
    {
        typist.go_to(label);
        typist.type_keys("  ");
        typist.assert_still(label);
    }
    typist.go_to("Choice");
    typist.type_keys("Q");
    typist.assert_still("a list");
    typist.go_to("Custom choices");
    typist.type_keys(" ");
    typist.assert_still("several choices");
}

/// The visitor corrects a problem that Submit has found, and the summary stays as it was.
#[test]
fn no_control_moves_while_a_visitor_answers_a_question_that_submit_has_asked_for() {
    let World { browser, .. } = &open(1000);
    let form = FormPage::ready(browser);
    let typist = Typist(form, browser);
    form.field("Email").write("x");
    form.submit();
    let summary = form.summary();
    assert_eq!(summary.len(), 2);
    for (label, keys) in [("Text", "A roof"), ("Email", "@example.com")] {
        typist.go_to(label);
        browser.script(
            "const { activeElement } = document.querySelector('deal-form').shadowRoot;
            if (activeElement.type === 'text') activeElement.setSelectionRange(99, 99);",
            &[],
        );
        typist.type_keys(keys);
        typist.assert_still(label);
        assert_eq!(form.summary(), summary);
        assert_eq!(form.field(label).problem(), "");
    }
}

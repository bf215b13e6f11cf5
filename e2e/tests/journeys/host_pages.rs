//! The page around the form has its own layout, colours and styles.

use e2e::{Browser, FormPage, LandingPage, World, wait_for};
use serde_json::{Value, json};

/// Elements around a form, as pairs of an id and a style.
const PARENTS: [(&str, &str); 4] = [
    ("flex", "display: flex"),
    ("grid", "display: grid; grid-template-columns: auto; justify-content: start"),
    ("inline", "display: inline-block"),
    ("popup", "position: absolute"),
];

/// Styles an element by script, because the proxy's policy forbids style attributes.
fn set_style(browser: &Browser, id: &str, css: &str) {
    let style = "document.getElementById(arguments[0]).style.cssText = arguments[1];";
    browser.script(style, &[json!(id), json!(css)]);
}

#[test]
fn the_form_has_a_width_in_every_layout_and_no_height_when_hidden() {
    let form = "<deal-form src='/forms/callback'></deal-form>";
    let parents: String =
        PARENTS.map(|(parent, _)| ["<div id='", parent, "'>", form, "</div>"].concat()).concat();
    let page = parents + "<deal-form id='hidden' hidden src='/forms/callback'></deal-form>";
    let World { browser, .. } = &World::open(LandingPage::with_body(&page));
    for (parent, css) in PARENTS {
        set_style(browser, parent, css);
        let host = format!("#{parent} deal-form");
        let form = FormPage::ready_at(browser, &host);
        let width = "return root.querySelector('.df').getBoundingClientRect().width;";
        let width = form.script(width, &[]).as_f64().unwrap();
        assert!(width > 150.0, "the form in {parent} is {width} px wide");
    }
    let hidden = "return document.querySelector('#hidden').getBoundingClientRect().height;";
    assert_eq!(browser.script(hidden, &[]), 0);
}

#[test]
fn the_form_follows_the_color_scheme_of_the_page_but_not_its_font() {
    let World { browser, .. } = &World::open(LandingPage::with_body(
        "<deal-form id='one' src='/forms/callback'></deal-form>
        <div id='dark'><deal-form id='two' src='/forms/callback'></deal-form></div>",
    ));
    let css = "color-scheme: dark; font: italic 700 10px serif; text-transform: uppercase";
    set_style(browser, "dark", css);
    let styles = |host| {
        let form = FormPage::ready_at(browser, host);
        let read = "const style = getComputedStyle(root.querySelector('.df'));
            return [style.color, style.fontSize, style.fontStyle, style.textTransform];";
        form.script(read, &[])
    };
    let (light, dark) = (styles("#one"), styles("#two"));
    assert_eq!(light, json!(["rgb(31, 36, 48)", "16px", "normal", "none"]));
    assert_eq!(dark, json!(["rgb(232, 234, 240)", "16px", "normal", "none"]));
}

/// The Leptos component's root element gets the theme. In a `<deal-form>` element, values that the
/// page sets on the element override the theme.
#[test]
fn a_theme_applies_to_the_element_and_to_the_component() {
    let World { browser, .. } = &World::open(LandingPage::with_body(
        "<link rel='stylesheet' href='/themes/brand.css'>
        <div class='df' id='component'></div>
        <deal-form id='element' src='/forms/callback'></deal-form>
        <deal-form id='own' light-dom src='/forms/callback'></deal-form>",
    ));
    set_style(browser, "own", "--df-radius: 7px");
    FormPage::ready_at(browser, "#element");
    FormPage::ready_at(browser, "#own");
    let radius = "return ['#component', '#element', '#own .df'].map((css) =>
        getComputedStyle(document.querySelector(css)).getPropertyValue('--df-radius'));";
    assert_eq!(browser.script(radius, &[]), json!(["1.25em", "1.25em", "7px"]));
}

/// The width is limited so that lines are readable. Two short fields share a line, in tab order.
#[test]
fn a_wide_form_has_two_columns_and_a_maximum_width() {
    let World { browser, .. } = &World::open(LandingPage::with_body(
        "<div id='parent'><deal-form src='/forms/callback'></deal-form></div>",
    ));
    browser.set_width(1600);
    let form = FormPage::ready(browser);
    let layout = || {
        form.script(
            "const boxes = [...root.querySelectorAll('.df-input')]
                .map((input) => input.getBoundingClientRect());
            const base = root.querySelector('.df').getBoundingClientRect();
            return [base.width <= 1024, boxes[0].bottom === boxes[1].bottom,
                boxes[0].right < boxes[1].left];",
            &[],
        )
    };
    assert_eq!(layout(), json!([true, true, true]));
    // The layout depends on the parent's width, not on the window's.
    set_style(browser, "parent", "width: 500px");
    assert_eq!(layout(), json!([true, false, false]));
    set_style(browser, "parent", "direction: rtl; width: 280px");
    assert_eq!(layout(), json!([true, false, false]));
}

#[test]
fn uses_the_definition_from_a_script_and_sends_to_the_proxy_url() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(LandingPage::with_body("<p></p>"));
    let add_form = "
        const form = document.createElement('deal-form');
        form.id = 'given';
        form.definition = {
            title: 'Given',
            fields: [{ parameter: 'note', kind: 'text', label: 'Note' }],
        };
        if (arguments[0]) form.setAttribute('proxy-url', arguments[0]);
        document.body.replaceChildren(form);";
    browser.script(add_form, &[json!("/forms/callback")]);
    let form = FormPage::ready_at(browser, "#given");
    assert_eq!(form.read(".df-title").as_deref(), Some("Given"));
    form.field("Note").write("Hello");
    form.submit();
    // The form at this address has more required fields; the problems show that the proxy checked them.
    assert_eq!(form.wait_for_failure().heading, "Some answers were not accepted");

    browser.script(add_form, &[Value::Null]);
    let text = wait_for("a message instead of the form", || {
        let read = "return document.querySelector('#given').shadowRoot?.textContent ?? '';";
        browser.script(read, &[]).as_str().map(str::to_owned).filter(|text| !text.is_empty())
    });
    assert_eq!(text, "Open the form on its own page");
    assert!(crm.calls().is_empty());
}

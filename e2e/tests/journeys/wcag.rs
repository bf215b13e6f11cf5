//! Nothing that axe-core finds fault with, whatever the form looks like and however it is looked at.

use std::collections::BTreeMap;

use e2e::{
    Axe, Browser, ColorScheme, Example, FormPage, Proxy, Sandbox, Site, Tour, World,
    report_missing_tool, wait_until,
};
use serde_json::json;

/// A desktop, and a phone as narrow as WCAG has it (1.4.10: 1280 px at 400 %, less a scroll bar).
const WIDTHS: [u32; 2] = [1100, 280];

/// What is wrong, each with the places at which it is.
#[derive(Default)]
struct Faults(BTreeMap<String, Vec<String>>);

impl Faults {
    /// Judges the open page, light and dark, wide and narrow.
    #[track_caller]
    fn look(&mut self, axe: &Axe, browser: &Browser, state: &str) {
        for scheme in [ColorScheme::Light, ColorScheme::Dark] {
            for width in WIDTHS {
                browser.set_color_scheme(scheme);
                browser.set_width(width);
                let violations = axe.violations(browser);
                for violation in &violations {
                    let place = format!("{state}, {} at {width} px", scheme.name());
                    self.0.entry(violation.to_string()).or_default().push(place);
                }
            }
        }
    }

    #[track_caller]
    fn assert_none(&self) {
        let faults =
            self.0.iter().map(|(fault, places)| format!("{}:\n{fault}", places.join("; ")));
        assert!(self.0.is_empty(), "{}", faults.collect::<Vec<_>>().join("\n"));
    }
}

/// axe-core; without it the journey ends, aloud.
fn axe() -> Option<Axe> {
    let axe = Axe::find();
    if axe.is_none() {
        report_missing_tool(
            "axe's judgement: DEAL_FORM_AXE names no axe-core. `cargo xtask test --only e2e` sets it, and so \
             does eval \"$(cargo xtask env)\" after `cargo xtask setup`.",
        );
    }
    axe
}

#[track_caller]
fn check(example: Example) {
    let Some(axe) = axe() else { return };
    let mut faults = Faults::default();
    Tour::start(example).visit_states(|browser, state| faults.look(&axe, browser, state.name()));
    faults.assert_none();
}

#[test]
fn a_short_form_is_accessible_in_every_state() {
    check(Example::Callback);
}

#[test]
fn a_form_with_files_is_accessible_in_every_state() {
    check(Example::Quote);
}

#[test]
fn every_kind_of_question_is_accessible_in_every_state() {
    check(Example::Everything);
}

#[test]
fn each_step_is_accessible_in_both_text_directions() {
    let Some(axe) = axe() else { return };
    let crm = Sandbox::start();
    let site = Site::new();
    site.add_page(
        "arabic.html",
        "<meta name=\"viewport\" content=\"width=device-width\">
        <script type=\"module\" src=\"/deal-form.js\"></script>",
        "<main><h1>Plans</h1><deal-form lang=\"ar\" src=\"/forms/steps\"></deal-form></main>",
    );
    let proxy = Proxy::with_site(&crm, &site);
    let mut faults = Faults::default();
    for page in ["/forms/steps", "/arabic.html"] {
        let browser = Browser::start();
        browser.open(&proxy.url(page));
        let form = FormPage::ready(&browser);
        let mut look = |step: &str| faults.look(&axe, &browser, &format!("{page}, {step}"));
        form.submit();
        look("a mistake");
        form.field("What do you want to build?").choose("An online shop");
        form.field("Which shop system do you use today?").write("none");
        form.submit();
        look("second");
        form.submit();
        form.field("Please call me").tick();
        form.submit();
        assert_eq!(form.summary().len(), 3);
        look("last");
    }
    faults.assert_none();
}

#[test]
fn axe_reports_low_contrast_inside_the_shadow_root() {
    let Some(axe) = axe() else { return };
    let World { browser, .. } = &World::at("/forms/callback");
    FormPage::ready(browser);
    let pale = "document.querySelector('deal-form').style.setProperty('--df-text', '#eee');";
    browser.script(pale, &[]);

    let violations = axe.violations(browser);
    let contrast = violations.iter().find(|violation| violation.id == "color-contrast").unwrap();
    let title = contrast.nodes.iter().find(|node| node.html.contains("df-title"));
    let target = &title.expect("the title").target;
    assert!(target.starts_with("deal-form >>> "), "{target}");
}

/// A page of one colour, and a form that is told to be of the other.
#[test]
fn a_light_or_dark_theme_is_readable_on_any_page() {
    let Some(axe) = axe() else { return };
    let crm = Sandbox::start();
    let site = Site::new();
    let pages = [("dark", "#fff", "#000"), ("light", "#000", "#fff")];
    for (theme, ground, text) in pages {
        site.add_file(
            &format!("{theme}.css"),
            &format!("body {{ background: {ground}; color: {text} }}"),
        );
        for (place, dom) in [("shadow", ""), ("page", "light-dom")] {
            site.add_page(
                &format!("{theme}-{place}.html"),
                &format!(
                    "<link rel=\"stylesheet\" href=\"{theme}.css\">
                    <meta name=\"viewport\" content=\"width=device-width\">
                    <script type=\"module\" src=\"/deal-form.js\"></script>"
                ),
                &format!(
                    "<main><h1>Roofs</h1>
                    <deal-form theme=\"{theme} compact\" {dom} src=\"/forms/callback\"></deal-form></main>"
                ),
            );
        }
    }
    let proxy = Proxy::with_site(&crm, &site);
    let browser = Browser::start();
    let mut faults = Faults::default();
    for (theme, ..) in pages {
        for place in ["shadow", "page"] {
            browser.open(&proxy.url(&format!("/{theme}-{place}.html")));
            let form = FormPage::ready(&browser);
            faults.look(&axe, &browser, &format!("{theme} in the {place}"));
            form.submit();
            faults.look(&axe, &browser, &format!("{theme} in the {place}, with mistakes"));
        }
    }
    faults.assert_none();
}

/// The proxy's pages, as they are where the widget cannot be had.
#[test]
fn the_plain_page_is_accessible_in_every_state() {
    let Some(axe) = axe() else { return };
    let site = Site::empty();
    let World { crm, proxy, browser } = &World::with_site(&site);
    let mut faults = Faults::default();
    let mut look = |place: &str| faults.look(&axe, browser, place);
    let send = || browser.click(&browser.find("button"));
    let write = |css: &str, text: &str| {
        let control = browser.find(css);
        browser.clear(&control);
        browser.type_into(&control, text);
    };

    let comes = |css: &str| {
        wait_until("next page", || browser.texts(css).len() == 1);
    };

    for example in Example::ALL {
        browser.open(&proxy.url(example.path()));
        look(example.path());
    }
    browser.open(&proxy.url("/forms/callback"));
    write("#contact_name", "Ana");
    write("#contact_phone", "none");
    send();
    comes(".problem");
    look("a mistake");
    crm.inject_fault(&json!({"kind": "refuse"}));
    write("#contact_phone", "030 123456");
    send();
    wait_until("the CRM's words", || browser.texts("[role=alert] p").concat().contains("refused"));
    look("refused by the CRM");
    write("#contact_phone", "030 654321");
    send();
    comes("[role=status]");
    look("done");
    browser.open(&proxy.url("/forms/no-such-form"));
    look("nowhere");
    faults.assert_none();
}

//! axe-core finds no violations in any state of the form, in both color schemes and at both widths.

use std::collections::BTreeMap;

use e2e::{
    Axe, Browser, ColorScheme, Example, FormPage, Proxy, Sandbox, Site, Tour, World,
    report_missing_tool, wait_until,
};
use serde_json::json;

/// The width of a desktop, and a width below 320 px, the narrowest that WCAG 1.4.10 requires (1280
/// px at 400 %).
const WIDTHS: [u32; 2] = [1100, 280];

/// All violations, each with the states in which it occurs.
#[derive(Default)]
struct Violations(BTreeMap<String, Vec<String>>);

impl Violations {
    /// Checks the open page in light and dark, at both widths.
    #[track_caller]
    fn check(&mut self, axe: &Axe, browser: &Browser, state: &str) {
        for scheme in [ColorScheme::Light, ColorScheme::Dark] {
            for width in WIDTHS {
                browser.set_color_scheme(scheme);
                browser.set_width(width);
                for violation in axe.violations(browser) {
                    // The tour has removed the plain form, and the page's heading with it.
                    let has_no_form = state.contains("load");
                    if has_no_form && violation.id == "page-has-heading-one" {
                        continue;
                    }
                    let state = format!("{state}, {} at {width} px", scheme.name());
                    self.0.entry(violation.to_string()).or_default().push(state);
                }
            }
        }
    }

    #[track_caller]
    fn assert_none(&self) {
        let violations =
            self.0.iter().map(|(violation, states)| format!("{}:\n{violation}", states.join("; ")));
        assert!(self.0.is_empty(), "{}", violations.collect::<Vec<_>>().join("\n"));
    }
}

/// Finds axe-core. If it is not installed, prints that the journey is skipped.
fn axe() -> Option<Axe> {
    let axe = Axe::find();
    if axe.is_none() {
        report_missing_tool(
            "checks with axe-core: DEAL_FORM_AXE is not set. `cargo xtask test --only e2e` sets it, and so \
             does eval \"$(cargo xtask env)\" after `cargo xtask setup`.",
        );
    }
    axe
}

#[track_caller]
fn check(example: Example) {
    let Some(axe) = axe() else { return };
    let mut violations = Violations::default();
    Tour::start(example)
        .visit_states(|browser, state| violations.check(&axe, browser, state.name()));
    violations.assert_none();
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
    let mut violations = Violations::default();
    for page in ["/forms/steps", "/arabic.html"] {
        let browser = Browser::start();
        browser.open(&proxy.url(page));
        let form = FormPage::ready(&browser);
        let mut check = |step: &str| violations.check(&axe, &browser, &format!("{page}, {step}"));
        form.submit();
        check("first step with a problem");
        form.field("What do you want to build?").choose("An online shop");
        form.field("Which shop system do you use today?").write("none");
        form.submit();
        check("second step");
        form.submit();
        form.field("Please call me").tick();
        form.submit();
        assert_eq!(form.summary().len(), 3);
        check("last step with problems");
    }
    violations.assert_none();
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
    let target = &title.expect("the title has no violation").target;
    assert!(target.starts_with("deal-form >>> "), "{target}");
}

/// The page is light and the form's theme is dark, or the reverse.
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
        for (dom, attribute) in [("shadow", ""), ("page", "light-dom")] {
            site.add_page(
                &format!("{theme}-{dom}.html"),
                &format!(
                    "<link rel=\"stylesheet\" href=\"{theme}.css\">
                    <meta name=\"viewport\" content=\"width=device-width\">
                    <script type=\"module\" src=\"/deal-form.js\"></script>"
                ),
                &format!(
                    "<main><h1>Roofs</h1>
                    <deal-form theme=\"{theme} compact\" {attribute} src=\"/forms/callback\"></deal-form></main>"
                ),
            );
        }
    }
    let proxy = Proxy::with_site(&crm, &site);
    let browser = Browser::start();
    let mut violations = Violations::default();
    for (theme, ..) in pages {
        for dom in ["shadow", "page"] {
            browser.open(&proxy.url(&format!("/{theme}-{dom}.html")));
            let form = FormPage::ready(&browser);
            violations.check(&axe, &browser, &format!("{theme} in the {dom} DOM"));
            form.submit();
            violations.check(&axe, &browser, &format!("{theme} in the {dom} DOM, with problems"));
        }
    }
    violations.assert_none();
}

/// Checks the proxy's pages when the widget cannot be loaded.
#[test]
fn the_plain_page_is_accessible_in_every_state() {
    let Some(axe) = axe() else { return };
    let site = Site::empty();
    let World { crm, proxy, browser } = &World::with_site(&site);
    let mut violations = Violations::default();
    let mut check = |state: &str| violations.check(&axe, browser, state);
    let send = || browser.click(&browser.find("button"));
    let write = |css: &str, text: &str| {
        let control = browser.find(css);
        browser.clear(&control);
        browser.type_into(&control, text);
    };

    let wait_for_page = |css: &str| {
        wait_until("the next page", || browser.texts(css).len() == 1);
    };

    for example in Example::ALL {
        browser.open(&proxy.url(example.path()));
        check(example.path());
    }
    browser.open(&proxy.url("/forms/callback"));
    write("#contact_name", "Ana");
    write("#contact_phone", "none");
    send();
    wait_for_page(".df-problem");
    check("a problem");
    crm.inject_fault(&json!({"kind": "refuse"}));
    write("#contact_phone", "030 123456");
    send();
    wait_until("the CRM's message", || browser.texts(".df-summary p").concat().contains("refused"));
    check("refused by the CRM");
    write("#contact_phone", "030 654321");
    send();
    wait_for_page("[role=status]");
    check("result");
    browser.open(&proxy.url("/forms/no-such-form"));
    check("not found");
    violations.assert_none();
}

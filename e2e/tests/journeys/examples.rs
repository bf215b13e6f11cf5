//! The showcase, and the pages in `examples/`, which developers copy.

use std::fs;
use std::path::Path;

use e2e::{Browser, FormPage, Proxy, Sandbox, Scripts, Site, World, fill_in, wait_for, wait_until};
use serde_json::json;
use thirtyfour::Key;

/// Starts the servers with a site that contains the built widget and the pages from `examples/`.
fn start(scripts: Scripts) -> (Sandbox, Site, Proxy, Browser) {
    let crm = Sandbox::start();
    let site = Site::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    for example in fs::read_dir(examples).unwrap().map(Result::unwrap) {
        if !example.path().join("index.html").is_file() {
            continue;
        }
        let folder = site.path().join("examples").join(example.file_name());
        fs::create_dir_all(&folder).unwrap();
        for file in fs::read_dir(example.path()).unwrap().map(Result::unwrap) {
            if file.path().is_file() {
                fs::copy(file.path(), folder.join(file.file_name())).unwrap();
            }
        }
    }
    let proxy = Proxy::with_site(&crm, &site);
    (crm, site, proxy, Browser::start_with(scripts))
}

#[test]
fn the_examples_and_the_showcase_do_not_scroll_sideways_on_the_narrowest_screen() {
    let (_crm, _site, proxy, browser) = start(Scripts::On);
    browser.set_width(280);
    let examples = ["plain", "strict-csp", "dark-brand", "two-forms", "hostile-css", "tag-manager"];
    let pages = examples.map(|example| format!("/examples/{example}/"));
    for page in pages.iter().map(String::as_str).chain(["/"]) {
        browser.open(&proxy.url(page));
        wait_until("the form", || {
            let is_ready = "return [...document.querySelectorAll('deal-form')]
                .some((form) => form.shadowRoot?.querySelector('.df-form'));";
            browser.script(is_ready, &[]) == true
        });
        let width = "return document.scrollingElement.scrollWidth;";
        assert_eq!(browser.script(width, &[]), 280, "{page}");
    }
}

#[test]
fn callback_forms_on_example_pages_are_sent_without_console_messages() {
    let (crm, _site, proxy, browser) = start(Scripts::On);
    for example in ["plain", "strict-csp", "dark-brand"] {
        browser.open(&proxy.url(&format!("/examples/{example}/")));
        let form = FormPage::ready(&browser);
        fill_in::callback(form);
        form.submit();
        let number = form.wait_for_deal();
        assert_eq!(crm.deal()["deal_id"], json!(number), "{example}");
        assert_eq!(crm.deal()["parameters"]["contact_name"], "Ana Größe", "{example}");
        assert_eq!(browser.take_console(), Vec::<String>::new(), "{example}");
        crm.reset();
    }
}

#[test]
fn the_plain_form_of_an_example_creates_a_deal_without_scripts() {
    let (crm, _site, proxy, browser) = start(Scripts::Off);
    browser.open(&proxy.url("/examples/plain/"));
    browser.type_into(&browser.find("[name=contact_name]"), "Ana Größe");
    browser.type_into(&browser.find("[name=contact_phone]"), "030 123456");
    browser.click(&browser.find("deal-form button"));
    let number = wait_for("the result page", || browser.texts("[role=status] dd").pop());
    assert!(!number.is_empty());
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Ana Größe");
}

#[test]
fn the_form_has_the_colours_of_the_dark_brand() {
    let (_crm, _site, proxy, browser) = start(Scripts::On);
    browser.open(&proxy.url("/examples/dark-brand/"));
    let form = FormPage::ready(&browser);
    let styles = "const [button, label] = ['button[type=submit]', 'label']
            .map((css) => getComputedStyle(root.querySelector(css)));
        return [button.backgroundColor, label.textTransform];";
    assert_eq!(form.script(styles, &[]), json!(["rgb(245, 185, 95)", "uppercase"]));
}

#[test]
fn a_form_in_a_dialog_and_one_on_the_page_can_both_be_sent() {
    let (crm, _site, proxy, browser) = start(Scripts::On);
    browser.open(&proxy.url("/examples/two-forms/"));
    let quote = FormPage::ready_at(&browser, "#quote");
    fill_in::quote(quote, &[]);

    browser.click(&browser.find("a.call"));
    let callback = FormPage::ready_at(&browser, "#callback");
    fill_in::callback(callback);
    browser.press(Key::Escape);
    wait_until("the closed dialog", || browser.texts("dialog h2") == [""]);
    browser.click(&browser.find("a.call"));
    assert_eq!(callback.field("Your name").value(), "Ana Größe", "the dialog keeps the answers");
    callback.submit();
    callback.wait_for_deal();
    assert_eq!(crm.deal()["name"], "Call back");

    browser.click(&browser.find("dialog button"));
    quote.submit();
    quote.wait_for_deal();
    assert_eq!(crm.deals()[0]["name"], "Quote request from the website");
    browser.assert_console_is_empty();
}

#[test]
fn a_hostile_stylesheet_does_not_affect_the_form() {
    let (crm, _site, proxy, browser) = start(Scripts::On);
    browser.open(&proxy.url("/examples/hostile-css/"));
    let form = FormPage::ready_at(&browser, "#shadow");
    let styles = "const input = control('Your name');
        const button = getComputedStyle(root.querySelector('button[type=submit]'));
        return [seen(input.labels[0]) !== null, input.offsetWidth > 150, button.transform,
            button.textTransform, getComputedStyle(root.querySelector('form')).opacity];";
    assert_eq!(form.script(styles, &[]), json!([true, true, "none", "none", "1"]));
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();

    // Without a shadow root, the page's styles apply, and the form still works.
    FormPage::ready_at(&browser, "#light");
    browser.type_into(&browser.find("#light [name=contact_name]"), "Ben");
    browser.type_into(&browser.find("#light [name=contact_phone]"), "030 654321");
    browser.click(&browser.find("#light button[type=submit]"));
    wait_until("the second deal", || crm.deals().len() == 2);
    assert_eq!(crm.deals()[0]["parameters"]["contact_name"], "Ben");
    browser.assert_console_is_empty();
}

#[test]
fn a_tag_manager_receives_events_only_after_consent_and_receives_no_answers() {
    e2e::run_in_one_engine!();
    let (crm, _site, proxy, browser) = start(Scripts::On);
    browser.open(&proxy.url("/examples/tag-manager/"));
    let form = FormPage::ready(&browser);
    let data_layer = || browser.script("return [...window.dataLayer];", &[]);
    browser.click(&browser.find("#consent [value=no]"));
    form.field("What would you like to discuss?").write_and_leave("A new roof");
    assert_eq!(data_layer(), json!([]));

    browser.click(&browser.find("#reconsider"));
    browser.click(&browser.find("#consent [value=yes]"));
    form.submit();
    assert_eq!(form.summary().len(), 2);
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();

    let deal = crm.deal_with_number(&number);
    let reference = &deal["external_reference_id"];
    let problems = ["contact_name: required", "contact_phone: required"];
    assert_eq!(
        data_layer(),
        json!([
            {"event": "form_invalid", "form_problems": problems, "form_name": "callback"},
            {"event": "form_start", "form_name": "callback"},
            {"event": "form_submit", "form_name": "callback"},
            {
                "event": "generate_lead", "external_reference_id": reference, "deal_id": number,
                "form_name": "callback",
            },
        ])
    );
    assert_eq!(browser.texts("#entries li").len(), 4, "the page lists the events");
    browser.assert_console_is_empty();
}

#[test]
fn the_showcase_switches_form_and_theme_and_shows_their_code() {
    let World { crm, proxy, browser } = &World::at("/");
    FormPage::ready(browser);
    let code = || browser.texts("#snippet").concat();
    // Code with the showcase's own address would work only on this machine.
    assert!(code().contains("\"https://leads.example.com/forms/quote\""), "{}", code());
    assert!(!code().contains(&proxy.url("")), "{}", code());
    let address = browser.find("#proxy");
    browser.clear(&address);
    browser.type_into(&address, "https://forms.example.org/");
    wait_until("the typed address", || {
        code().contains("\"https://forms.example.org/forms/quote\"")
    });

    browser.click(&browser.find("option[value=callback]"));
    let form = wait_for("the other form", || {
        let form = FormPage::ready(browser);
        (form.read(".df-title").as_deref() == Some("Call me back")).then_some(form)
    });
    browser.click(&browser.find("[value=brand]"));
    browser.click(&browser.find("[value=dark]"));
    for part in ["/forms/callback\"", "/themes/brand.css\"", "theme=\"dark\""] {
        wait_until(&format!("code that contains {part}"), || code().contains(part));
    }
    let color =
        "return getComputedStyle(root.querySelector('button[type=submit]')).backgroundColor;";
    wait_until("the theme", || form.script(color, &[]) == "rgb(236, 185, 224)");

    browser.click(&browser.find("[data-copies=snippet]"));
    wait_until("the confirmation of copying", || {
        browser.texts("#code .bar button") == ["Copied", ""]
    });

    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();
    crm.deal_with_number(&number);
    let events = browser.texts("#events li");
    assert!(
        events[0].starts_with("deal-form-success") && events[0].contains(&number),
        "{events:#?}"
    );
    browser.assert_console_is_empty();
}

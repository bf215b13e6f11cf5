//! The form on phone screens.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox, Site, World, fill_in};
use serde_json::json;

/// Asserts that the form and its page are not wider than the screen.
#[track_caller]
fn assert_fits(browser: &Browser, form: FormPage<'_>, width: u32) {
    let overflowing = form.script(
        "const edge = root.querySelector('.df').getBoundingClientRect();
        const parts = [...root.querySelectorAll('.df *')].filter((part) => {
            const box = part.getBoundingClientRect();
            return seen(part) && box.width > 1
                && (box.left < edge.left - 0.5 || box.right > edge.right + 0.5);
        });
        return parts.map((part) => part.outerHTML.slice(0, 100));",
        &[],
    );
    assert_eq!(overflowing, json!([]));
    let page_width = "return document.scrollingElement.scrollWidth;";
    assert_eq!(browser.script(page_width, &[]), width);
}

#[test]
fn nothing_is_cut_off_on_a_narrow_screen() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let long = samples.file(&format!("{}.txt", "Donaudampfschifffahrt".repeat(8)), b"1");
    browser.set_width(320);
    browser.open(&proxy.url("/forms/quote"));
    let form = FormPage::ready(browser);
    let fits = || assert_fits(browser, form, 320);

    fits();
    form.field(fill_in::QUOTE_FILES).attach(&[&long]);
    form.submit();
    assert_eq!(form.summary().len(), 4);
    fits();
    let message = "NoBreakHere".repeat(30);
    crm.inject_fault(&json!({"kind": "refuse", "error_message": message}));
    fill_in::quote(form, &[]);
    form.submit();
    assert_eq!(form.wait_for_failure().message, message);
    fits();
    form.field("Phone").write("+49 30 654321");
    form.press_button("Try again");
    form.wait_for_deal();
    fits();
}

/// File rows are wide enough for whole words, even in Arabic and in German, which has long words.
#[test]
fn files_are_readable_on_the_narrowest_screen() {
    let crm = Sandbox::start();
    let site = Site::new();
    for lang in ["en", "de", "ar"] {
        site.add_page(
            &format!("{lang}.html"),
            "<meta name=\"viewport\" content=\"width=device-width\">
            <script type=\"module\" src=\"/deal-form.js\"></script>",
            &format!("<deal-form lang=\"{lang}\" src=\"/forms/everything\"></deal-form>"),
        );
    }
    let proxy = Proxy::with_site(&crm, &site);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 1_300_000);
    let picture = samples.file("Grundriss-Obergeschoss.png", b"\x89PNG");
    browser.set_width(280);
    for lang in ["en", "de", "ar"] {
        browser.open(&proxy.url(&format!("/{lang}.html")));
        let form = FormPage::ready(&browser);
        assert_fits(&browser, form, 280);
        form.field("Files").attach(&[&offer, &picture]);
        form.submit();
        assert!(!form.field("Files").problem().is_empty(), "{lang}");
        assert_fits(&browser, form, 280);
        let narrow = form.script(
            "return ['.df-zone', '.df-list', '.df-name', '.df-why']
                .flatMap((css) => [...root.querySelectorAll(css)].filter(seen)
                    .map((part) => [css, part.getBoundingClientRect().width]))
                .filter(([, width]) => width < 110);",
            &[],
        );
        assert_eq!(narrow, json!([]), "{lang}");
    }
}

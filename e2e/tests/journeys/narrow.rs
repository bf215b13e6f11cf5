//! A phone.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox};
use serde_json::json;

use crate::answers;

#[test]
fn on_a_narrow_screen_nothing_is_cut_off() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let long = samples.file(&format!("{}.txt", "Donaudampfschifffahrt".repeat(8)), b"1");
    browser.screen(320);
    browser.open(&proxy.url("/forms/quote"));
    let form = FormPage::ready(&browser);
    let fits = || {
        let wide = form.script(
            "const inside = [...root.querySelectorAll('*')].filter((part) => {
                const box = part.getBoundingClientRect();
                return seen(part) && box.width > 1 && (box.left < 0 || box.right > innerWidth);
            });
            return inside.map((part) => part.outerHTML.slice(0, 100));",
            &[],
        );
        assert_eq!(wide, json!([]));
        let page = "return document.scrollingElement.scrollWidth;";
        assert_eq!(browser.script(page, &[]), 320);
    };

    fits();
    form.field("Briefing, sketches, tables").attach(&[&long]);
    form.submit();
    assert_eq!(form.summary().len(), 4);
    fits();
    let words = "NoBreakHere".repeat(30);
    crm.go_wrong(&json!({"kind": "refuse", "error_message": words}));
    answers::quote(form, &[]);
    form.submit();
    assert_eq!(form.fails().said, words);
    fits();
    form.press_button("Try again");
    form.arrives();
    fits();
}

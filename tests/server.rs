//! Server-side rendering: `cargo test -p deal-form --features ssr`.

#[path = "browser/server_page.rs"]
mod server_page;

use std::{env, fs};

use deal_form::DealForm;
use leptos::prelude::*;
use server_page::server_page;

#[test]
fn the_server_renders_the_plain_form_inside_the_component() {
    let html = Owner::new().with(|| {
        view! {
            <DealForm src="/forms/callback" lang="de" theme="dark" class="contact">
                <form action="/forms/callback"><input name="contact_phone" /></form>
            </DealForm>
        }
        .to_html()
    });
    assert!(html.contains("<form action=\"/forms/callback\">"), "{html}");
    assert!(html.contains("data-theme=\"dark\""), "{html}");
    assert!(html.contains("class=\"df contact\""), "{html}");
}

/// No other test in this file may render questions, because their ids are numbered in the whole process.
#[test]
fn the_server_renders_the_questions_that_a_browser_hydrates() {
    let html = Owner::new().with(|| server_page().to_html());
    assert!(html.contains(" for=\"plain0-contact_name\""), "{html}");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/server_page.html");
    if env::var_os("UPDATE_HTML").is_some() {
        fs::write(path, &html).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap();
    assert_eq!(html, expected, "UPDATE_HTML=1 cargo test -p deal-form --features ssr writes it");
}

//! Server-side rendering: `cargo test -p deal-form --features ssr`.

use deal_form::{DealForm, Source};
use leptos::prelude::*;

#[test]
fn the_server_renders_the_plain_form() {
    let html = Owner::new().with(|| {
        let source = Source::Address("/forms/callback".to_owned());
        view! {
            <DealForm source lang="de">
                <form action="/forms/callback"><input name="contact_phone" /></form>
            </DealForm>
        }
        .to_html()
    });
    assert!(html.contains("<form action=\"/forms/callback\">"), "{html}");
    assert!(html.contains("class=\"df\""), "{html}");
}

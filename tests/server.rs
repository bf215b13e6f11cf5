//! Server-side rendering: `cargo test -p deal-form --features ssr`.

use deal_form::DealForm;
use leptos::prelude::*;

#[test]
fn the_server_renders_the_plain_form() {
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

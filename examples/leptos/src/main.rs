//! Shows the landing page.

use leptos::prelude::*;
use leptos_landing_page::Page;

fn main() {
    mount_to_body(|| view! { <Page src="/forms/callback" /> });
}

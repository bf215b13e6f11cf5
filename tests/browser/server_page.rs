//! A page that a server renders and a browser hydrates.

use std::sync::Arc;

use deal_form::definition::{Field, PublicDefinition};
use deal_form::kind::TextFormat;
use deal_form::{DealForm, Source};
use leptos::prelude::*;

/// Returns the page with a form whose definition is part of the application.
pub(crate) fn server_page() -> impl IntoView {
    let name = Field::new("contact_name", TextFormat::SingleLine, "Your name");
    let name = Field { required: true, ..name };
    let note = Field::new("note", TextFormat::MultiLine, "Note");
    let definition = Arc::new(PublicDefinition::new("Quote", vec![name, note]));
    let src = Source::Given { definition, proxy_url: "/no-proxy".to_owned() };
    view! {
        <main>
            <DealForm src draft=false />
            <p>"Thank you"</p>
        </main>
    }
}

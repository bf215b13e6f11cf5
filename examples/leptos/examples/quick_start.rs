//! The smallest application with the form. The guide's quick start shows this file.

use deal_form::{DealForm, FormEvent};
use leptos::prelude::*;

fn main() {
    mount_to_body(Page);
}

#[component]
fn Page() -> impl IntoView {
    let number = RwSignal::new(String::new());
    let on_event = move |event| {
        if let FormEvent::Success(deal) = event {
            number.set(deal.deal_id);
        }
    };
    view! {
        <h1>"Call me back"</h1>
        <DealForm src="/forms/callback" on_event />
        <p role="status">{number}</p>
    }
}

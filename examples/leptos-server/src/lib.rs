//! A landing page that a server renders and a browser hydrates. Without scripts, the form on it is a
//! plain form.

use std::env;

use deal_form::{DealForm, FormEvent};
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// Starts the application in the browser, on the HTML from the server.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    hydrate_body(Page);
}

/// The picture in the browser's tab: a sauna on wheels.
const ICON: &str = "data:image/svg+xml,\
    %3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='32' height='32' rx='8' fill='%238a4b2a'/%3E\
    %3Cpath d='M8 11v11h16V11Zm-1 0 9-4 9 4M12 22v3m8-3v3' fill='none' stroke='white' stroke-width='2.5' stroke-linejoin='round'/%3E\
    %3C/svg%3E";

/// The HTML document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>"A sauna on wheels"</title>
                <link rel="icon" href=ICON />
                <style inner_html=include_str!("sauna.css")></style>
                <AutoReload options=options.clone() />
                <HydrationScripts options />
            </head>
            <body>
                <Page />
            </body>
        </html>
    }
}

/// The application with its routes.
#[component]
pub fn Page() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| "This page does not exist.">
                <Route path=path!("/") view=Sauna />
            </Routes>
        </Router>
    }
}

#[component]
fn Sauna() -> impl IntoView {
    let number = RwSignal::new(None);
    let on_event = move |event| {
        if let FormEvent::Success(deal) = event {
            number.set(Some(deal.deal_id));
        }
    };
    view! {
        <main>
            <h1>"A sauna on wheels."</h1>
            <p class="lead">
                "We bring it to your garden and collect it on Sunday. It is warm in forty minutes."
            </p>
            <DealForm src=form_address() on_event />
            <p role="status">
                {move || number.get().map(|number| format!("Your reference number is {number}."))}
            </p>
        </main>
    }
}

/// Returns the address of the form on the proxy. The server reads it from the variable `FORM_ADDRESS`,
/// and the page contains it for the browser.
pub fn form_address() -> String {
    SharedValue::new(|| {
        env::var("FORM_ADDRESS")
            .unwrap_or_else(|_| "http://127.0.0.1:8070/forms/callback".to_owned())
    })
    .into_inner()
}

//! The server of the landing page.

use std::error::Error;

use axum::Router;
use deal_form::Definitions;
use deal_form::definition::PublicDefinition;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use leptos_server_page::{Page, form_address, shell};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = Owner::new().with(form_address);
    let definitions = Definitions::new().with(address.clone(), definition(&address).await?);

    let options = get_configuration(None)?.leptos_options;
    let listener = TcpListener::bind(options.site_addr).await?;
    let routes = generate_route_list(Page);
    // The component finds the questions here, so the server can render them.
    let provide = move || provide_context(definitions.clone());
    let page = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let router = Router::new()
        .leptos_routes_with_context(&options, routes, provide, page)
        .fallback(leptos_axum::file_and_error_handler(shell))
        .with_state(options);
    leptos::logging::log!("the page: http://{}/", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

/// Requests the form's definition from the proxy.
async fn definition(address: &str) -> Result<PublicDefinition, Box<dyn Error>> {
    let request = reqwest::Client::new().get(address).header("accept", "application/json");
    let json = request.send().await?.error_for_status()?.text().await?;
    Ok(serde_json::from_str(&json)?)
}

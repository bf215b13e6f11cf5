//! The definition of a form at `GET /forms/{id}`, which the widget reads.

use reqwest::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use serde_json::Value;

use crate::support::{World, assert_refused, callback, read_json};

fn list(response: &reqwest::Response, name: reqwest::header::HeaderName) -> String {
    let values = response.headers().get_all(name).iter().map(|value| value.to_str().unwrap());
    values.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn serves_the_definition_as_json() {
    let world = World::start().await;
    let response =
        world.get("/forms/callback").header(ACCEPT, "application/json").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(list(&response, CONTENT_TYPE), "application/json");
    assert_eq!(list(&response, CACHE_CONTROL), "public, max-age=60");
    assert_eq!(list(&response, VARY), "Accept, Origin");
    let json: Value = response.json().await.unwrap();
    assert_eq!(json["title"], "Call me back");
    assert_eq!(json["fields"][0]["parameter"], "contact_name");
    assert_eq!(json["fields"][0]["required"], true);
    assert_eq!(json["fields"][1]["kind"], "phone");
}

#[tokio::test]
async fn serves_no_presets() {
    let world = World::start().await;
    for form in ["quote", "callback", "everything", "steps", "anfrage", "studio"] {
        for accept in ["application/json", "text/html"] {
            let response = world.get(&format!("/forms/{form}")).header(ACCEPT, accept).send().await;
            let text = response.unwrap().text().await.unwrap();
            for private in
                ["presets", "funnel", "Sales", "Partners", "contact_source", "note_title"]
            {
                assert!(!text.contains(private), "{private} in {form} as {accept}");
            }
        }
    }
}

#[tokio::test]
async fn responds_with_304_if_the_form_has_not_changed() {
    let world = World::start().await;
    let first = world.get("/forms/quote").send().await.unwrap();
    let etag = first.headers()[ETAG].to_str().unwrap().to_owned();
    for known in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = world.get("/forms/quote").header(IF_NONE_MATCH, &known).send().await.unwrap();
        assert_eq!(again.status(), 304, "{known}");
        assert_eq!(again.headers()[ETAG], *etag);
        assert_eq!(list(&again, VARY), "Accept, Origin");
        assert_eq!(again.text().await.unwrap(), "");
    }
    let other = world.get("/forms/quote").header(IF_NONE_MATCH, "\"other\"").send().await.unwrap();
    assert_eq!(other.status(), 200);
    let callback = world.get("/forms/callback").send().await.unwrap();
    assert_ne!(callback.headers()[ETAG], *etag);
}

#[tokio::test]
async fn responds_with_404_for_an_unknown_form() {
    let world = World::start().await;
    for id in ["nothing", "quote.toml", "QUOTE", "..%2Fquote", "%00"] {
        let response = read_json(world.get(&format!("/forms/{id}")).send().await.unwrap()).await;
        assert_refused(&response, 404, "form_unknown");
        assert!(response.1["error_message"].as_str().unwrap().contains("does not exist"), "{id}");
    }
    assert_refused(&world.submit("nothing", callback()).await, 404, "form_unknown");
}

#[tokio::test]
async fn responds_with_405_to_an_unsupported_method() {
    let world = World::start().await;
    let response = world.client.delete(world.url("/forms/quote")).send().await.unwrap();
    assert!(response.headers()["allow"].to_str().unwrap().contains("POST"));
    assert_refused(&read_json(response).await, 405, "method_not_allowed");
}

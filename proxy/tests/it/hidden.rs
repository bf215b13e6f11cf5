//! Hidden values, which the page fills in.

use reqwest::header::{ACCEPT, REFERER};

use crate::conditions::plan;
use crate::page::send;
use crate::support::{Multipart, World, problems, quote};

#[tokio::test]
async fn delivers_hidden_values_with_the_deal() {
    let world = World::start().await;
    let address = "https://example.com/landing?utm_source=a&b=\u{fc}#top";
    let body = plan("website").text("landing_page", address).text("came_from", "");
    assert_eq!(world.submit("steps", body).await.0, 200);
    let deal = world.deal().await;
    assert_eq!(deal["custom_fields"]["landing_page"], address);
    // An empty value is not sent.
    assert_eq!(deal["custom_fields"].get("came_from"), None);
}

#[tokio::test]
async fn refuses_hidden_values_that_are_repeated_or_belong_to_another_form() {
    let world = World::start().await;
    let twice = quote().text("utm_source", "a").text("utm_source", "b");
    let (_, json) = world.submit("quote", twice).await;
    assert_eq!(problems(&json), [("parameter_twice", "utm_source")]);
    let (_, json) = world.submit("quote", quote().text("landing_page", "x")).await;
    assert_eq!(problems(&json), [("parameter_unknown", "landing_page")]);
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn fills_in_the_plain_pages_hidden_values_from_its_address() {
    let world = World::start().await;
    let path =
        "/forms/quote?utm_source=news%20letter&utm_medium=&utm_campaign=%3C%22b&utm_source=x";
    let response = world.get(path).header(ACCEPT, "text/html").send().await.unwrap();
    // A shared cache must not serve the values of one visit to other visitors.
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    let page = response.text().await.unwrap();
    for input in [
        "<input type=\"hidden\" name=\"utm_source\" value=\"news letter\" autocomplete=\"off\">",
        "<input type=\"hidden\" name=\"utm_campaign\" value=\"&lt;&quot;b\" autocomplete=\"off\">",
    ] {
        assert!(page.contains(input), "{input}\n{page}");
    }
    assert!(!page.contains("utm_medium"));

    // The page that the proxy shows again after an invalid answer still has the hidden values.
    let wrong = Multipart::new().text("contact_name", "Zoë").text("utm_source", "news letter");
    let (status, again) = send(&world, "quote", wrong).await;
    assert_eq!(status, 422);
    assert!(again.contains("name=\"utm_source\" value=\"news letter\""), "{again}");
}

#[tokio::test]
async fn fills_in_the_plain_pages_own_address_and_referrer() {
    let world = World::start().await;
    let request = world.get("/forms/steps?a=b%20c").header(ACCEPT, "text/html");
    let request = request
        .header(REFERER, "https://search.example/?q=tea")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "leads.example.com");
    let page = request.send().await.unwrap().text().await.unwrap();
    for (name, value) in [
        ("landing_page", "https://leads.example.com/forms/steps?a=b%20c"),
        ("came_from", "https://search.example/?q=tea"),
    ] {
        assert!(page.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}\n{page}");
    }
    let page = world.get("/forms/steps").header(ACCEPT, "text/html").send().await.unwrap();
    let page = page.text().await.unwrap();
    let address = world.url("/forms/steps");
    assert!(page.contains(&format!("name=\"landing_page\" value=\"{address}\"")), "{page}");
    assert!(!page.contains("came_from"));
}

#[tokio::test]
async fn normalizes_hidden_values() {
    let world = World::start().await;
    let body = || plan("website").text("came_from", &format!(" a\tb\0{}", "x".repeat(2_000)));
    let normalized = format!("a b{}", "x".repeat(997));
    let (status, page) = send(&world, "steps", body()).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(world.deal().await["custom_fields"]["came_from"], normalized);
    let (status, json) = world.submit("steps", body()).await;
    assert_eq!(status, 200, "{json}");
    assert_eq!(world.deal().await["custom_fields"]["came_from"], normalized);
}

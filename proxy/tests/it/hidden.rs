//! Values that the page gives and no visitor types.

use reqwest::header::{ACCEPT, REFERER};

use crate::page::send;
use crate::support::{Multipart, World, problems, quote};

/// A submission of the form in steps that nothing is wrong with.
fn plan() -> Multipart {
    Multipart::new()
        .text("project_type", "website")
        .text("contact_name", "Zoë")
        .text("contact_email", "zoe@example.com")
}

#[tokio::test]
async fn what_the_page_gives_arrives_with_the_deal() {
    let world = World::start().await;
    let address = "https://example.com/landing?utm_source=a&b=\u{fc}#top";
    let body = plan().text("landing_page", address).text("came_from", "");
    assert_eq!(world.submit("steps", body).await.0, 200);
    let deal = world.deal().await;
    assert_eq!(deal["custom_fields"]["landing_page"], address);
    // Nothing is not sent.
    assert_eq!(deal["custom_fields"].get("came_from"), None);
}

#[tokio::test]
async fn what_a_page_cannot_have_given_is_refused() {
    let world = World::start().await;
    let twice = quote().text("utm_source", "a").text("utm_source", "b");
    let (_, json) = world.submit("quote", twice).await;
    assert_eq!(problems(&json), [("parameter_twice", "utm_source")]);
    // Another form's.
    let (_, json) = world.submit("quote", quote().text("landing_page", "x")).await;
    assert_eq!(problems(&json), [("parameter_unknown", "landing_page")]);
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn our_own_page_fills_them_from_its_address() {
    let world = World::start().await;
    let path =
        "/forms/quote?utm_source=news%20letter&utm_medium=&utm_campaign=%3C%22b&utm_source=x";
    let response = world.get(path).header(ACCEPT, "text/html").send().await.unwrap();
    // What belongs to one visit is shared with no other.
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    let page = response.text().await.unwrap();
    for input in [
        "<input type=\"hidden\" name=\"utm_source\" value=\"news letter\" autocomplete=\"off\">",
        "<input type=\"hidden\" name=\"utm_campaign\" value=\"&lt;&quot;b\" autocomplete=\"off\">",
    ] {
        assert!(page.contains(input), "{input}\n{page}");
    }
    assert!(!page.contains("utm_medium"));

    // Sent back with a mistake, they are still there.
    let wrong = Multipart::new().text("contact_name", "Zoë").text("utm_source", "news letter");
    let (status, again) = send(&world, "quote", wrong).await;
    assert_eq!(status, 422);
    assert!(again.contains("name=\"utm_source\" value=\"news letter\""), "{again}");
}

#[tokio::test]
async fn our_own_page_knows_its_address_and_where_the_visitor_came_from() {
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
async fn normalizes_values_that_the_visitor_cannot_see() {
    let world = World::start().await;
    let body = || plan().text("came_from", &format!(" a\tb\0{}", "x".repeat(2_000)));
    let mended = format!("a b{}", "x".repeat(997));
    let (status, page) = send(&world, "steps", body()).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(world.deal().await["custom_fields"]["came_from"], mended);
    let (status, json) = world.submit("steps", body()).await;
    assert_eq!(status, 200, "{json}");
    assert_eq!(world.deal().await["custom_fields"]["came_from"], mended);
}

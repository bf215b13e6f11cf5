//! What visitors see after they have sent a form without scripts.

use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION, ORIGIN};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use crate::page::send;
use crate::support::{Multipart, World, reference};

const QUESTION: &str = "
title = 'Call me back'
[[field]]
parameter = 'contact_name'
label = 'Name'
[success]
";

fn answers() -> Multipart {
    Multipart::new().text("external_reference_id", &reference(1)).text("contact_name", "Zoë")
}

/// Sends the form from a page with this origin, without following redirects.
async fn send_from(world: &World, origin: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let (content_type, body) = answers().finish();
    let request = client.post(world.url("/forms/own")).body(body);
    let request = request.header(CONTENT_TYPE, content_type).header(ACCEPT, "text/html");
    request.header(ORIGIN, origin).send().await.unwrap()
}

#[tokio::test]
async fn opens_the_thank_you_page_with_the_number_of_the_deal() {
    let redirect = "redirect = 'https://example.com/thanks?deal={deal_id}&ref={reference}'";
    let world = World::with_form(&format!("{QUESTION}{redirect}")).await;
    let response = send_from(&world, &format!("http://{}", world.proxy.addr)).await;
    assert_eq!(response.status(), 303);
    let deal_id = world.deal().await["deal_id"].to_string();
    let deal_id = deal_id.trim_matches('"');
    let expected = format!("https://example.com/thanks?deal={deal_id}&ref={}", reference(1));
    assert_eq!(response.headers()[LOCATION], expected);
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn the_page_of_the_form_may_lead_to_a_thank_you_page_on_another_site() {
    let redirect = "redirect = 'https://example.com/thanks?deal={deal_id}'";
    let world = World::with_form(&format!("{QUESTION}{redirect}")).await;
    // Chromium and WebKit apply `form-action` to the redirect after the form.
    let page = world.get("/forms/own").header(ACCEPT, "text/html").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://example.com; "), "{policy}");
}

#[tokio::test]
async fn opens_a_relative_thank_you_page_on_the_site_with_the_form() {
    let world = World::with_form(&format!("{QUESTION}redirect = '/thanks'")).await;
    let origin = format!("http://{}", world.proxy.addr);
    let response = send_from(&world, &origin).await;
    assert_eq!(response.headers()[LOCATION], format!("{origin}/thanks"));
}

#[tokio::test]
async fn a_program_gets_the_reply_and_no_redirect() {
    let world = World::with_form(&format!("{QUESTION}redirect = '/thanks'")).await;
    let (status, reply) = world.submit("own", answers()).await;
    assert_eq!((status, &reply["message"]), (200, &"success".into()));
}

#[tokio::test]
async fn shows_only_the_number_of_the_deal_unless_the_form_lists_more() {
    for (settings, shows_stage) in [("", false), ("show = ['deal_id', 'stage']", true)] {
        let world = World::with_form(&format!("{QUESTION}{settings}")).await;
        let (status, page) = send(&world, "own", answers()).await;
        assert_eq!(status, 200);
        assert_eq!(page.contains("<dt>Stage</dt>"), shows_stage, "{page}");
        assert!(page.contains("Send another request"), "{page}");
    }
}

#[tokio::test]
async fn offers_no_other_request_if_the_form_file_disables_it() {
    let world = World::with_form(&format!("{QUESTION}another = false")).await;
    let (_, page) = send(&world, "own", answers()).await;
    assert!(!page.contains("/forms/own"), "{page}");
}

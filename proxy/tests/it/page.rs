//! The form as a page that works without scripts.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::json;

use crate::support::{Multipart, World};

/// The `Accept` header of a browser's navigation.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

pub(crate) async fn open(world: &World, form: &str) -> String {
    let response =
        world.get(&format!("/forms/{form}")).header(ACCEPT, BROWSER).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "private, no-cache");
    response.text().await.unwrap()
}

/// Sends the form as a browser does, and returns the status and the page.
pub(crate) async fn send(world: &World, form: &str, body: Multipart) -> (u16, String) {
    let (content_type, body) = body.finish();
    let request = world.client.post(world.url(&format!("/forms/{form}")));
    let request = request
        .header(ACCEPT, BROWSER)
        .header(CONTENT_TYPE, content_type)
        .header("origin", format!("http://{}", world.proxy.addr))
        .body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    (response.status().as_u16(), response.text().await.unwrap())
}

/// Returns the draft's reference in the page.
fn reference(page: &str) -> &str {
    let after = page.split_once("name=\"external_reference_id\" value=\"").unwrap().1;
    after.split_once('"').unwrap().0
}

#[tokio::test]
async fn creates_a_deal_from_a_form_that_is_sent_without_scripts() {
    let world = World::start().await;
    let page = open(&world, "callback").await;
    assert!(page.contains(
        "<form class=\"df-form\" method=\"post\" action=\"/forms/callback?sent\" enctype=\"multipart/form-data\""
    ));

    // After an invalid answer, the page comes back with the answers and the problems.
    let draft = reference(&page).to_owned();
    let first = Multipart::new()
        .text("external_reference_id", &draft)
        .text("contact_name", "Zoë <b>")
        .text("contact_phone", "call me")
        .text("note", "a \"b\" & c");
    let (status, again) = send(&world, "callback", first).await;
    assert_eq!(status, 422);
    assert!(again.contains("<title>Not sent yet: Call me back</title>"));
    assert!(again.contains("<a href=\"#contact_phone\">Enter a phone number for “Phone”"));
    assert!(again.contains(
        "aria-describedby=\"contact_phone-hint contact_phone-problem\" aria-invalid=\"true\""
    ));
    assert!(again.contains("value=\"Zoë &lt;b&gt;\""));
    assert!(again.contains("value=\"a &quot;b&quot; &amp; c\""));
    assert_eq!(reference(&again), draft, "the draft has changed");
    // The page must not load the widget, which would discard the answers.
    assert!(!again.contains("<script") && !again.contains("<deal-form"));
    assert_eq!(world.calls().await.len(), 0);

    // The corrected answers, with the spaces that phone keyboards add.
    let second = || {
        Multipart::new()
            .text("external_reference_id", &draft)
            .text("contact_name", "Zoë <b> ")
            .text("contact_phone", "+49\u{a0}30 1234567 ")
            .text("note", "")
    };
    let (status, done) = send(&world, "callback", second()).await;
    assert_eq!(status, 200);
    let deal = world.deal().await;
    let id = deal["deal_id"].as_str().unwrap();
    assert!(
        done.contains(&format!("<dt>Your reference number</dt><dd><bdi>{id}</bdi></dd>")),
        "{done}"
    );
    assert!(done.contains("Thank you. We will call you on the next working day."));
    assert!(done.contains("<dt>Your reference number</dt>"), "{done}");
    assert_eq!(deal["contact"]["name"], "Zoë <b>");
    assert_eq!(deal["contact"]["phone"], "+49 30 1234567");
    assert_eq!(deal["external_reference_id"], draft);

    // The visitor reloads the page. The browser then sends the form again.
    assert_eq!(send(&world, "callback", second()).await.0, 200);
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn gives_each_opened_page_its_own_draft() {
    let world = World::start().await;
    let (one, two) = (open(&world, "callback").await, open(&world, "callback").await);
    assert_ne!(reference(&one), reference(&two));
}

#[tokio::test]
async fn shows_every_question_with_a_label_and_the_right_control() {
    let world = World::start().await;
    let page = open(&world, "everything").await;
    for control in [
        "<label class=\"df-label\" for=\"name\" dir=\"auto\">Text<span class=\"df-mark\" aria-hidden=\"true\">*</span></label>",
        "<input class=\"df-input\" type=\"text\" id=\"name\" name=\"name\" value=\"\" required maxlength=\"60\"",
        "<textarea class=\"df-input\" id=\"note\" name=\"note\" rows=\"4\" maxlength=\"20000\"",
        "<input class=\"df-input\" type=\"text\" id=\"contact_email\" name=\"contact_email\" value=\"\" inputmode=\"email\"",
        "<input class=\"df-input\" type=\"tel\" id=\"contact_phone\"",
        "<input class=\"df-input\" type=\"text\" id=\"contact_linkedin\"",
        "<div class=\"df-date\" dir=\"ltr\"><input class=\"df-input\" type=\"text\" id=\"expected_closing_date\"",
        "<input class=\"df-input\" type=\"text\" id=\"expected_closing_amount\" name=\"expected_closing_amount\" value=\"\" inputmode=\"decimal\"",
        "<input class=\"df-box\" type=\"checkbox\" id=\"send_email_to_contact\" name=\"send_email_to_contact\" value=\"1\"",
        "<input class=\"df-box\" type=\"checkbox\" id=\"create_new_stage\" name=\"create_new_stage\" value=\"2\"",
        "<select class=\"df-input\" id=\"resolution\" name=\"resolution\"",
        "<option value=\"won\" dir=\"auto\">Won</option>",
        "<select class=\"df-input\" id=\"stage\"",
        "<div class=\"df-tag-line\"><input class=\"df-input\" type=\"text\" id=\"tags\"",
        "<input class=\"df-input\" type=\"text\" id=\"contact_id\" name=\"contact_id\" value=\"\" inputmode=\"numeric\"",
        "<span class=\"df-label\" id=\"project_type-label\" dir=\"auto\">Custom choice</span>",
        "<div class=\"df-radios\" role=\"radiogroup\" aria-labelledby=\"project_type-label\">",
        "<label class=\"df-option\"><input class=\"df-box\" type=\"radio\" id=\"project_type\" name=\"project_type\" value=\"website\">",
        "<label class=\"df-option\"><input class=\"df-box\" type=\"radio\" name=\"project_type\" value=\"app\">",
        "<div class=\"df-radios\" role=\"group\" aria-labelledby=\"colours-label\">",
        "<input class=\"df-input df-other\" type=\"text\" name=\"colours\"",
        "<input class=\"df-switch\" type=\"checkbox\" role=\"switch\" id=\"newsletter\"",
        "<div class=\"df-zone\"><input class=\"df-files df-native\" type=\"file\" id=\"attachments\" name=\"attachments[]\" multiple accept=\".jpg,",
    ] {
        assert!(page.contains(control), "{control}\n{page}");
    }
    // Each question has a label, except for the two groups of buttons, whose options have labels. The hidden
    // field has a label, too.
    let labels = page.split("<label").skip(1).filter_map(|rest| rest.split_once(" for=\""));
    let labels: Vec<&str> =
        labels.filter(|(before, _)| !before.contains('>')).map(|(_, id)| id).collect();
    assert_eq!(labels.len(), 21);
    for id in labels.into_iter().map(|rest| rest.split_once('"').unwrap().0) {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(page.contains("autocomplete=\"email\""));
    assert!(page.contains("; at most 5 files, under 20\u{a0}MB in total"));
}

#[tokio::test]
async fn loads_the_widget_if_scripts_are_available() {
    let world = World::start().await;
    let page = open(&world, "quote").await;
    assert!(
        page.contains("<deal-form src=\"/forms/quote\" heading-level=\"1\"><div class=\"df\" ")
    );
    assert!(page.contains("<script type=\"module\" src=\"/deal-form.js\"></script>"));
    // The content security policy forbids inline scripts and styles.
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<style") && !page.contains(" style="));
    let style = page.split_once("<link rel=\"stylesheet\" href=\"").unwrap().1;
    let style = style.split_once('"').unwrap().0;
    let css = world.get(style).send().await.unwrap();
    assert_eq!(css.headers()["content-type"], "text/css; charset=utf-8");
    assert!(css.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    assert!(css.text().await.unwrap().contains("focus-visible"));
}

#[tokio::test]
async fn shows_the_answers_again_after_a_refusal_by_the_crm() {
    let world = World::start().await;
    let draft = reference(&open(&world, "quote").await).to_owned();
    let body = |note: &str| {
        Multipart::new()
            .text("contact_name", "Zoë")
            .text("contact_email", "zoe@example.com")
            .text("project_type", "shop")
            .text("note", note)
            .text("external_reference_id", &draft)
            .file("brief.pdf", "application/pdf", &crate::support::pdf(9))
    };
    world.set_faults(json!({"kind": "refuse", "error_message": "No <i>deals</i> today"})).await;
    let (status, page) = send(&world, "quote", body("A shop for tea.")).await;
    assert_eq!(status, 422);
    assert!(page.contains("No &lt;i&gt;deals&lt;/i&gt; today") && !page.contains("<i>"));
    assert!(page.contains("Not sent yet"));
    assert!(
        page.contains("value=\"zoe@example.com\"") && page.contains("A shop for tea.</textarea>")
    );
    assert!(page.contains("<option value=\"shop\" dir=\"auto\" selected>"));
    assert!(page.contains("Please add your files again"));
    assert_eq!(reference(&page), draft);

    // The corrected content goes to the CRM.
    assert_eq!(send(&world, "quote", body("A shop for coffee.")).await.0, 200);
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn confirms_a_submission_while_the_crm_fails() {
    let world = World::start().await;
    let draft = reference(&open(&world, "callback").await).to_owned();
    world.set_faults(json!({"kind": "status", "code": 500})).await;
    let (status, page) = send(&world, "callback", crate::support::draft(&draft)).await;
    assert_eq!(status, 202);
    assert!(page.contains("<h1 class=\"df-title\">We have your request</h1>"), "{page}");
    assert!(page.contains("You do not need to do anything else.") && page.contains(&draft));
    assert!(!page.contains("<form"));
    world.wait_for_state("callback", &draft, "delivered").await;
}

//! Questions with several answers, and answers that are not among the options, with and without
//! scripts.

use crate::page::{open, send};
use crate::support::{Multipart, World, reference};

const FORM: &str = r#"
title = "Quote"
[[field]]
custom_field = "project_type"
kind = "choices"
label = "What do you need?"
options = [{ value = "web", label = "A website" }, { value = "print", label = "Print" }]
other = true
max_choices = 3
[[field]]
custom_field = "budget_range"
kind = "choice"
control = "radio"
label = "How did you hear of us?"
options = ["A friend"]
other = true
[presets]
name = "Quote: {project_type}"
note = "{answers}"
auto_create_custom_fields = true
"#;

fn answers() -> Multipart {
    Multipart::new().text("external_reference_id", &reference(1))
}

#[tokio::test]
async fn reads_checkboxes_and_other_answers_from_a_plain_form() {
    let world = World::with_form(FORM).await;
    let body = answers()
        .text("project_type", "print")
        .text("project_type", "web")
        .text("project_type", "df-other")
        .text("project_type", " An app ")
        .text("budget_range", "df-other")
        .text("budget_range", "A podcast");
    let (status, page) = send(&world, "own", body).await;
    assert_eq!(status, 200, "{page}");
    let deal = world.deal().await;
    assert_eq!(deal["custom_fields"]["project_type"], "web, print, An app");
    assert_eq!(deal["custom_fields"]["budget_range"], "A podcast");
    let deal = &deal["parameters"];
    assert_eq!(deal["name"], "Quote: A website, Print, An app");
    let expected =
        "What do you need? A website, Print, An app\r\nHow did you hear of us? A podcast";
    assert_eq!(deal["note"], expected);
}

#[tokio::test]
async fn treats_the_same_answers_from_the_widget_and_a_plain_form_as_the_same_content() {
    let world = World::with_form(FORM).await;
    let widget = answers().text("project_type", "web, An app").text("budget_range", "A friend");
    let (status, reply) = world.submit("own", widget).await;
    assert_eq!(status, 200, "{reply}");
    let plain = answers()
        .text("project_type", "web")
        .text("project_type", "df-other")
        .text("project_type", "An app")
        .text("budget_range", "A friend")
        .text("budget_range", "");
    let (status, page) = send(&world, "own", plain).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(world.calls().await.len(), 1, "the same draft created two deals");
}

#[tokio::test]
async fn a_refused_plain_form_comes_back_with_its_choices() {
    let world = World::with_form(FORM).await;
    let body = answers()
        .text("project_type", "web")
        .text("project_type", "df-other")
        .text("project_type", "a, b, c")
        .text("budget_range", "df-other")
        .text("budget_range", "A <podcast>");
    let (status, page) = send(&world, "own", body).await;
    assert_eq!(status, 422);
    assert!(page.contains("Select up to 3 options for “What do you need?”. You selected 4."));
    for part in [
        "name=\"project_type\" value=\"web\" checked",
        "name=\"project_type\" value=\"df-other\" checked",
        "type=\"text\" name=\"project_type\" value=\"a, b, c\"",
        "name=\"budget_range\" value=\"df-other\" checked",
        "type=\"text\" name=\"budget_range\" value=\"A &lt;podcast&gt;\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("value=\"print\" checked"));
}

#[tokio::test]
async fn limits_all_values_of_a_question_together() {
    let world = World::with_form(FORM).await;
    let body = ["a", "b", "c", "d"]
        .iter()
        .fold(answers(), |body, letter| body.text("project_type", &letter.repeat(60_000)));
    let (status, reply) = world.submit("own", body).await;
    assert_eq!(status, 413, "{reply}");
    let sentence = reply["error_message"].as_str().unwrap();
    assert!(sentence.contains("What do you need?"), "{sentence}");
}

#[tokio::test]
async fn shows_headings_links_and_widths_without_scripts() {
    let form = r#"
        title = "Quote"
        intro = "**Free** of charge:\n- a <call>"
        [[field]]
        parameter = "contact_name"
        heading = "About you"
        text = "We [never](https://example.com/p) share it."
        label = "Name *now*"
        width = "half"
    "#;
    let page = open(&World::with_form(form).await, "own").await;
    for part in [
        "<div class=\"df-intro\" dir=\"auto\"><p><strong>Free</strong> of charge:</p><ul><li>a &lt;call&gt;</li></ul></div>",
        "<h2 class=\"df-step-title\" dir=\"auto\">About you</h2>",
        "<a class=\"df-link\" href=\"https://example.com/p\" target=\"_blank\" rel=\"noopener\">never<span class=\"df-unseen\"> (opens in a new tab)</span></a>",
        "<div class=\"df-field\" data-kind=\"text\" data-width=\"half\">",
        "Name <em>now</em>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

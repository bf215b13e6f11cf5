//! Conditional questions, and limits for dates.

use std::time::{SystemTime, UNIX_EPOCH};

use deal_contract::values::CalendarDate;
use serde_json::json;

use crate::page::open;
use crate::support::{Multipart, World, problems, quote};

/// Returns answers to the unconditional questions of the form `steps`.
pub(crate) fn plan(project_type: &str) -> Multipart {
    Multipart::new()
        .text("project_type", project_type)
        .text("contact_name", "Zoë")
        .text("contact_email", "zoe@example.com")
}

fn utc_day() -> CalendarDate {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    CalendarDate::since_1970(i32::try_from(seconds / 86_400).unwrap())
}

#[tokio::test]
async fn requires_an_answer_only_to_questions_that_are_shown() {
    let world = World::start().await;
    assert_eq!(world.submit("steps", plan("website")).await.0, 200);
    let (status, json) = world.submit("steps", plan("shop")).await;
    assert_eq!(status, 422);
    assert_eq!(problems(&json), [("required", "shop_system")]);
    let (_, json) = world.submit("steps", plan("website").text("call_me", "1")).await;
    assert_eq!(problems(&json), [("required", "contact_phone")]);
    let both = plan("shop").text("shop_system", "none").text("call_me", "1");
    assert_eq!(world.submit("steps", both.text("contact_phone", "030 12345")).await.0, 200);
}

#[tokio::test]
async fn keeps_and_checks_an_answer_to_a_hidden_question() {
    let world = World::start().await;
    let body = plan("website").text("shop_system", "none");
    assert_eq!(world.submit("steps", body).await.0, 200);
    assert_eq!(world.deal().await["custom_fields"]["shop_system"], "none");
    let body = plan("website").text("contact_phone", "call me");
    let (_, json) = world.submit("steps", body).await;
    assert_eq!(problems(&json), [("phone_character", "contact_phone")]);
}

#[tokio::test]
async fn sends_no_value_for_a_hidden_checkbox() {
    let world = World::with_form(
        "title = 'T'
        [[field]]
        parameter = 'name'
        label = 'Name'
        [[field]]
        parameter = 'send_email_to_contact'
        opt_in = true
        label = 'Email'
        required = true
        show_when = { parameter = 'name', is = 'x' }",
    )
    .await;
    assert_eq!(world.submit("own", Multipart::new().text("name", "y")).await.0, 200);
    assert_eq!(world.deal().await["parameters"].get("send_email_to_contact"), None);
    let (_, json) = world.submit("own", Multipart::new().text("name", "x")).await;
    assert_eq!(problems(&json), [("required_flag", "send_email_to_contact")]);
}

#[tokio::test]
async fn shows_every_question_with_its_condition_on_the_plain_page() {
    let world = World::start().await;
    let page = open(&world, "steps").await;
    assert_eq!(
        page.matches("<div class=\"df-step\" role=\"group\" aria-labelledby=\"df-place-").count(),
        3
    );
    for part in [
        "<p class=\"df-step-place\" id=\"df-place-2\">Step 2 of 3</p>",
        "<i class=\"df-on\"></i><i class=\"df-on\"></i><i></i>",
        "<h2 class=\"df-step-title\" id=\"df-step-2\" dir=\"auto\">Time and money</h2>",
        "<span class=\"df-no-scripts\">Only if “What do you want to build?” is: An online shop.</span> <span dir=\"auto\">Enter “none” if you are starting from scratch.</span></p>",
        // The browser must not require an answer.
        "type=\"text\" id=\"shop_system\" name=\"shop_system\" value=\"\" maxlength=\"100\" dir=\"auto\" aria-describedby=\"shop_system-hint\">",
        "Only if “Please call me” is: yes.",
        "type=\"radio\" id=\"project_type\" name=\"project_type\" value=\"website\" required>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    let places: Vec<usize> = ["project_type", "expected_closing_date", "contact_phone"]
        .map(|name| page.find(&format!("name=\"{name}\"")).unwrap())
        .to_vec();
    assert!(places.is_sorted());
}

/// A form with a condition of every kind.
const LOAN: &str = "title = 'T'
    [[field]]
    parameter = 'expected_closing_amount'
    label = 'Budget'
    [[field]]
    parameter = 'expected_closing_date'
    label = 'Start'
    [[field]]
    parameter = 'contact_phone'
    label = 'Phone'
    required_when = { parameter = 'expected_closing_amount', at_least = 10000.5 }
    [[field]]
    parameter = 'name'
    label = 'Name'
    show_when = { any = [
        { parameter = 'contact_phone', filled = false },
        { all = [
            { parameter = 'expected_closing_date', at_least = 2026-01-31, at_most = 2026-02-28 },
            { parameter = 'contact_phone', is_not = '030 12345' },
        ] },
    ] }
    [[field]]
    parameter = 'note'
    label = 'Note'
    required = true
    [[step]]
    title = 'One'
    fields = ['expected_closing_amount', 'expected_closing_date', 'contact_phone', 'name']
    [[step]]
    title = 'Two'
    fields = ['note']
    show_when = { parameter = 'name', filled = true }
    ";

#[tokio::test]
async fn requires_an_answer_under_a_condition() {
    let world = World::with_form(LOAN).await;
    let submit = async |amount: &str| {
        world.submit("own", Multipart::new().text("expected_closing_amount", amount)).await
    };
    assert_eq!(submit("10.000,00").await.0, 200);
    let (status, json) = submit("10.000,50").await;
    assert_eq!((status, problems(&json)), (422, vec![("required", "contact_phone")]));
}

#[tokio::test]
async fn requires_no_answer_in_a_hidden_step() {
    let world = World::with_form(LOAN).await;
    let (status, json) = world.submit("own", Multipart::new().text("name", "Zoë")).await;
    assert_eq!((status, problems(&json)), (422, vec![("required", "note")]));
}

#[tokio::test]
async fn the_plain_page_describes_every_condition() {
    let world = World::with_form(LOAN).await;
    let page = open(&world, "own").await;
    for part in [
        "Required if “Budget” is at least 10,000.5.",
        "Only if “Phone” has no answer or (“Start” is Saturday, January 31, 2026 or later and “Start” is Saturday, February 28, 2026 or earlier",
        "and “Phone” is not: 030 12345).",
        ">Two</h2><p class=\"df-hint\">Only if “Name” has an answer.</p>",
        // The browser must not require an answer.
        "<textarea class=\"df-input\" id=\"note\" name=\"note\" rows=\"4\" maxlength",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
}

#[tokio::test]
async fn accepts_yesterday_because_time_zones_differ() {
    let world = World::start().await;
    let today = utc_day();
    let submit = async |days| {
        let day = today.plus_days(days).to_string();
        world.submit("quote", quote().text("expected_closing_date", &day)).await
    };
    let (yesterday, before) = (submit(-1).await, submit(-2).await);
    // The results prove nothing if the day in UTC has changed since the test began.
    if utc_day() != today {
        return;
    }
    assert_eq!(yesterday.0, 200, "{}", yesterday.1);
    assert_eq!(before.0, 422);
    assert_eq!(problems(&before.1), [("date_early", "expected_closing_date")]);
    let first = today.plus_days(-1).to_string();
    assert_eq!(before.1["problems"][0]["limit"], json!({"day": first}));
}

#[tokio::test]
async fn checks_a_relative_last_day_on_submit() {
    let world = World::start().await;
    let late = utc_day().plus_days(733).to_string();
    let body = plan("website").text("expected_closing_date", &late);
    let (_, json) = world.submit("steps", body).await;
    assert_eq!(problems(&json), [("date_late", "expected_closing_date")]);
}

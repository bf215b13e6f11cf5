//! Typing, adding and removing tags.

use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::kind::TextFormat;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

use crate::page::{Page, settle};

async fn open() -> Page {
    let tags = Field { required: true, ..Field::new("tags", TextFormat::Tags, "Keywords") };
    Page::open(PublicDefinition::new("F", vec![tags])).await
}

/// Presses a key in the input. Returns whether the widget prevents the default action.
async fn press(page: &Page, key: &str) -> bool {
    press_with_code(page, key, 0).await
}

/// Presses a key as [`press`] does, with this `keyCode`.
async fn press_with_code(page: &Page, key: &str, code: u32) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_key_code(code);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    page.control("tags").dispatch_event(&event).unwrap();
    settle().await;
    event.unchecked_ref::<Event>().default_prevented()
}

fn typed(page: &Page) -> String {
    page.control("tags").unchecked_into::<HtmlInputElement>().value()
}

#[wasm_bindgen_test]
async fn a_comma_or_enter_turns_the_text_into_a_tag() {
    let page = open().await;
    page.write("tags", "relaunch, multi").await;
    assert_eq!(page.shown(".df-tag span"), ["relaunch"]);
    assert_eq!(typed(&page), "multi");
    assert!(press(&page, "Enter").await, "Enter must not send the form");
    assert_eq!(page.shown(".df-tag span"), ["relaunch", "multi"]);
    assert_eq!(typed(&page), "");
    assert!(!press(&page, "Enter").await, "Enter in an empty input must send the form");
}

#[wasm_bindgen_test]
async fn splits_tags_at_arabic_and_chinese_commas() {
    let page = open().await;
    page.write("tags", "ويب، جديد،").await;
    page.write("tags", "网页，新、三").await;
    assert_eq!(page.shown(".df-tag span"), ["ويب", "جديد", "网页", "新"]);
    assert_eq!(typed(&page), "三");
}

#[wasm_bindgen_test]
async fn adds_no_tag_when_enter_ends_a_composition_in_safari() {
    let page = open().await;
    page.write("tags", "にほん").await;
    assert!(!press_with_code(&page, "Enter", 229).await);
    assert_eq!(page.shown(".df-tag span"), [""; 0]);
    assert!(press_with_code(&page, "Enter", 13).await);
    assert_eq!(page.shown(".df-tag span"), ["にほん"]);
}

/// Enter accepts a proposal of the input method while the visitor is still composing.
#[wasm_bindgen_test]
async fn adds_no_tag_when_enter_is_part_of_a_composition() {
    let page = open().await;
    page.write("tags", "にほん").await;
    let init = KeyboardEventInit::new();
    init.set_key("Enter");
    init.set_key_code(13);
    init.set_is_composing(true);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    page.control("tags").dispatch_event(&event).unwrap();
    settle().await;
    assert!(!event.unchecked_ref::<Event>().default_prevented());
    assert_eq!(page.shown(".df-tag span"), [""; 0]);
    assert_eq!(typed(&page), "にほん");
}

#[wasm_bindgen_test]
async fn turns_the_typed_text_into_a_tag_when_the_visitor_leaves_the_field() {
    let page = open().await;
    page.fill("tags", "web").await;
    assert_eq!(page.shown(".df-tag span"), ["web"]);
    page.submit().await;
    assert_eq!(page.shown(".df-problem"), [""; 0]);
}

#[wasm_bindgen_test]
async fn ignores_duplicate_and_empty_tags() {
    let page = open().await;
    page.write("tags", "a,, b , a,").await;
    assert_eq!(page.shown(".df-tag span"), ["a", "b"]);
}

#[wasm_bindgen_test]
async fn removes_a_tag_by_its_button_and_the_last_one_by_backspace() {
    let page = open().await;
    page.write("tags", "a, b, c,").await;
    page.click("[aria-label='Remove a']").await;
    assert_eq!(page.shown(".df-tag span"), ["b", "c"]);
    assert_eq!(page.shown(".df-unseen[aria-live] > p").last().unwrap(), "a was removed.");
    press(&page, "Backspace").await;
    assert_eq!(page.shown(".df-tag span"), ["b"]);
}

#[wasm_bindgen_test]
async fn the_add_button_turns_the_typed_text_into_a_tag() {
    let page = open().await;
    page.write("tags", "phone").await;
    page.click("[data-df-add]").await;
    assert_eq!(page.shown(".df-tag span"), ["phone"]);
}

#[wasm_bindgen_test]
async fn announces_only_the_tags_that_were_added() {
    let page = open().await;
    let announced = || page.shown(".df-unseen[aria-live] > p").pop().unwrap_or_default();
    page.write("tags", ",").await;
    assert_eq!(announced(), "");
    page.write("tags", "a, ,").await;
    assert_eq!(announced(), "a was added.");
    page.write("tags", "b, a,").await;
    assert_eq!(announced(), "b was added.");
    page.write("tags", "、").await;
    assert_eq!(announced(), "b was added.");
}

//! Tags: typed, finished, removed.

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

/// Presses a key in the line; tells whether the page takes it for itself.
async fn press(page: &Page, key: &str) -> bool {
    press_numbered(page, key, 0).await
}

/// The same, by a key of that number.
async fn press_numbered(page: &Page, key: &str, number: u32) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_key_code(number);
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
    assert!(press(&page, "Enter").await, "Enter would have sent the form");
    assert_eq!(page.shown(".df-tag span"), ["relaunch", "multi"]);
    assert_eq!(typed(&page), "");
    assert!(!press(&page, "Enter").await, "with nothing typed, Enter sends the form");
}

#[wasm_bindgen_test]
async fn the_comma_of_any_keyboard_splits_tags() {
    let page = open().await;
    page.write("tags", "ويب، جديد،").await;
    page.write("tags", "网页，新、三").await;
    assert_eq!(page.shown(".df-tag span"), ["ويب", "جديد", "网页", "新"]);
    assert_eq!(typed(&page), "三");
}

#[wasm_bindgen_test]
async fn the_key_that_ends_a_composed_word_in_safari_adds_no_tag() {
    let page = open().await;
    page.write("tags", "にほん").await;
    assert!(!press_numbered(&page, "Enter", 229).await);
    assert_eq!(page.shown(".df-tag span"), [""; 0]);
    assert!(press_numbered(&page, "Enter", 13).await);
    assert_eq!(page.shown(".df-tag span"), ["にほん"]);
}

/// Enter takes what an input method proposes; the word goes on.
#[wasm_bindgen_test]
async fn a_key_that_an_input_method_is_still_composing_with_adds_no_tag() {
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
async fn text_without_a_comma_counts_as_a_tag() {
    let page = open().await;
    page.fill("tags", "web").await;
    assert_eq!(page.shown(".df-tag span"), ["web"]);
    page.submit().await;
    assert_eq!(page.shown(".df-problem"), [""; 0]);
}

#[wasm_bindgen_test]
async fn duplicate_and_empty_tags_are_left_out() {
    let page = open().await;
    page.write("tags", "a,, b , a,").await;
    assert_eq!(page.shown(".df-tag span"), ["a", "b"]);
}

#[wasm_bindgen_test]
async fn a_tag_is_removed_by_its_button_and_the_last_one_by_backspace() {
    let page = open().await;
    page.write("tags", "a, b, c,").await;
    page.click("[aria-label='Remove a']").await;
    assert_eq!(page.shown(".df-tag span"), ["b", "c"]);
    assert_eq!(page.shown("[role=status].df-unseen").last().unwrap(), "a was removed.");
    press(&page, "Backspace").await;
    assert_eq!(page.shown(".df-tag span"), ["b"]);
}

#[wasm_bindgen_test]
async fn the_button_adds_what_is_typed() {
    let page = open().await;
    page.write("tags", "phone").await;
    page.click("[data-df-add]").await;
    assert_eq!(page.shown(".df-tag span"), ["phone"]);
}

#[wasm_bindgen_test]
async fn announces_only_the_tags_that_were_added() {
    let page = open().await;
    let told = || page.find("[role=status].df-unseen").text_content().unwrap();
    page.write("tags", ",").await;
    assert_eq!(told(), "");
    page.write("tags", "a, ,").await;
    assert_eq!(told(), "a was added.");
    page.write("tags", "b, a,").await;
    assert_eq!(told(), "b was added.");
    page.write("tags", "、").await;
    assert_eq!(told(), "b was added.");
}

//! The form in other languages, and the interpretations of answers.

use deal_contract::definition::{DateBound, Field, FieldKind, FlagControl, PublicDefinition};
use deal_contract::kind::TextFormat;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::page::Page;

fn with_lang(lang: &str, field: Field) -> PublicDefinition {
    let mut form = PublicDefinition::new("F", vec![field]);
    form.lang = Some(lang.to_owned());
    // The tests have no catalogs. Without a catalog, a form declares its language only if the
    // author has written a message.
    form.texts = vec![("submit".to_owned(), "OK".to_owned())];
    form
}

#[wasm_bindgen_test]
async fn shows_the_interpretation_of_an_amount_and_keeps_the_typed_text() {
    let amount = || Field::new("expected_closing_amount", TextFormat::Amount, "Budget");
    for (lang, typed, interpretation) in
        [("en", "12500", "12,500"), ("de", "12500,50", "12.500,50"), ("pt", "12 500", "12.500")]
    {
        let page = Page::open(with_lang(lang, amount())).await;
        page.write("expected_closing_amount", typed).await;
        assert_eq!(page.shown(".df-feedback"), [interpretation], "{lang}");
        let input: HtmlInputElement = page.control("expected_closing_amount").unchecked_into();
        assert_eq!(input.value(), typed);
    }
}

#[wasm_bindgen_test]
async fn shows_a_typed_date_as_a_long_date() {
    let day = Field::new("expected_closing_date", FieldKind::DATE, "Start");
    let page = Page::open(with_lang("de", day)).await;
    page.write("expected_closing_date", "2024-02-29").await;
    assert_eq!(page.shown(".df-feedback"), ["Donnerstag, 29. Februar 2024"]);
}

#[wasm_bindgen_test]
async fn reads_and_writes_dates_as_in_the_region_of_the_page() {
    let body = document().body().unwrap();
    body.set_attribute("lang", "en-GB").unwrap();
    let day = || Field::new("expected_closing_date", FieldKind::DATE, "Start");
    let english = Page::open(with_lang("en", day())).await;
    let german = Page::open(with_lang("de", day())).await;
    body.remove_attribute("lang").unwrap();

    assert!(english.shown(".df-hint")[0].starts_with("DD/MM/YYYY"));
    english.write("expected_closing_date", "03/04/2027").await;
    // Some versions of the Unicode data have a comma after the weekday, and others do not.
    assert_eq!(english.shown(".df-feedback")[0].replace(',', ""), "Saturday 3 April 2027");
    assert_eq!(english.find(".df").get_attribute("lang").as_deref(), Some("en"));
    // A region of another language changes nothing.
    german.write("expected_closing_date", "3.4.2027").await;
    assert_eq!(german.shown(".df-feedback"), ["Samstag, 3. April 2027"]);
}

#[wasm_bindgen_test]
async fn the_message_for_a_date_before_the_minimum_shows_the_minimum_as_a_long_date() {
    let min = Some(DateBound::Day("2026-01-31".parse().unwrap()));
    let day = Field::new("expected_closing_date", FieldKind::Date { min, max: None }, "Start");
    let page = Page::open(with_lang("en", day)).await;
    page.fill("expected_closing_date", "2026-01-30").await;
    let [problem] = &page.shown(".df-problem")[..] else { panic!("not one problem") };
    assert!(problem.contains("Saturday, January 31, 2026"), "{problem}");
    let picker: HtmlInputElement = page.find("[type=date]").unchecked_into();
    assert_eq!(picker.min(), "2026-01-31");
}

#[wasm_bindgen_test]
async fn shows_the_number_of_characters_left_or_over_the_limit() {
    let text = FieldKind::Text { format: TextFormat::MultiLine, max_length: Some(5) };
    let note = Field::new("note", text, "Note");
    let page = Page::open(with_lang("en", note)).await;
    for (typed, message) in [
        ("äöü", "2 characters left"),
        ("abcd", "1 character left"),
        ("abcdefg", "2 characters too many"),
    ] {
        page.write("note", typed).await;
        assert_eq!(page.shown(".df-feedback"), [message]);
    }
}

#[wasm_bindgen_test]
async fn messages_of_the_author_replace_the_default_messages() {
    let mut form = with_lang("en", Field::new("note", TextFormat::SingleLine, "Note"));
    form.texts = vec![("submit".to_owned(), "Off you go".to_owned())];
    assert_eq!(Page::open(form).await.shown(".df-submit"), ["Off you go"]);
}

#[wasm_bindgen_test]
async fn declares_the_language_and_the_direction_of_the_form() {
    for (lang, expected) in
        [("ar", ("ar", "rtl")), ("pt-br", ("pt-BR", "ltr")), ("_", ("en", "ltr"))]
    {
        let page =
            Page::open(with_lang(lang, Field::new("note", TextFormat::SingleLine, "Note"))).await;
        let root = page.find(".df");
        let (lang, dir) = (root.get_attribute("lang").unwrap(), root.get_attribute("dir").unwrap());
        assert_eq!((lang.as_str(), dir.as_str()), expected);
    }
}

#[wasm_bindgen_test]
async fn declares_english_and_marks_the_authors_text_if_the_language_has_no_messages() {
    let note = || Field {
        hint: Some("一行".into()),
        ..Field::new("note", TextFormat::SingleLine, "备注")
    };
    let lang = |page: &Page, selector: &str| page.find(selector).get_attribute("lang");
    let without_texts = PublicDefinition { texts: Vec::new(), ..with_lang("zh", note()) };
    let page = Page::open(without_texts).await;
    assert_eq!(lang(&page, ".df").as_deref(), Some("en"));
    for authors in [".df-title", ".df-label", ".df-hint span"] {
        assert_eq!(lang(&page, authors).as_deref(), Some("zh"), "{authors}");
    }
    drop(page);
    let page = Page::open(with_lang("zh", note())).await;
    assert_eq!(lang(&page, ".df").as_deref(), Some("zh"));
    assert_eq!(lang(&page, ".df-label"), None);
}

#[wasm_bindgen_test]
async fn the_interpretation_is_part_of_the_accessible_description() {
    let day = Field::new("expected_closing_date", FieldKind::DATE, "Start");
    let page = Page::open(with_lang("en", day)).await;
    page.write("expected_closing_date", "2024-02-29").await;
    let control = page.control("expected_closing_date");
    let described = control.get_attribute("aria-describedby").unwrap();
    let descriptions: Vec<_> =
        described.split(' ').map(|id| page.find(&format!("[id='{id}']")).text_content()).collect();
    assert_eq!(descriptions.last().unwrap().as_deref(), Some("Thursday, February 29, 2024"));
}

#[wasm_bindgen_test]
async fn a_switch_has_its_role_and_is_marked_as_required() {
    let yes = deal_contract::values::FlagValue::One;
    let flag = FieldKind::Flag { yes, control: Some(FlagControl::Switch) };
    let flag = Field { required: true, ..Field::new("newsletter", flag, "News") };
    let page = Page::open(with_lang("en", flag)).await;
    let flag = page.control("newsletter");
    assert_eq!(flag.get_attribute("role").as_deref(), Some("switch"));
    assert_eq!(flag.get_attribute("aria-required").as_deref(), Some("true"));
}

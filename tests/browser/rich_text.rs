//! Links, emphasis and lists in the author's texts.

use deal_contract::definition::{Block, Field, PublicDefinition, RichText, Span};
use deal_contract::kind::TextFormat;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;

fn link(text: &str, address: &str) -> Span {
    Span { link: Some(address.to_owned()), ..Span::new(text) }
}

async fn open(label: Vec<Span>, text: Vec<Block>) -> Page {
    let mut field = Field::new("contact_name", TextFormat::SingleLine, "");
    field.label = RichText::from_blocks(vec![Block::Paragraph(label)]);
    field.text = Some(RichText::from_blocks(text));
    field.heading = Some("About you".to_owned());
    Page::open(PublicDefinition::new("F", vec![field])).await
}

#[wasm_bindgen_test]
async fn a_link_opens_a_new_tab_and_says_so() {
    let label = vec![Span::new("See the "), link("policy", "https://example.com/p")];
    let page = open(label, Vec::new()).await;
    let link = page.find(".df-label a");
    assert_eq!(link.get_attribute("href").as_deref(), Some("https://example.com/p"));
    assert_eq!(link.get_attribute("target").as_deref(), Some("_blank"));
    assert_eq!(link.text_content().as_deref(), Some("policy (opens in a new tab)"));
}

#[wasm_bindgen_test]
async fn a_link_to_a_program_stays_in_the_tab() {
    let page = open(vec![link("Call us", "tel:+49301234")], Vec::new()).await;
    assert!(!page.find(".df-label a").has_attribute("target"));
}

#[wasm_bindgen_test]
async fn shows_a_heading_and_text_above_a_question() {
    let strong = Span { strong: true, emphasis: true, ..Span::new("<b>free</b>") };
    let items = vec![vec![Span::new("a call")], vec![Span::new("a quote")]];
    let text = vec![Block::Paragraph(vec![strong]), Block::List { items }];
    let page = open(vec![Span::new("Name")], text).await;
    assert_eq!(page.shown(".df-above h3"), ["About you"]);
    assert_eq!(page.shown(".df-text p > strong > em"), ["<b>free</b>"]);
    assert_eq!(page.shown(".df-text li"), ["a call", "a quote"]);
}

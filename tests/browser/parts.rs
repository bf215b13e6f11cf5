//! The parts that a page can style, compared with the guide.

use std::collections::BTreeSet;

use deal_contract::definition::{Choice, ChoiceControl, Field, FieldKind, FlagControl};
use deal_contract::kind::TextFormat;
use deal_contract::values::FlagValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::flow::in_steps;
use crate::page::{Page, definition, file};

const THEMING: &str = include_str!("../../docs/guide/src/theming.md");

/// The part that is only for screen readers.
const UNSEEN: &str = "unseen";

#[wasm_bindgen_test]
async fn the_guide_lists_exactly_the_existing_parts() {
    let mut form = definition();
    form.intro = Some("I".into());
    let option = Choice { value: "a".to_owned(), label: "A".to_owned() };
    form.fields.extend([
        Field { hint: Some("H".into()), ..Field::new("tags", TextFormat::Tags, "Tags") },
        Field::new(
            "kind",
            FieldKind::Choice {
                options: vec![option],
                control: Some(ChoiceControl::Radio),
                other: false,
            },
            "Kind",
        ),
        Field::new(
            "news",
            FieldKind::Flag { yes: FlagValue::One, control: Some(FlagControl::Switch) },
            "News",
        ),
    ]);
    let page = Page::open(form).await;
    page.drop_files(&[file("a.pdf", 1)]).await;
    page.write("tags", "one,").await;

    let with_steps = Page::open(in_steps()).await;

    let elements = [page.all("[part]"), with_steps.all("[part]")].concat();
    let existing: BTreeSet<String> = elements
        .iter()
        .flat_map(|element| {
            let parts = element.get_attribute("part").unwrap();
            parts.split(' ').map(str::to_owned).collect::<Vec<_>>()
        })
        .filter(|part| part != UNSEEN)
        .collect();
    let (_, list) = THEMING.split_once("\n## Parts\n").expect("no section \"Parts\"");
    let (list, _) = list.split_once("\n## ").expect("no section after \"Parts\"");
    let cells = list.lines().filter_map(|line| line.strip_prefix("| ")?.split('|').next());
    let listed: BTreeSet<String> =
        cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    let missing: Vec<_> = existing.difference(&listed).collect();
    let unknown: Vec<_> = listed.difference(&existing).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "the guide lacks {missing:?}, and lists {unknown:?}, which do not exist"
    );
}

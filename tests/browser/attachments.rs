//! Dropping, listing, refusing and removing files.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, definition, file};

#[wasm_bindgen_test]
async fn lists_files_with_their_sizes_and_the_total() {
    let page = Page::open(definition()).await;
    page.drop_files(&[file("a -ü-.PDF", 400), file("b.csv", 99)]).await;
    assert_eq!(page.shown(".df-name"), ["a -ü-.PDF", "b.csv"]);
    assert_eq!(page.shown(".df-size"), ["400\u{a0}bytes", "99\u{a0}bytes"]);
    assert_eq!(page.shown(".df-total"), ["499\u{a0}bytes of 1\u{a0}kB"]);
    assert_eq!(page.shown(".df-problem"), [""; 0]);
}

#[wasm_bindgen_test]
async fn a_refused_file_stays_listed_with_its_problem() {
    let page = Page::open(definition()).await;
    page.drop_files(&[file("scan.png", 10), file("tool.exe", 10), file("empty.pdf", 0)]).await;
    // The rows appear after the browser has tried to convert the picture.
    page.wait_for(".df-file").await;
    assert_eq!(page.shown(".df-file").len(), 3);
    assert_eq!(
        page.shown(".df-file .df-why"),
        [
            "“scan.png” has an image format that cannot be sent. Save it as JPG and add it again.",
            "“tool.exe” cannot be sent. Choose another file: JPG, GIF, BMP, PDF, Word, Excel, PowerPoint, CSV, text or ZIP.",
            "“empty.pdf” is empty. Choose another file.",
        ]
    );
    assert_eq!(page.shown(".df-file[data-invalid]").len(), 3);
    // The problem is shown at the file, and not again at the question.
    assert_eq!(page.shown(".df-problem"), [""; 0]);
}

#[wasm_bindgen_test]
async fn does_not_recreate_the_rows_of_remaining_files() {
    let page = Page::open(definition()).await;
    page.drop_files(&[file("a.pdf", 10), file("b.pdf", 10)]).await;
    let second = page.all(".df-file").remove(1);
    page.click("[aria-label='Remove a.pdf']").await;
    page.drop_files(&[file("c.pdf", 10)]).await;
    assert_eq!(page.shown(".df-name"), ["b.pdf", "c.pdf"]);
    assert!(page.all(".df-file").remove(0).is_same_node(Some(&second)));
    page.click("[aria-label='Remove c.pdf']").await;
    assert_eq!(page.shown(".df-name"), ["b.pdf"]);
}

#[wasm_bindgen_test]
async fn updates_the_total_and_the_problem_when_a_file_is_removed() {
    let page = Page::open(definition()).await;
    page.drop_files(&[file("a.pdf", 600)]).await;
    page.drop_files(&[file("b.pdf", 500)]).await;
    assert_eq!(
        page.shown(".df-problem"),
        [
            "The files are 101\u{a0}bytes too large in total: keep them under 1\u{a0}kB. Remove or shrink some. \
            Remove “b.pdf” and the rest will fit."
        ]
    );
    page.click("[aria-label='Remove a.pdf']").await;
    assert_eq!(page.shown(".df-problem"), [""; 0]);
    assert_eq!(page.shown(".df-name"), ["b.pdf"]);
    assert_eq!(page.shown(".df-total"), ["500\u{a0}bytes of 1\u{a0}kB"]);
}

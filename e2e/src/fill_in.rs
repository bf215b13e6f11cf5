//! Fills in the forms of `examples/forms` with valid answers.

use crate::browser::Browser;
use crate::files::Sample;
use crate::form_page::FormPage;

/// The label of the file field in `quote`.
pub const QUOTE_FILES: &str = "Briefing, sketches, tables";

/// Fills in `callback`.
#[track_caller]
pub fn callback(form: FormPage<'_>) {
    form.field("Your name").write("Ana Größe");
    form.field("Phone").write("+49 30 123456");
    form.field("What would you like to discuss?").write("A new roof");
}

/// Fills in the required fields and the budget in `quote`, and attaches `files`.
#[track_caller]
pub fn quote(form: FormPage<'_>, files: &[&Sample]) {
    form.field("Your name").write("Ana Größe");
    form.field("Email").write("ana@example.com");
    form.field("What is it about?").choose("A website");
    form.field("Your project").write("Two pages");
    form.field("Budget in euros").write("1 250,00");
    if !files.is_empty() {
        form.field(QUOTE_FILES).attach(files);
    }
}

/// Opens a page with `quote` and fills it in.
#[track_caller]
pub fn quote_at<'b>(browser: &'b Browser, page: &str, files: &[&Sample]) -> FormPage<'b> {
    browser.open(page);
    let form = FormPage::ready(browser);
    quote(form, files);
    form
}

/// Fills in the required field of `everything`.
#[track_caller]
pub fn everything(form: FormPage<'_>) {
    form.field("Text").write("A new roof");
}

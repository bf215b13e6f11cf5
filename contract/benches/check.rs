//! Measures [`check`], which runs in the page before it sends and in the proxy for each submission.
#![expect(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::Criterion;
use deal_contract::attachments::{COUNT_LIMIT, FileInfo};
use deal_contract::check::{Submission, Today, check};
use deal_contract::definition::{Choice, Field, FieldKind, PublicDefinition};
use deal_contract::kind::TextFormat;

/// The number of text values and files that the proxy accepts by default.
const PARTS: usize = 200;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let enquiry = enquiry();
    let mut measure =
        |name: &str, form: &PublicDefinition, sent: &Submission<'_>, problems: usize| {
            assert_eq!(check(form, sent).len(), problems, "problems in {name}");
            criterion.bench_function(&format!("check/{name}"), |bencher| {
                bencher.iter(|| check(black_box(form), black_box(sent)));
            });
        };
    measure("an enquiry", &enquiry, &valid(), 0);
    measure("an enquiry, all answers invalid", &enquiry, &invalid(), enquiry.fields.len());

    let (largest, text) = (largest(), "ä".repeat(20_000));
    measure("the largest", &largest, &full(&largest, &text), 0);
    criterion.final_summary();
}

/// A form with questions of most kinds.
fn enquiry() -> PublicDefinition {
    let option = |value: &str| Choice { value: value.to_owned(), label: value.to_owned() };
    let options = ["new", "repair", "other"].map(option).into();
    let fields = [
        ("contact_name", TextFormat::SingleLine.into()),
        ("contact_email", TextFormat::Email.into()),
        ("contact_phone", TextFormat::Phone.into()),
        ("work", FieldKind::choice(options)),
        ("expected_closing_date", FieldKind::DATE),
        ("expected_closing_amount", TextFormat::Amount.into()),
        ("note", TextFormat::MultiLine.into()),
        ("attachments", FieldKind::ATTACHMENTS),
    ]
    .map(|(parameter, kind)| Field { required: true, ..Field::new(parameter, kind, "A question") });
    PublicDefinition::new("Request a quote", fields.into())
}

fn valid() -> Submission<'static> {
    Submission {
        values: vec![
            ("contact_name", "Ana Gross"),
            ("contact_email", "ana@example.com"),
            ("contact_phone", "+49 30 123456"),
            ("work", "repair"),
            ("expected_closing_date", "2026-03-01"),
            ("expected_closing_amount", "12500.50"),
            ("note", "Slate, of 1911.\r\nTwo dormers."),
            ("external_reference_id", "web-00112233445566778899aabbccddeeff"),
        ],
        files: vec![file("roof.jpg", "image/jpeg"), file("plan.pdf", "application/pdf")],
        today: today(),
    }
}

fn invalid() -> Submission<'static> {
    Submission {
        values: vec![
            ("contact_name", " "),
            ("contact_email", "ana@"),
            ("contact_phone", "12"),
            ("work", "thatch"),
            ("expected_closing_date", "2026-02-30"),
            ("expected_closing_amount", "much"),
        ],
        files: vec![file("tool.exe", "")],
        today: today(),
    }
}

/// A form with long text fields and a question for files.
fn largest() -> PublicDefinition {
    let texts = (0..PARTS - COUNT_LIMIT)
        .map(|number| Field::new(&format!("text_{number}"), TextFormat::MultiLine, "A question"));
    let files = Field::new("attachments", FieldKind::ATTACHMENTS, "Files");
    PublicDefinition::new("All that fits", texts.chain([files]).collect())
}

/// The same answer to each question, and the maximum number of files.
fn full<'a>(form: &'a PublicDefinition, text: &'a str) -> Submission<'a> {
    let texts = form.fields.iter().filter(|field| !field.takes_files());
    Submission {
        values: texts.map(|field| (field.parameter.as_str(), text)).collect(),
        files: vec![file("plan.pdf", "application/pdf"); COUNT_LIMIT],
        today: today(),
    }
}

fn file(name: &'static str, media_type: &'static str) -> FileInfo<'static> {
    FileInfo { name, media_type, bytes: 1_000_000 }
}

fn today() -> Today {
    Today::exactly("2026-01-31".parse().unwrap())
}

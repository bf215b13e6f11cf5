//! Normalizing typed answers.

mod amount;
mod date;
mod email;
mod file_name;
mod phone;
mod properties;
mod text;

use deal_contract::check::{Today, check_field};
use deal_contract::definition::{Field, FieldKind, QuestionState};
use deal_contract::kind::TextFormat;
use deal_contract::normalize::{self, DateNotation};
use deal_contract::problem::Code;

fn field(kind: impl Into<FieldKind>) -> Field {
    Field::new("answer", kind, "Answer")
}

/// Converts the domains in these tests as a browser and the proxy do.
fn domain_to_ascii(domain: &str) -> Option<String> {
    let known = [
        ("müller.de", "xn--mller-kva.de"),
        ("MÜLLER.de", "xn--mller-kva.de"),
        ("例え。jp", "xn--r8jz45g.jp"),
        ("نامه\u{200c}ای.com", "xn--mgba3gch31f060k.com"),
        ("𝟏.𝟐", "1.0.0.2"),
    ];
    known.iter().find(|(known, _)| *known == domain).map(|(_, ascii)| (*ascii).to_owned())
}

fn normalize(lang: &str, kind: impl Into<FieldKind>, typed: &str) -> String {
    normalize::normalize(&field(kind), typed, DateNotation::of(lang), domain_to_ascii)
}

fn problem(kind: impl Into<FieldKind>, normal: &str) -> Option<Code> {
    let today = Today::exactly("2026-01-31".parse().unwrap());
    check_field(&field(kind), QuestionState::Optional, normal, today).map(|problem| problem.code)
}

/// Asserts that the first text of each pair is normalized to the second one, and that the result is
/// valid.
#[track_caller]
fn normalizes(kind: TextFormat, pairs: &[(&str, &str)]) {
    for (typed, sent) in pairs {
        let normal = normalize("de", kind, typed);
        assert_eq!(normal, *sent, "{typed:?}");
        assert_eq!(problem(kind, &normal), None, "{typed:?}");
    }
}

/// Asserts that each typed text is still invalid after it is normalized.
#[track_caller]
fn rejects(kind: TextFormat, code: Code, typed: &[&str]) {
    for typed in typed {
        let normal = normalize("de", kind, typed);
        assert_eq!(problem(kind, &normal), Some(code), "{typed:?}: {normal:?}");
    }
}

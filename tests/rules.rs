//! The rules of a form, tested without a browser. The guide shows this file.
#![expect(clippy::unwrap_used, reason = "tests and their helpers fail by panicking")]

use deal_form::check::{Submission, Today, check};
use deal_form::definition::{Field, PublicDefinition};
use deal_form::kind::TextFormat;
use deal_form::{Code, Problem};

/// A form that the application builds.
fn call_back() -> PublicDefinition {
    let phone = Field::new("contact_phone", TextFormat::Phone, "Phone");
    PublicDefinition::new("Call me back", vec![Field { required: true, ..phone }])
}

/// The problems of a form with this phone number.
fn problems(phone: &str) -> Vec<Problem> {
    let values = vec![("contact_phone", phone)];
    let today = Today::exactly("2026-01-31".parse().unwrap());
    check(&call_back(), &Submission { values, files: vec![], today })
}

#[test]
fn requires_a_phone_number() {
    assert_eq!(problems("+49 30 123456"), []);
    assert_eq!(problems("")[0].code, Code::Required);
    assert_eq!(problems("call me!")[0].code, Code::PhoneCharacter);
}

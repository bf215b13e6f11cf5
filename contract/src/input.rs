//! The attributes of an input: which keyboard the browser shows, and which corrections it must not
//! make.
//!
//! The widget and the plain page use the same attributes.

use crate::kind::{Kind, TextFormat};

/// The attributes of an input for a typed answer. An empty value means the browser's default.
///
/// ```
/// use deal_contract::input::InputHints;
/// use deal_contract::kind::{Kind, TextFormat};
///
/// let phone = InputHints::of(Kind::Text(TextFormat::Phone));
/// assert_eq!((phone.input_type, phone.inputmode, phone.dir), ("tel", "tel", "ltr"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputHints {
    /// The value of `type`.
    ///
    /// Never `email`: for `max@müller.de`, Chromium passes a different text to scripts than it
    /// shows, and WebKit reports an error. All browsers reject `Max <max@example.com>`.
    pub input_type: &'static str,
    /// The value of `inputmode`.
    pub inputmode: &'static str,
    /// The value of `autocapitalize`.
    pub autocapitalize: &'static str,
    /// The value of `autocorrect`.
    pub autocorrect: &'static str,
    /// The value of `spellcheck`.
    pub spellcheck: &'static str,
    /// The value of `dir`.
    pub dir: &'static str,
}

const TEXT: InputHints = InputHints {
    input_type: "text",
    inputmode: "",
    autocapitalize: "",
    autocorrect: "",
    spellcheck: "",
    dir: "auto",
};

/// Input that is not in the visitor's language. Dates use the default keyboard, because the numeric
/// keyboard of some phones has no hyphen.
const CODE: InputHints = InputHints { dir: "ltr", ..TEXT };

const EMAIL: InputHints = InputHints {
    inputmode: "email",
    autocapitalize: "none",
    // `type=email` would imply these values.
    autocorrect: "off",
    spellcheck: "false",
    ..CODE
};

const PHONE: InputHints = InputHints { input_type: "tel", inputmode: "tel", ..CODE };

const SOCIAL_PROFILE: InputHints = InputHints { inputmode: "url", autocapitalize: "none", ..CODE };

const AMOUNT: InputHints = InputHints { inputmode: "decimal", ..CODE };

const ID: InputHints = InputHints { inputmode: "numeric", ..CODE };

impl InputHints {
    /// Returns the attributes for a kind of answer.
    pub const fn of(kind: Kind) -> &'static Self {
        match kind {
            Kind::Text(TextFormat::Email) => &EMAIL,
            Kind::Text(TextFormat::Phone) => &PHONE,
            Kind::Text(TextFormat::SocialProfile) => &SOCIAL_PROFILE,
            Kind::Text(TextFormat::Amount) => &AMOUNT,
            Kind::Text(TextFormat::Id) => &ID,
            Kind::Date => &CODE,
            _ => &TEXT,
        }
    }
}

//! The attributes of an input: which keyboard the browser shows, and which corrections it must not
//! make.
//!
//! The widget and the plain page use the same attributes.

use crate::definition::{ChoicesControl, FieldKind, PublicDefinition};
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

/// Returns the value of `enterkeyhint` for the input of the question with this index in the widget. An
/// empty value means the browser's default.
///
/// The hint says what Enter does: it finishes a tag (`done`); at the last question of a step, it goes
/// to the next step (`go`); at the last question of the form, it sends the form (`send`).
///
/// No input gets `next`. The attribute only labels the key (WHATWG HTML, `enterkeyhint`): Enter still
/// submits the form, so the label would be wrong. Chromium on Android shows *Next* by itself and moves
/// the focus, but only if the input has no hint: with a hint, the key is an ordinary Enter
/// (`ImeAdapterImpl.performEditorAction`). On iOS, the arrows above the keyboard move the focus.
///
/// An input that is followed by another question, such as a box to tick, gets no hint, because
/// visitors would send the form before they have seen that question.
///
/// ```
/// use deal_contract::definition::{Field, PublicDefinition};
/// use deal_contract::input::enter_key_hint;
/// use deal_contract::kind::TextFormat;
///
/// let name = Field::new("contact_name", TextFormat::SingleLine, "Name");
/// let phone = Field::new("contact_phone", TextFormat::Phone, "Phone");
/// let form = PublicDefinition::new("Call me back", vec![name, phone]);
/// assert_eq!([0, 1].map(|index| enter_key_hint(&form, index)), ["", "send"]);
/// ```
pub fn enter_key_hint(form: &PublicDefinition, index: usize) -> &'static str {
    let Some(field) = form.fields.get(index) else { return "" };
    match &field.kind {
        FieldKind::Text { format: TextFormat::Tags, .. }
        | FieldKind::Choices { control: Some(ChoicesControl::Chips), .. } => "done",
        kind if !is_line(kind) => "",
        _ if is_last(form, index) => "send",
        _ if form.steps.iter().any(|step| step.fields.last() == Some(&field.parameter)) => "go",
        _ => "",
    }
}

/// Returns the value of `enterkeyhint` for the input of the question with this index in the plain
/// form, as [`enter_key_hint`] does for the widget. The plain form shows all steps at once, and its
/// tags are ordinary text.
pub fn plain_enter_key_hint(form: &PublicDefinition, index: usize) -> &'static str {
    let field = form.fields.get(index);
    let has_line = field.is_some_and(|field| is_line(&field.kind));
    if has_line && is_last(form, index) { "send" } else { "" }
}

/// Returns whether the question with this index is the last one of the form.
fn is_last(form: &PublicDefinition, index: usize) -> bool {
    index.checked_add(1) == Some(form.fields.len())
}

/// Returns whether the answer is typed into a single-line input.
const fn is_line(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Text { format, .. } => !matches!(format, TextFormat::MultiLine),
        FieldKind::Date { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Field, Step};
    use crate::values::FlagValue;

    /// Returns a form with a question of each kind.
    fn form<const N: usize>(kinds: [FieldKind; N]) -> PublicDefinition {
        let field = |(index, kind)| Field::new(&format!("field_{index}"), kind, "F");
        PublicDefinition::new("F", kinds.into_iter().enumerate().map(field).collect())
    }

    #[track_caller]
    fn check(form: &PublicDefinition, widget: &[&str], plain: &[&str]) {
        let hints = |hint: fn(&PublicDefinition, usize) -> &'static str| -> Vec<&str> {
            (0..form.fields.len()).map(|index| hint(form, index)).collect()
        };
        assert_eq!(hints(enter_key_hint), widget);
        assert_eq!(hints(plain_enter_key_hint), plain);
    }

    #[test]
    fn the_last_single_line_input_sends_the_form() {
        let line = || TextFormat::SingleLine.into();
        check(&form([line(), line()]), &["", "send"], &["", "send"]);
        check(&form([line(), FieldKind::DATE]), &["", "send"], &["", "send"]);
        check(&form([line(), TextFormat::MultiLine.into()]), &["", ""], &["", ""]);
        check(&form([line(), FieldKind::flag(FlagValue::One)]), &["", ""], &["", ""]);
        check(&form([line(), FieldKind::ATTACHMENTS]), &["", ""], &["", ""]);
        assert_eq!((enter_key_hint(&form([]), 0), plain_enter_key_hint(&form([]), 0)), ("", ""));
    }

    #[test]
    fn the_last_input_of_an_earlier_step_goes_on() {
        let line = || TextFormat::SingleLine.into();
        let mut form = form([line(), line(), line(), line()]);
        form.steps = [["field_0", "field_1"], ["field_2", "field_3"]]
            .map(|fields| Step {
                title: "S".to_owned(),
                fields: fields.map(str::to_owned).to_vec(),
                show_when: None,
            })
            .to_vec();
        check(&form, &["", "go", "", "send"], &["", "", "", "send"]);
    }

    #[test]
    fn an_input_for_several_answers_finishes_one_of_them() {
        let choices = |control| FieldKind::Choices {
            options: Vec::new(),
            control,
            other: true,
            min: None,
            max: None,
        };
        let tags = || TextFormat::Tags.into();
        let chips = choices(Some(ChoicesControl::Chips));
        check(&form([chips, choices(None), tags()]), &["done", "", "done"], &["", "", "send"]);
    }
}

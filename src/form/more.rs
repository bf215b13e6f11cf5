//! The second module of a release bundle, which has what few forms use.
//!
//! `xtask/src/dist/parts.rs` lists what moves to it. Other builds have one module, and nothing to load.

use deal_contract::definition::PublicDefinition;
use js_sys::{Function, Promise};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen(module = "/src/form/more.js")]
extern "C" {
    /// Returns a promise for the reason why the module cannot be loaded, or for undefined. It never
    /// rejects.
    #[wasm_bindgen(js_name = loadMore)]
    fn load_more(wasm: &JsValue, request: &Function) -> Promise;
}

/// Starts to load the second module, if this form uses it. `request` requests the module; it is `None` in
/// builds with one module.
pub(super) fn load(definition: &PublicDefinition, request: Option<&Function>) -> Option<Promise> {
    let request = request.filter(|_| definition.uses_more())?;
    Some(load_more(&wasm_bindgen::exports(), request))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use deal_contract::definition::{Choice, ChoiceControl, Field, FieldKind, PublicDefinition};
    use deal_contract::kind::TextFormat;
    use deal_contract::values::FlagValue;

    /// Returns whether the loader requests the second module early for this form.
    fn is_requested_early(form: &PublicDefinition) -> bool {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/embed/deal-form.js");
        let loader = fs::read_to_string(path).unwrap();
        let (_, words) = loader.split_once("const MORE = /\"(").unwrap();
        let (words, _) = words.split_once(")\"/;").unwrap();
        let json = serde_json::to_string(form).unwrap();
        words.split('|').any(|word| json.contains(&format!("\"{word}\"")))
    }

    #[track_caller]
    fn check(field: Field, uses_more: bool) {
        let form = PublicDefinition::new("F", vec![field]);
        assert_eq!([form.uses_more(), is_requested_early(&form)], [uses_more; 2], "{form:?}");
    }

    fn field(kind: impl Into<FieldKind>) -> Field {
        Field::new("p", kind, "L")
    }

    fn options() -> Vec<Choice> {
        vec![Choice { value: "a".to_owned(), label: "A".to_owned() }]
    }

    #[test]
    fn the_loader_requests_the_second_module_for_each_form_that_uses_it() {
        for format in [
            TextFormat::SingleLine,
            TextFormat::MultiLine,
            TextFormat::Email,
            TextFormat::Phone,
            TextFormat::SocialProfile,
            TextFormat::Id,
            TextFormat::Amount,
        ] {
            check(field(format), false);
        }
        let kind = FieldKind::Text { format: TextFormat::SingleLine, max_length: Some(9) };
        check(Field { required: true, ..field(kind) }, false);
        check(field(FieldKind::flag(FlagValue::One)), false);
        check(field(FieldKind::choice(options())), false);

        check(field(TextFormat::Tags), true);
        check(field(FieldKind::DATE), true);
        check(field(FieldKind::ATTACHMENTS), true);
        let control = Some(ChoiceControl::Radio);
        check(field(FieldKind::Choice { options: options(), control, other: false }), true);
        check(field(FieldKind::Choice { options: options(), control: None, other: true }), true);
        let (min, max) = (None, None);
        let options = options();
        let choices = FieldKind::Choices { options, control: None, other: false, min, max };
        check(field(choices), true);
    }
}

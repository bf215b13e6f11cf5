//! JavaScript values as the contract's [`Json`].

use deal_contract::json::Json;
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A JavaScript value.
#[derive(Debug, Clone)]
pub(crate) struct JsJson(pub(crate) JsValue);

impl JsJson {
    /// Parses a string. Returns `None` if it is not JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        JSON::parse(text).ok().map(Self)
    }
}

/// Creates an object with these members.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Fails only for a frozen object.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// Returns the members of an object that are strings or numbers, as strings.
pub(crate) fn texts(object: JsValue) -> Vec<(String, String)> {
    let members = JsJson(object).members().unwrap_or_default();
    members.into_iter().filter_map(|(name, value)| Some((name, value.text()?))).collect()
}

impl Json for JsJson {
    fn member(&self, name: &str) -> Option<Self> {
        let value = Reflect::get(&self.0, &JsValue::from_str(name)).ok()?;
        (!value.is_null_or_undefined()).then_some(Self(value))
    }

    fn items(&self) -> Option<Vec<Self>> {
        Array::is_array(&self.0).then(|| Array::from(&self.0).iter().map(Self).collect())
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        // Do not use `instanceof`: it is false for an object from another frame.
        let object = self.0.is_object().then(|| self.0.unchecked_ref::<Object>())?;
        let member = |entry: JsValue| {
            let entry = Array::from(&entry);
            Some((entry.get(0).as_string()?, Self(entry.get(1))))
        };
        Some(Object::entries(object).iter().filter_map(member).collect())
    }

    fn text(&self) -> Option<String> {
        self.0.as_string().or_else(|| {
            // JavaScript formats the number: Rust's formatter would add kilobytes of WebAssembly.
            self.0.as_f64()?;
            JSON::stringify(&self.0).ok()?.as_string()
        })
    }

    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }
}

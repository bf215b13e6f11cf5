use std::cell::RefCell;

use deal_contract::reference::Reference;
use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

thread_local! {
    /// The keys in use: of two equal forms on a page, the first keeps its draft.
    static KEYS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The place of a form's draft in the tab's session storage: it survives a reload and a crash,
/// and ends with the tab.
///
/// Texts and the reference are kept; files are not, a page cannot put them back.
pub(crate) struct DraftStore {
    storage: Storage,
    key: String,
}

/// A draft as it was kept.
pub(crate) struct Draft {
    pub(crate) reference: String,
    /// Parameters and what was typed there.
    pub(crate) texts: Vec<(String, String)>,
}

impl DraftStore {
    /// The place for the form that is posted to `url`. None where the browser keeps nothing, as
    /// with blocked cookies, and for a second form of the same address.
    pub(crate) fn open(url: &str) -> Option<Self> {
        let storage = web_sys::window()?.session_storage().ok()??;
        let key = format!("deal-form {url}");
        if KEYS.with_borrow(|keys| keys.contains(&key)) {
            return None;
        }
        KEYS.with_borrow_mut(|keys| keys.push(key.clone()));
        Some(Self { storage, key })
    }

    /// The draft that is kept, if there is one that can be read.
    pub(crate) fn load(&self) -> Option<Draft> {
        let json = self.storage.get_item(&self.key).ok()??;
        let json: Object = JSON::parse(&json).ok()?.dyn_into().ok()?;
        let mut texts: Vec<(String, String)> = Object::entries(&json)
            .iter()
            .filter_map(|entry| {
                let entry: Array = entry.dyn_into().ok()?;
                Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
            })
            .collect();
        let at = texts.iter().position(|(name, _)| name == REFERENCE)?;
        let (_, reference) = texts.swap_remove(at);
        reference.parse::<Reference>().ok()?;
        Some(Draft { reference, texts })
    }

    /// Keeps the draft in the place of what was kept before; an empty one is not kept.
    pub(crate) fn save(&self, draft: &Draft) {
        if draft.texts.is_empty() {
            self.forget();
            return;
        }
        let json = Object::new();
        let reference = (REFERENCE, draft.reference.as_str());
        let texts = draft.texts.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in texts.chain([reference]) {
            // Fails only for an object that takes no members.
            let _ = Reflect::set(&json, &name.into(), &text.into());
        }
        if let Some(json) = JSON::stringify(&json).ok().map(JsValue::from) {
            // A full storage keeps the draft of before.
            let _ = self.storage.set_item(&self.key, &json.as_string().unwrap_or_default());
        }
    }

    /// Keeps nothing any more.
    pub(crate) fn forget(&self) {
        // Fails where storage was just now forbidden; nothing is kept there then.
        let _ = self.storage.remove_item(&self.key);
    }
}

/// The member of the reference. No parameter of a form has that name.
const REFERENCE: &str = deal_contract::reference::PARAMETER;

impl Drop for DraftStore {
    fn drop(&mut self) {
        KEYS.with_borrow_mut(|keys| keys.retain(|key| *key != self.key));
    }
}

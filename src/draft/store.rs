use std::cell::{Cell, RefCell};

use deal_contract::json::Json;
use deal_contract::reference::{self, Reference};
use js_sys::JSON;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use super::KEPT_MILLISECONDS;
use crate::clock::now;
use crate::json::{JsJson, object};

thread_local! {
    /// The keys in use: of two equal forms on a page, the first keeps its draft.
    static KEYS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// The place of a form's draft in the tab's session storage: it survives a reload and a crash, and
/// ends with the tab, or after a day.
pub(crate) struct DraftStore {
    storage: Storage,
    key: String,
    closed: Cell<bool>,
}

/// A draft as it was kept. Its files are elsewhere, by its reference.
pub(crate) struct Draft {
    pub(crate) reference: String,
    /// The revision of the last request.
    pub(crate) revision: String,
    /// Parameters and what was typed there.
    pub(crate) texts: Vec<(String, String)>,
    /// The index of the step where the visitor was.
    pub(crate) step: usize,
}

/// The members of what is kept.
const SAVED: &str = "saved";
const REFERENCE: &str = reference::PARAMETER;
const REVISION: &str = "revision";
const TEXTS: &str = "texts";
const STEP: &str = "step";

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
        Some(Self { storage, key, closed: Cell::new(false) })
    }

    /// The draft that is kept, if there is one that can be read and is not too old.
    pub(crate) fn load(&self) -> Option<Draft> {
        let json = JsJson::parse(&self.storage.get_item(&self.key).ok()??)?;
        let saved: u64 = json.member_text(SAVED)?.parse().ok()?;
        if now().saturating_sub(saved) > KEPT_MILLISECONDS.into() {
            self.forget();
            return None;
        }
        let reference = json.member_text(REFERENCE)?;
        reference.parse::<Reference>().ok()?;
        // A draft that an earlier version of the widget kept has none.
        let revision = json.member_text(REVISION).unwrap_or_default();
        let texts = json.member(TEXTS)?.members()?.into_iter();
        let texts = texts.filter_map(|(name, text)| Some((name, text.text()?)));
        let step = json.member_text(STEP).and_then(|step| step.parse().ok()).unwrap_or_default();
        Some(Draft { reference, revision, texts: texts.collect(), step })
    }

    /// Releases the key for the next form with this address. This store no longer saves or forgets
    /// anything.
    pub(crate) fn close(&self) {
        if !self.closed.replace(true) {
            KEYS.with_borrow_mut(|keys| keys.retain(|key| *key != self.key));
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Keeps the draft in the place of what was kept before.
    pub(crate) fn save(&self, draft: &Draft) {
        let texts = draft.texts.iter().map(|(name, text)| (name.as_str(), text.as_str().into()));
        let members = [
            (SAVED, now().to_string().into()),
            (REFERENCE, draft.reference.as_str().into()),
            (REVISION, draft.revision.as_str().into()),
            (TEXTS, object(texts)),
            (STEP, draft.step.to_string().into()),
        ];
        let json = JSON::stringify(&object(members)).ok().map(JsValue::from);
        if let Some(json) = json.and_then(|json| json.as_string()) {
            // A full storage keeps the draft of before.
            let _ = self.storage.set_item(&self.key, &json);
        }
    }

    /// Keeps nothing any more.
    pub(crate) fn forget(&self) {
        // Fails where storage was just now forbidden; nothing is kept there then.
        let _ = self.storage.remove_item(&self.key);
    }
}

impl Drop for DraftStore {
    fn drop(&mut self) {
        self.close();
    }
}

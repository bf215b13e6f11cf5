use std::cell::{Cell, RefCell};

use deal_contract::json::Json;
use deal_contract::reference::{self, Reference};
use js_sys::JSON;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use super::KEPT_MILLISECONDS;
use crate::clock::now;
use crate::json::{JsJson, object};
use crate::state::Attachment;

thread_local! {
    /// The keys in use. If a page has two forms with the same address, only the first form keeps
    /// its draft.
    static KEYS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Stores a form's draft in the tab's session storage. The draft survives a reload and a crash, and
/// ends with the tab or after a day.
pub(crate) struct DraftStore {
    storage: Storage,
    key: String,
    closed: Cell<bool>,
}

/// A kept draft without its files. The files are stored separately, under the draft's reference.
pub(crate) struct Draft {
    pub(crate) reference: String,
    /// The revision of the last request.
    pub(crate) revision: String,
    /// The text answers with their parameters.
    pub(crate) texts: Vec<(String, String)>,
    /// The index of the current step.
    pub(crate) step: usize,
}

/// A draft that continues when the same form is rendered again in another language.
pub(crate) struct OpenDraft {
    pub(crate) draft: Draft,
    pub(crate) files: Vec<Attachment>,
}

// The members of the stored JSON object.
const SAVED: &str = "saved";
const REFERENCE: &str = reference::PARAMETER;
const REVISION: &str = "revision";
const TEXTS: &str = "texts";
const STEP: &str = "step";

impl DraftStore {
    /// Opens the store for the form that is posted to `url`. Returns `None` if the browser stores
    /// nothing, for example because cookies are blocked, or if another form on the page has this
    /// address.
    pub(crate) fn open(url: &str) -> Option<Self> {
        let storage = web_sys::window()?.session_storage().ok()??;
        let key = format!("deal-form {url}");
        if KEYS.with_borrow(|keys| keys.contains(&key)) {
            return None;
        }
        KEYS.with_borrow_mut(|keys| keys.push(key.clone()));
        Some(Self { storage, key, closed: Cell::new(false) })
    }

    /// Returns the kept draft, if it exists, can be read, and is not too old.
    pub(crate) fn load(&self) -> Option<Draft> {
        let json = JsJson::parse(&self.storage.get_item(&self.key).ok()??)?;
        let saved: u64 = json.member_text(SAVED)?.parse().ok()?;
        if now().saturating_sub(saved) > KEPT_MILLISECONDS.into() {
            self.forget();
            return None;
        }
        let reference = json.member_text(REFERENCE)?;
        reference.parse::<Reference>().ok()?;
        // Drafts from earlier versions of the widget have no revision.
        let revision = json.member_text(REVISION).unwrap_or_default();
        let texts = json.member(TEXTS)?.members()?.into_iter();
        let texts = texts.filter_map(|(name, text)| Some((name, text.text()?)));
        let step = json.member_text(STEP).and_then(|step| step.parse().ok()).unwrap_or_default();
        Some(Draft { reference, revision, texts: texts.collect(), step })
    }

    /// Releases the key for the next form with this address.
    pub(crate) fn close(&self) {
        if !self.closed.replace(true) {
            KEYS.with_borrow_mut(|keys| keys.retain(|key| *key != self.key));
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Replaces the kept draft.
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
            // If the storage is full, the earlier draft stays.
            let _ = self.storage.set_item(&self.key, &json);
        }
    }

    /// Deletes the kept draft.
    pub(crate) fn forget(&self) {
        // Fails only if storage has been blocked in the meantime; then nothing is kept.
        let _ = self.storage.remove_item(&self.key);
    }
}

impl Drop for DraftStore {
    fn drop(&mut self) {
        self.close();
    }
}

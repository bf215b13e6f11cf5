//! Keeps a draft across reloads of the page: its reference, answers and files.

mod files;
mod lock;
mod store;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;

#[cfg(feature = "component")]
pub(crate) use files::expire as expire_files;
pub(crate) use files::{keep as keep_files, load as load_files};
pub(crate) use lock::{lock, release};
pub(crate) use store::{Draft, DraftStore, OpenDraft};

use crate::state::DraftId;

/// How long a draft is kept. The time is short, because another person may restore the tab later.
const KEPT_MILLISECONDS: u32 = 86_400_000;

/// Creates a draft with a random reference.
pub(crate) fn new_draft() -> DraftId {
    let mut random = [0; 20];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random).ok());
    let [a, b, c, d, reference @ ..] = random;
    // All browsers have random numbers. If the browser still returns none, leave the reference
    // empty, so that the proxy creates one: drafts must not share a reference.
    let reference = filled.map(|_| Reference::from_random(reference).to_string());
    let revision = Revision::before_first([a, b, c, d]);
    DraftId { reference: reference.unwrap_or_default(), revision }
}

//! What belongs to one filling-in of a form, and outlives a reload of the page.

mod files;
mod owner;
mod store;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;

#[cfg(feature = "component")]
pub(crate) use files::expire as expire_files;
pub(crate) use files::{keep as keep_files, load as load_files};
pub(crate) use owner::{own, release};
pub(crate) use store::{Draft, DraftStore};

use crate::state::DraftId;

/// How long a draft is kept at most: a tab may be restored much later, by somebody else.
const KEPT_MILLISECONDS: u32 = 86_400_000;

/// A new draft that has not been sent.
pub(crate) fn new_draft() -> DraftId {
    let mut random = [0; 20];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random).ok());
    let [a, b, c, d, reference @ ..] = random;
    // No browser is without random numbers. If one were, no reference is better than one that others
    // share: the proxy then makes one itself.
    let reference = filled.map(|_| Reference::from_random(reference).to_string());
    let revision = Revision::before_first([a, b, c, d]);
    DraftId { reference: reference.unwrap_or_default(), revision }
}

//! What belongs to one filling-in of a form, and outlives a reload of the page.

mod files;
mod owner;
mod store;

use deal_contract::reference::Reference;
use js_sys::Uint8Array;

#[cfg(feature = "component")]
pub(crate) use files::expire as expire_files;
pub(crate) use files::{keep as keep_files, load as load_files};
pub(crate) use owner::{own, release};
pub(crate) use store::{Draft, DraftStore};

/// How long a draft is kept at most: a tab may be restored much later, by somebody else.
const KEPT_MILLISECONDS: u32 = 86_400_000;

/// A reference for a new draft, of the browser's cryptographic random source.
pub(crate) fn new_reference() -> String {
    let random = Uint8Array::new_with_length(16);
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .and_then(|crypto| crypto.get_random_values_with_array_buffer_view(&random).ok());
    // No browser is without it. If one were, no reference is better than one that others share:
    // the proxy then makes one itself.
    filled
        .and_then(|_| <[u8; 16]>::try_from(random.to_vec()).ok())
        .map(|bytes| Reference::from_random(bytes).to_string())
        .unwrap_or_default()
}

//! `<DealForm>`: from an address or a definition to a form on the page.
//!
//! The component's view is one element. What stands inside is made by plain functions and follows
//! the state by a few effects: every `view!` is a type of its own that the bundle pays for
//! (ARCHITECTURE.md has the measurement).
//!
//! `load` gets the definition and the language, `mount` makes the services of one form and connects
//! them: `View` shows it, `DraftKeeper` keeps what was entered, `Submitter` sends it, `Actions` decides
//! what follows from a button. Each has only the services below it.

mod actions;
mod adopt_fallback;
#[cfg(feature = "component")]
pub mod component;
mod draft_keeper;
mod dropping;
mod elements;
mod events;
mod handle;
mod host;
mod leaving;
mod load;
mod mount;
mod render;
mod retry;
mod styles;
mod submitter;
mod summary;
mod view;

#[cfg(feature = "component")]
pub use self::component::DealForm;
pub use self::handle::FormHandle;
pub use self::host::{FormEvent, Source};
pub(crate) use self::host::{Host, inactivity_timeout};
pub(crate) use self::load::{Settings, load};

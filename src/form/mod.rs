//! `<DealForm>`: from an address or a definition to a form on the page.
//!
//! The component's view is one element. What stands inside is made by plain functions and follows
//! the state by a few effects: every `view!` is a type of its own that the bundle pays for
//! (ARCHITECTURE.md has the measurement).

mod acting;
#[cfg(feature = "component")]
pub mod component;
mod drawing;
mod dropping;
mod elements;
mod events;
mod handle;
mod host;
mod keeping;
mod leaving;
mod opening;
mod retrying;
mod session;
mod show;
mod styles;
mod summary;
mod take_over;

#[cfg(feature = "component")]
pub use self::component::DealForm;
pub use self::handle::FormHandle;
pub use self::host::{FormEvent, Source};
pub(crate) use self::host::{Host, Settings, inactivity_timeout};
pub(crate) use self::opening::open;

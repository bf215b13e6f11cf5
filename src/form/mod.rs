//! `<DealForm>`: loads a form and puts it on the page.
//!
//! The component's view is one element. Plain functions make the elements inside it, and a few effects
//! update them: each `view!` is a separate type that adds code (ARCHITECTURE.md has the measurement).
//!
//! `load` gets the definition and the language. `mount` makes the services of one form and connects
//! them: `View` shows the form, `DraftKeeper` keeps the draft, `Submitter` sends the form, and
//! `Actions` handles buttons. Each service knows only the services that this list names before it.

mod actions;
mod added_files;
mod adopt_fallback;
#[cfg(feature = "component")]
pub mod component;
mod draft_keeper;
mod elements;
mod events;
#[cfg(feature = "component")]
mod handle;
mod host;
mod leave_warning;
mod load;
mod mount;
#[cfg(feature = "component")]
mod props;
mod remote;
mod render;
mod retry;
mod root;
mod screen_keyboard;
#[cfg(feature = "ssr")]
mod server;
mod styles;
mod submitter;
mod summary;
mod view;

#[cfg(feature = "component")]
pub use self::component::DealForm;
#[cfg(feature = "component")]
pub use self::handle::FormHandle;
pub use self::host::{FormEvent, Source};
pub(crate) use self::host::{Host, heading_level, inactivity_timeout};
pub(crate) use self::load::{Settings, load};
#[cfg(feature = "component")]
pub use self::props::{InitialValues, SourceProp};
pub(crate) use self::remote::Remote;
#[cfg(feature = "ssr")]
pub use self::server::Definitions;
pub use crate::submission::FormError;

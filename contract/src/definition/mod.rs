//! What a form asks: its public half, which the page gets, and its private half, which stays with
//! the proxy.
//!
//! The two are separate types, and only the public one can be serialised: there is no way to
//! send a preset to the page by mistake.

mod condition;
mod date_bound;
mod field;
mod form;
mod hidden;
mod kind;
mod private;
mod proof;
mod public;
mod read;
mod write;

pub use condition::Condition;
pub use date_bound::DateBound;
pub use field::Field;
pub use form::FormDefinition;
pub use hidden::{HIDDEN_LIMIT, Hidden, HiddenSource, PageProperty};
pub use kind::{Choice, ChoiceControl, FieldKind, FlagControl};
pub use private::PrivateDefinition;
pub use proof::Proof;
pub use public::{PublicDefinition, Step};
pub use read::DefinitionError;

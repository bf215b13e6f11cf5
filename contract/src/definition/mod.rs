//! The definition of a form: a public half for the page, and a private half that stays in the
//! proxy.
//!
//! The halves are separate types, and only the public one can be serialized, so presets cannot
//! reach the page by mistake.

mod answer_test;
mod condition;
mod consent;
mod date_bound;
mod field;
mod form;
mod hidden;
mod kind;
mod limits;
mod preset;
mod private;
mod proof;
mod public;
mod question_state;
mod read;
mod rich_text;
mod route;
mod success;
mod width;
mod write;

#[cfg(all(feature = "author", not(target_arch = "wasm32")))]
pub(crate) use answer_test::is_in_order;
pub use condition::{Condition, Test};
pub use consent::consent;
pub use date_bound::DateBound;
pub use field::Field;
pub use form::{FormDefinition, Translation, find_language};
pub use hidden::{HIDDEN_LIMIT, Hidden, HiddenSource, PageProperty};
pub use kind::{Choice, ChoiceControl, ChoicesControl, FieldKind, FlagControl};
pub use limits::Limits;
pub use preset::{AnswerWords, Preset, PresetPiece};
pub use private::PrivateDefinition;
pub use proof::Proof;
pub use public::{PublicDefinition, Step};
pub use question_state::QuestionState;
pub use read::DefinitionError;
pub use rich_text::{Block, RichText, Span, is_link_address};
pub use route::{ApplyRoutes, Route};
pub use success::{Redirect, Success};
pub use width::Width;

//! Types for component props that accept more than one type of value.

use leptos::prelude::*;

use super::Source;

/// The value of the prop `src`: an address, a [`Source`], or a signal with one of them.
///
/// ```
/// use deal_form::{Source, SourceProp};
/// use leptos::prelude::*;
///
/// # Owner::new().with(|| {
/// let fixed: SourceProp = "/forms/quote".into();
/// let id = RwSignal::new("quote");
/// let changing: SourceProp = Signal::derive(move || format!("/forms/{}", id.get())).into();
/// # });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct SourceProp(Signal<Source>);

impl SourceProp {
    pub(super) fn get(self) -> Source {
        self.0.get()
    }

    #[cfg(feature = "ssr")]
    pub(super) fn get_untracked(self) -> Source {
        self.0.get_untracked()
    }
}

/// Converts a fixed value.
macro_rules! from_value {
    ($($value:ty),+) => {$(
        impl From<$value> for SourceProp {
            fn from(value: $value) -> Self {
                Self(Signal::stored(value.into()))
            }
        }
    )+};
}

from_value!(Source, String, &str);

/// Converts a signal with an address or a source.
macro_rules! from_signal {
    ($($signal:ident),+) => {$(
        impl<T: Into<Source> + Clone + Send + Sync + 'static> From<$signal<T>> for SourceProp {
            fn from(signal: $signal<T>) -> Self {
                Self(Signal::derive(move || signal.get().into()))
            }
        }
    )+};
}

from_signal!(Signal, ReadSignal, RwSignal, Memo);

/// The value of the prop `initial_values`: pairs of a parameter and an answer.
///
/// ```
/// use deal_form::InitialValues;
///
/// let fixed: InitialValues = [("campaign", "spring"), ("note", "About the red one")].into();
/// let made: InitialValues = vec![("note".to_owned(), format!("About {}", 7))].into();
/// ```
#[derive(Debug, Clone, Default)]
pub struct InitialValues(pub(super) Vec<(String, String)>);

impl<N: Into<String>, V: Into<String>> From<Vec<(N, V)>> for InitialValues {
    fn from(values: Vec<(N, V)>) -> Self {
        values.into_iter().collect()
    }
}

impl<N: Into<String>, V: Into<String>, const COUNT: usize> From<[(N, V); COUNT]> for InitialValues {
    fn from(values: [(N, V); COUNT]) -> Self {
        values.into_iter().collect()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for InitialValues {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(values: I) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

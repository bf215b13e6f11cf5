//! Renders a form on a server: the plain form, which the widget replaces in the browser.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deal_contract::definition::PublicDefinition;
use leptos::prelude::use_context;

use super::Source;

/// The forms that a server renders, by their addresses. Provide them as context.
///
/// A server cannot load a definition while it renders a page. So give it the definitions of your
/// forms, as `GET` on their addresses returns them. Then the page's HTML contains the questions,
/// and visitors can answer them before scripts load and without scripts.
///
/// ```
/// use deal_form::definition::PublicDefinition;
/// use deal_form::{DealForm, Definitions};
/// use leptos::prelude::*;
///
/// const QUOTE: &str = "https://leads.example.com/forms/quote";
///
/// # fn load(address: &str) -> PublicDefinition { PublicDefinition::new("Quote", vec![]) }
/// # Owner::new().with(|| {
/// let quote: PublicDefinition = load(QUOTE);
/// provide_context(Definitions::new().with(QUOTE, quote));
/// let html = view! { <DealForm src=QUOTE /> }.to_html();
/// assert!(html.contains(">Quote</h2>"));
/// # });
/// ```
#[derive(Debug, Clone, Default)]
pub struct Definitions(Arc<Vec<(String, PublicDefinition)>>);

impl Definitions {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the form with this address.
    #[must_use]
    pub fn with(mut self, address: impl Into<String>, definition: PublicDefinition) -> Self {
        Arc::make_mut(&mut self.0).push((address.into(), definition));
        self
    }

    fn find(&self, address: &str) -> Option<&PublicDefinition> {
        self.0.iter().find(|(known, _)| known == address).map(|(_, definition)| definition)
    }
}

/// Renders the plain form as HTML, in the form's own language. Returns an empty text if the server
/// does not know the form's definition.
pub(super) fn plain_form(source: &Source) -> String {
    let known = use_context::<Definitions>().unwrap_or_default();
    let (definition, address) = match source {
        Source::Address(address) => (known.find(address), address),
        Source::Split { src, proxy_url } => (known.find(src), proxy_url),
        Source::Given { definition, proxy_url } => (Some(&**definition), proxy_url),
    };
    let Some(definition) = definition else { return String::new() };
    let address = with_language(address, definition.lang.as_deref());
    deal_form_html::fallback(definition, &address, &prefix()).into_string()
}

/// Adds the language of the plain form to its address, so that the proxy responds in this language
/// even if the browser prefers another language of the form.
fn with_language(address: &str, lang: Option<&str>) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    lang.map_or_else(|| address.to_owned(), |lang| format!("{address}{separator}lang={lang}"))
}

/// Returns a prefix for all ids of a form, so that the ids on a page are unique.
fn prefix() -> String {
    static FORMS: AtomicUsize = AtomicUsize::new(0);
    format!("plain{}-", FORMS.fetch_add(1, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use deal_contract::definition::{Field, PublicDefinition};
    use deal_contract::kind::TextFormat;

    use super::{Source, plain_form};

    #[track_caller]
    fn check(proxy_url: &str, lang: Option<&str>, action: &str) {
        let name = Field::new("contact_name", TextFormat::SingleLine, "Name");
        let mut definition = PublicDefinition::new("Quote", vec![name]);
        definition.lang = lang.map(str::to_owned);
        let definition = Arc::new(definition);
        let html = plain_form(&Source::Given { definition, proxy_url: proxy_url.to_owned() });
        assert!(html.contains(&format!(" action=\"{action}\" ")), "{html}");
    }

    #[test]
    fn the_address_of_a_plain_form_contains_the_forms_language() {
        check("/forms/quote", None, "/forms/quote");
        check("/forms/quote", Some("de"), "/forms/quote?lang=de");
        check("/send?form=quote", Some("de"), "/send?form=quote&amp;lang=de");
    }
}

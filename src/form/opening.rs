//! From an address to a form on the page: its definition, then its language, then the fields.

use std::sync::Arc;

use deal_contract::definition::PublicDefinition;
use deal_contract::words::Word;
use leptos::prelude::{Owner, document};
use web_sys::Element;

use super::events::listen;
use super::{Host, Settings, Source, session, styles};
use crate::controls::{append, make};
use crate::json::JsJson;
use crate::locale::{self, Locale};
use crate::submission::Endpoint;
use crate::transport::get::get;

/// A form that is not on the page yet.
#[derive(Clone)]
struct Opening {
    root: Element,
    definition: Given,
    lang: Option<String>,
    locales: Option<String>,
    endpoint: Endpoint,
    host: Host,
}

/// Where the definition comes from.
#[derive(Clone)]
enum Given {
    Address(String),
    Page(Arc<PublicDefinition>),
}

/// Fills `root` with a form, to live as long as the current reactive owner.
pub(crate) fn open(root: &Element, settings: Settings) {
    let Settings { source, lang, locales, silence, host } = settings;
    let (definition, url) = match source {
        Source::Address(src) => (Given::Address(src.clone()), src),
        Source::Split { src, proxy_url } => (Given::Address(src), proxy_url),
        Source::Given { definition, proxy_url } => (Given::Page(definition), proxy_url),
    };
    styles::adopt(&root.get_root_node());
    let endpoint = Endpoint { url, silence };
    Opening { root: root.clone(), definition, lang, locales, endpoint, host }.begin();
}

impl Opening {
    fn begin(self) {
        let document = document();
        let loading = Locale::english().say(Word::Loading);
        self.show(&make(&document, "p;class=df-loading;role=status", &loading));
        match self.definition.clone() {
            Given::Page(definition) => self.translate(definition),
            Given::Address(address) => {
                let within = within_owner();
                get(&address, move |definition| {
                    within(Box::new(move || {
                        let definition = definition.and_then(|definition| {
                            PublicDefinition::read(&definition).map_err(|error| error.to_string())
                        });
                        match definition {
                            Ok(definition) => self.translate(Arc::new(definition)),
                            Err(reason) => self.fail(&reason),
                        }
                    }));
                });
            }
        }
    }

    /// Fetches the language's catalog. English is inside, and stands in for a language without
    /// one: a form in the wrong language is better than none.
    fn translate(self, definition: Arc<PublicDefinition>) {
        let lang = locale::choose(self.lang.as_deref(), definition.lang.as_deref());
        let primary = locale::primary(&lang).to_owned();
        let Some(folder) = self.locales.clone().filter(|_| primary != "en") else {
            return self.open(definition, lang, None);
        };
        let within = within_owner();
        get(&format!("{folder}{primary}.json"), move |translation| {
            if let Err(reason) = &translation {
                leptos::logging::warn!("deal-form: no words in `{primary}`: {reason}");
            }
            within(Box::new(move || self.open(definition, lang, translation.ok())));
        });
    }

    fn open(self, definition: Arc<PublicDefinition>, lang: String, translation: Option<JsJson>) {
        let locale = Locale::new(lang, definition.texts.clone(), translation);
        self.root.set_text_content(None);
        session::open(&self.root, definition, locale, self.endpoint, self.host);
    }

    fn fail(self, reason: &str) {
        leptos::logging::error!("deal-form: {reason}");
        let (document, words) = (document(), Locale::english());
        let panel = make(&document, "div;class=df-failure;role=alert", "");
        let button =
            make(&document, "button;class=df-button;type=button", &words.say(Word::LoadAgain));
        let said = make(&document, "p", &words.say(Word::LoadFailed));
        append(&panel, &[&said, &button]);
        self.show(&panel);
        let owner = Owner::current();
        listen(button.into(), &["click"], move |_| {
            if let Some(owner) = &owner {
                owner.with(|| self.clone().begin());
            }
        });
    }

    fn show(&self, content: &Element) {
        self.root.set_text_content(None);
        append(&self.root, &[content]);
    }
}

/// What is done later, as long as the form is on the page and for as long as it will be.
fn within_owner() -> impl FnOnce(Box<dyn FnOnce()>) {
    let owner = Owner::current().map(|owner| owner.downgrade());
    move |work| {
        // The form may have been taken off the page meanwhile.
        if let Some(owner) = owner.and_then(|owner| owner.upgrade()) {
            owner.with(work);
        }
    }
}

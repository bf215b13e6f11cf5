//! Loads a form: its definition, then the catalog of its language.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::definition::PublicDefinition;
use deal_contract::messages::EarlyMessageKey;
use deal_contract::normalize::DateNotation;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::events::listen;
use super::mount::mount;
use super::{FormEvent, FormHandle, Host, Source, styles};
use crate::browser::{document, tell_developer, warn_developer, window};
use crate::controls::{append, make, set};
use crate::json::JsJson;
use crate::locale::{self, Locale};
use crate::scope::Scope;
use crate::submission::Endpoint;
use crate::transport::get::get;

/// While nothing is known, not even the form's language.
const LOADING: &str = "Loading the form…";

/// What a form is made from.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) source: Source,
    /// The `Response` from the source's address, or a promise of it, if another script has asked
    /// already.
    pub(crate) asked: JsValue,
    /// The language that the page wishes.
    pub(crate) lang: Option<String>,
    /// The address of the folder of catalogs, with its slash.
    pub(crate) locales: Option<String>,
    /// How long an upload may be inactive before it fails.
    pub(crate) inactivity_timeout: Duration,
    /// Controls the form once it is on the page.
    pub(crate) handle: Option<FormHandle>,
    pub(crate) host: Host,
}

/// A form that is not on the page yet.
#[derive(Clone)]
struct Loader {
    scope: Scope,
    root: Element,
    definition: Given,
    /// What was fetched from the definition's address already, once.
    asked: JsValue,
    /// Whether the address answered that there is no form.
    is_missing: bool,
    lang: Option<String>,
    locales: Option<String>,
    endpoint: Endpoint,
    handle: Option<FormHandle>,
    host: Host,
}

/// Where the definition comes from.
#[derive(Clone)]
enum Given {
    Address(String),
    Page(Arc<PublicDefinition>),
}

/// Fills `root` with a form.
pub(crate) fn load(scope: &Scope, root: &Element, settings: Settings) {
    let Settings { source, asked, lang, locales, inactivity_timeout, handle, host } = settings;
    let (definition, url) = match source {
        Source::Address(src) => (Given::Address(src.clone()), src),
        Source::Split { src, proxy_url } => (Given::Address(src), proxy_url),
        Source::Given { definition, proxy_url } => (Given::Page(definition), proxy_url),
    };
    styles::adopt(&root.get_root_node());
    let endpoint = Endpoint { url, inactivity_timeout };
    let (scope, root) = (scope.clone(), root.clone());
    let is_missing = false;
    Loader { scope, root, definition, asked, is_missing, lang, locales, endpoint, handle, host }
        .start();
}

impl Loader {
    fn start(mut self) {
        let document = document();
        let said = "p;class=df-loading;role=status;lang=en;dir=ltr;tabindex=-1";
        self.render(&make(&document, said, LOADING));
        match self.definition.clone() {
            Given::Page(definition) => self.load_catalog(Some(definition)),
            Given::Address(address) => {
                let asked = std::mem::take(&mut self.asked);
                get(address, None, asked, move |definition| {
                    // The form may have been removed from the page meanwhile.
                    if self.scope.is_over() {
                        return;
                    }
                    let reason = match definition {
                        Ok(definition) => match PublicDefinition::read(&definition) {
                            Ok(definition) => return self.load_catalog(Some(Arc::new(definition))),
                            Err(error) => error.to_string(),
                        },
                        Err(error) => {
                            self.is_missing = error.is_missing;
                            error.reason
                        }
                    };
                    self.fail(&reason);
                });
            }
        }
    }

    /// Fetches the language's catalog, for a form or to say that there is none. English is inside.
    fn load_catalog(self, definition: Option<Arc<PublicDefinition>>) {
        let authors = match &definition {
            Some(definition) => definition.lang.clone(),
            // Nobody knows it; the page's own is the nearest.
            None => document().document_element().and_then(|page| page.get_attribute("lang")),
        };
        let lang = locale::choose(self.lang.as_deref(), authors.as_deref());
        let primary = locale::primary(&lang).to_owned();
        let Some(folder) = self.locales.clone().filter(|_| primary != "en") else {
            return self.use_catalog(definition, lang, None);
        };
        let address = format!("{folder}{primary}.json");
        get(address, None, JsValue::UNDEFINED, move |translation| {
            if let Err(error) = &translation {
                warn_developer(&format!("no words in `{primary}`: {}", error.reason));
            }
            self.use_catalog(definition, lang, translation.ok());
        });
    }

    fn use_catalog(
        self,
        definition: Option<Arc<PublicDefinition>>,
        lang: String,
        translation: Option<JsJson>,
    ) {
        match (definition, &translation) {
            (Some(definition), None) => self.without_catalog(definition, lang),
            (Some(definition), Some(_)) => self.mount(definition, lang, translation),
            (None, _) => {
                let spoken = if translation.is_some() { lang } else { "en".to_owned() };
                self.offer_retry(&Locale::new(spoken, "", Vec::new(), translation));
            }
        }
    }

    /// In the author's language where the page's wish cannot be met, and in English where the
    /// author gives no words for that one either: a form in the wrong language is better than none,
    /// and one that says which it is can be read aloud.
    fn without_catalog(mut self, definition: Arc<PublicDefinition>, lang: String) {
        let authors = definition.lang.as_deref().unwrap_or("en");
        if self.lang.take().is_some() && locale::primary(authors) != locale::primary(&lang) {
            return self.load_catalog(Some(definition));
        }
        let spoken = locale::primary(&lang) == "en" || !definition.texts.is_empty();
        self.mount(definition, if spoken { lang } else { "en".to_owned() }, None);
    }

    fn mount(self, definition: Arc<PublicDefinition>, lang: String, translation: Option<JsJson>) {
        // The form may have been taken off the page meanwhile.
        if self.scope.is_over() {
            return;
        }
        if self.host.leaving.as_ref().is_some_and(|leaving| leaving()) {
            // What is on its way could be sent from here a second time. It opens if the visitor
            // comes back to this page.
            let scope = self.scope.clone();
            let loader = Cell::new(Some((self, definition, lang, translation)));
            return listen(&scope, window().into(), &["pageshow"], move |_| {
                if let Some((loader, definition, lang, translation)) = loader.take() {
                    loader.mount(definition, lang, translation);
                }
            });
        }
        let authors = definition.lang.as_deref().unwrap_or_default();
        // Without a catalog the words are English, but dates are read in the order of the language.
        let dates = match &definition.lang {
            Some(authors) if lang == "en" && self.lang.is_none() => authors,
            _ => &lang,
        };
        let dates = DateNotation::of(dates);
        let texts = definition.texts.clone();
        let mut locale = Locale::new(lang, authors, texts, translation);
        locale.dates = dates;
        let had_focus = self.has_focus();
        self.root.set_text_content(None);
        let Self { scope, root, endpoint, handle, host, .. } = self;
        mount(&scope, &root, definition, locale, endpoint, host, handle);
        if had_focus && let Ok(Some(first)) = root.query_selector("[name]") {
            focus(&first);
        }
    }

    fn fail(self, reason: &str) {
        tell_developer(reason);
        (self.host.on_event)(FormEvent::Error("load"));
        self.load_catalog(None);
    }

    fn offer_retry(self, locale: &Locale) {
        let document = document();
        let panel = make(&document, "div;class=df-failure;role=alert;tabindex=-1", "");
        set(&panel, "lang", locale.lang());
        set(&panel, "dir", locale.direction());
        let name = locale.say(EarlyMessageKey::LoadAgain);
        let button = make(&document, "button;class=df-button;type=button", &name);
        let missing = self.is_missing;
        let said = if missing { EarlyMessageKey::LoadMissing } else { EarlyMessageKey::LoadFailed };
        let said = make(&document, "p", &locale.say(said));
        append(&panel, &[&said, &button]);
        self.render(&panel);
        let scope = self.scope.clone();
        let loader = Cell::new(Some(self));
        listen(&scope, button.clone().into(), &["click"], move |_| {
            loader.take().into_iter().for_each(Self::start);
        });
        // If the connection was the reason, load again when it is back.
        listen(&scope, window().into(), &["online"], move |_| {
            button.unchecked_ref::<HtmlElement>().click();
        });
    }

    /// In place of what is there, also for the focus.
    fn render(&self, content: &Element) {
        let had_focus = self.has_focus();
        self.root.set_text_content(None);
        append(&self.root, &[content]);
        if had_focus {
            focus(content);
        }
    }

    fn has_focus(&self) -> bool {
        self.root.matches(":focus-within").unwrap_or_default()
    }
}

fn focus(element: &Element) {
    // Fails only for an element that cannot take the focus.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

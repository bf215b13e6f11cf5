//! Loads a form: its definition, and then the catalog of its language.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::definition::PublicDefinition;
use deal_contract::messages::{EarlyMessageKey, catalog_name, loading, primary_language};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

use super::events::listen;
use super::mount::mount;
use super::root::Root;
use super::{FormError, FormEvent, Host, Remote, Source, styles};
use crate::browser::{document, log_error, log_warning, window};
use crate::controls::{append, make, set};
use crate::json::JsJson;
use crate::locale::{self, Locale};
use crate::scope::Scope;
use crate::submission::Endpoint;
use crate::transport::get::get;

/// Everything that is needed to load a form.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) source: Source,
    /// The `Response` from the source's address, or a promise for it, if another script has
    /// requested it already.
    pub(crate) prefetched: JsValue,
    /// The language that the page requests.
    pub(crate) lang: Option<String>,
    /// The address of the folder with the catalogs, with the final slash.
    pub(crate) locales: Option<String>,
    /// How long an upload may be inactive before it fails.
    pub(crate) inactivity_timeout: Duration,
    /// Calls the form once it is on the page.
    pub(crate) remote: Remote,
    pub(crate) host: Host,
}

/// A form that is not on the page yet.
#[derive(Clone)]
struct Loader {
    scope: Scope,
    root: Root,
    definition: Given,
    /// The response from [`Settings`], for the first request only.
    prefetched: JsValue,
    /// Whether the server has responded that the form does not exist.
    is_missing: bool,
    lang: Option<String>,
    locales: Option<String>,
    endpoint: Endpoint,
    remote: Remote,
    host: Host,
}

/// Where the definition comes from.
#[derive(Clone)]
enum Given {
    Address(String),
    Page(Arc<PublicDefinition>),
}

/// Loads a form into `root`.
pub(crate) fn load(scope: &Scope, root: &Element, settings: Settings) {
    let Settings { source, prefetched, lang, locales, inactivity_timeout, remote, host } = settings;
    let (definition, url) = match source {
        Source::Address(src) => (Given::Address(src.clone()), src),
        Source::Split { src, proxy_url } => (Given::Address(src), proxy_url),
        Source::Given { definition, proxy_url } => (Given::Page(definition), proxy_url),
    };
    styles::adopt(&root.get_root_node());
    let endpoint = Endpoint { url, inactivity_timeout };
    let (scope, root) = (scope.clone(), Root::new(&document(), root));
    let is_missing = false;
    Loader {
        scope,
        root,
        definition,
        prefetched,
        is_missing,
        lang,
        locales,
        endpoint,
        remote,
        host,
    }
    .start();
}

impl Loader {
    fn start(mut self) {
        self.show_loading();
        match self.definition.clone() {
            Given::Page(definition) => self.load_catalog(Some(definition)),
            Given::Address(address) => {
                let prefetched = std::mem::take(&mut self.prefetched);
                get(address, None, self.wanted_language(), prefetched, move |definition| {
                    // The form may have been removed from the page in the meantime.
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

    /// Shows that the form is loading, in the language of the page: the form's language is not known
    /// yet.
    fn show_loading(&self) {
        let lang = self.wanted_language().unwrap_or_default();
        let (lang, text) = loading(&lang);
        let panel = make(&document(), "div;class=df-loading;role=group;tabindex=-1", "");
        set(&panel, "lang", lang);
        set(&panel, "aria-label", text);
        if !self.root.replace(&panel) {
            self.root.announcer.say(text);
        }
    }

    /// Returns the preferred language for a form that has several: the language that the page
    /// requests, or the page's own language.
    fn wanted_language(&self) -> Option<String> {
        let lang = self.lang.clone().or_else(|| self.page_language())?;
        locale::canonical(&lang)
    }

    /// Returns the language of the content around the form, if the page declares one.
    fn page_language(&self) -> Option<String> {
        // Skip the root: it may still have the language of an earlier form.
        self.root.element.parent_element()?.closest("[lang]").ok()??.get_attribute("lang")
    }

    /// Loads the catalog of the language, for the form or for the message that the form could not
    /// be loaded. English is built in.
    fn load_catalog(self, definition: Option<Arc<PublicDefinition>>) {
        let author_lang = match &definition {
            Some(definition) => definition.lang.clone(),
            // The language of the form is unknown, so use the page's.
            None => self.page_language(),
        };
        let lang = locale::choose(self.lang.as_deref(), author_lang.as_deref());
        let catalog = catalog_name(&lang).to_owned();
        let Some(folder) = self.locales.clone().filter(|_| catalog != "en") else {
            return self.use_catalog(definition, lang, None);
        };
        let address = format!("{folder}{catalog}.json");
        get(address, None, None, JsValue::UNDEFINED, move |translation| {
            if let Err(error) = &translation {
                log_warning(&format!("no texts for `{catalog}`: {}", error.reason));
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
                let lang = if translation.is_some() { lang } else { "en".to_owned() };
                self.offer_retry(&Locale::new(lang, "", Vec::new(), translation));
            }
        }
    }

    /// Without a catalog for the requested language, uses the author's language. If the author's language has
    /// neither a catalog nor messages by the author, uses English, and declares it for screen readers.
    fn without_catalog(mut self, definition: Arc<PublicDefinition>, lang: String) {
        let author_lang = definition.lang.as_deref().unwrap_or("en");
        if self.lang.take().is_some() && primary_language(author_lang) != primary_language(&lang) {
            return self.load_catalog(Some(definition));
        }
        let has_texts = primary_language(&lang) == "en" || !definition.texts.is_empty();
        self.mount(definition, if has_texts { lang } else { "en".to_owned() }, None);
    }

    fn mount(self, definition: Arc<PublicDefinition>, lang: String, translation: Option<JsJson>) {
        // The form may have been removed from the page in the meantime.
        if self.scope.is_over() {
            return;
        }
        if self.host.fallback_was_sent.as_ref().is_some_and(|was_sent| was_sent()) {
            // The browser is sending the plain form, and the visitor could send its answers again from
            // the widget. So mount the widget only if the visitor comes back to this page.
            let scope = self.scope.clone();
            let loader = Cell::new(Some((self, definition, lang, translation)));
            return listen(&scope, window().into(), &["pageshow"], move |_| {
                if let Some((loader, definition, lang, translation)) = loader.take() {
                    loader.mount(definition, lang, translation);
                }
            });
        }
        let author_lang = definition.lang.as_deref().unwrap_or_default();
        // Without a catalog, the messages are in English, but dates have the order of the form's
        // language.
        let dates = match &definition.lang {
            Some(author_lang) if lang == "en" && self.lang.is_none() => author_lang,
            _ => &lang,
        };
        let dates = dates.clone();
        let texts = definition.texts.clone();
        let mut locale = Locale::new(lang, author_lang, texts, translation);
        locale.use_region(&dates, self.page_language().as_deref());
        let Self { scope, root, endpoint, remote, host, .. } = self;
        let had_focus = root.has_focus();
        root.clear();
        mount(&scope, &root, definition, locale, endpoint, host, &remote);
        if had_focus {
            root.focus_first();
        }
    }

    fn fail(self, reason: &str) {
        log_error(reason);
        (self.host.on_event)(FormEvent::Error(FormError::Load));
        self.load_catalog(None);
    }

    fn offer_retry(self, locale: &Locale) {
        let document = document();
        let panel = make(&document, "div;class=df-failure;role=group;tabindex=-1", "");
        set(&panel, "lang", locale.lang());
        set(&panel, "dir", locale.direction());
        let name = locale.say(EarlyMessageKey::LoadAgain);
        let button = make(&document, "button;class=df-button;type=button", &name);
        let missing = self.is_missing;
        let key = if missing { EarlyMessageKey::LoadMissing } else { EarlyMessageKey::LoadFailed };
        let text = locale.say(key);
        set(&panel, "aria-label", &text);
        append(&panel, &[&make(&document, "p", &text), &button]);
        // A panel that takes the focus is announced by its name.
        if !self.root.replace(&panel) {
            self.root.announcer.say(&text);
        }
        let scope = self.scope.clone();
        let loader = Cell::new(Some(self));
        listen(&scope, button.clone().into(), &["click"], move |_| {
            loader.take().into_iter().for_each(Self::start);
        });
        // Load again when the browser is back online.
        listen(&scope, window().into(), &["online"], move |_| {
            button.unchecked_ref::<HtmlElement>().click();
        });
    }
}

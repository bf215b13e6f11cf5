//! The HTML that an author pastes into a landing page.

use deal_contract::definition::{FormDefinition, PublicDefinition};
use deal_form_html::fallback;
use maud::{Markup, html};

use super::PLAIN_STYLE_PATH;
use super::height::{self, Screen};

/// Returns the HTML that an author pastes into a landing page to embed the form. It contains a plain
/// form with its stylesheet, and a style rule that reserves space for the widget. `proxy` is the proxy's
/// address for visitors. The ids of the plain form begin with `prefix`, because a page can have several
/// forms.
///
/// The plain form is in the language `lang`, or in the form's own language. The widget uses `lang`, or
/// the language of the page. Returns `None` if the form does not have the language.
///
/// The plain form's address contains its language, so that the responses are in this language, too.
pub fn snippet(
    id: &str,
    form: &FormDefinition,
    proxy: &str,
    prefix: &str,
    lang: Option<&str>,
) -> Option<String> {
    let public = lang.map_or(Some(&form.public), |lang| form.in_language(lang))?;
    let proxy = proxy.trim_end_matches('/');
    let address = format!("{proxy}/forms/{id}");
    let lang = lang.and(public.lang.as_deref());
    let action = match &public.lang {
        Some(tag) if !form.translations.is_empty() => format!("{address}?lang={tag}"),
        _ => address.clone(),
    };
    let keeps_campaign = form.private.keeps_campaign;
    let markup = html! {
        (reserve_space(id, public)) "\n"
        link rel="stylesheet" href={ (proxy) (PLAIN_STYLE_PATH) }; "\n"
        (preloads(proxy)) "\n"
        script type="module" src={ (proxy) "/deal-form.js" } data-deal-form-campaign[keeps_campaign] {} "\n"
        deal-form src=(address) lang=[lang] { "\n"
            (fallback(public, &action, prefix)) "\n"
        } "\n"
    };
    Some(markup.into_string())
}

/// Returns links that preload the widget's files in parallel. Without the links, the files load one
/// after the other. If the files are renamed, the links have no effect and do no harm.
fn preloads(proxy: &str) -> Markup {
    html! {
        link rel="modulepreload" href={ (proxy) "/deal-form-widget.js" }; "\n"
        link rel="preload" as="fetch" crossorigin href={ (proxy) "/deal-form-widget_bg.wasm" };
    }
}

/// Returns a style rule that reserves space for the form until the form is ready. Ids need no escapes
/// in CSS: they contain only letters, digits, hyphens and underscores.
fn reserve_space(id: &str, public: &PublicDefinition) -> Markup {
    let element = format!("deal-form[src$='/{id}']:not([ready])");
    let [phone, wide] = [Screen::Phone, Screen::Wide].map(|screen| height::height(public, screen));
    html! {
        style { "\n"
            (element) " { display: block; min-height: " (phone) "px }\n"
            "@media (min-width: 700px) { " (element) " { min-height: " (wide) "px } }\n"
        }
    }
}

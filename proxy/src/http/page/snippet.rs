//! What a landing page pastes.

use deal_contract::definition::PublicDefinition;
use maud::{Markup, html};

use super::draft::Draft;
use super::room::{self, Screen};
use super::sheet::Sheet;
use crate::settings::Localizer;

/// What a landing page pastes to have the form, with a plain form inside for visitors without
/// scripts, and a rule that keeps room for it. `proxy` is the proxy's address as the landing page's
/// visitors see it. What the page itself would answer is left to the widget: pasted once, it would
/// say the same of every visit.
pub fn snippet(id: &str, public: &PublicDefinition, proxy: &str) -> String {
    let proxy = proxy.trim_end_matches('/');
    let address = format!("{proxy}/forms/{id}");
    let markup = html! {
        (keep_room(id, public)) "\n"
        (hints(proxy)) "\n"
        script type="module" src={ (proxy) "/deal-form.js" } {} "\n"
        deal-form src=(address) { "\n" (fallback(id, public, &address)) "\n" } "\n"
    };
    markup.into_string()
}

/// Has the widget's parts fetched at once: by themselves they would come one after the other. Where
/// they should have other names one day, the hints are of no use and do no harm.
fn hints(proxy: &str) -> Markup {
    html! {
        link rel="modulepreload" href={ (proxy) "/deal-form-widget.js" }; "\n"
        link rel="preload" as="fetch" crossorigin href={ (proxy) "/deal-form-widget_bg.wasm" };
    }
}

/// Room for the form until it is there. Ids are names of letters, digits, hyphens and underscores.
fn keep_room(id: &str, public: &PublicDefinition) -> Markup {
    let element = format!("deal-form[src$='/{id}']:not([ready])");
    let [phone, wide] = [Screen::Phone, Screen::Wide].map(|screen| room::height(public, screen));
    html! {
        style { "\n"
            (element) " { display: block; min-height: " (phone) "px }\n"
            "@media (min-width: 700px) { " (element) " { min-height: " (wide) "px } }\n"
        }
    }
}

fn fallback(id: &str, public: &PublicDefinition, address: &str) -> Markup {
    let (localizer, draft) = (Localizer::of(public), Draft::blank());
    let prefix = &format!("{id}-");
    let sheet = Sheet { public, localizer: &localizer, draft: &draft, prefix };
    html! {
        @if public.proof.is_none() {
            form method="post" action=(address) enctype="multipart/form-data"
                accept-charset="utf-8" lang=[public.lang.as_deref()] dir=[localizer.dir()] { "\n"
                h2 { (public.title) } "\n"
                @if let Some(intro) = &public.intro { p { (intro) } "\n" }
                (sheet.questions()) "\n"
            }
        } @else {
            // A page that was pasted once cannot bring what each visit gets anew.
            p lang=[public.lang.as_deref()] dir=[localizer.dir()] { a href=(address) { (public.title) } }
        }
    }
}

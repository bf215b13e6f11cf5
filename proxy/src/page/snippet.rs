//! What a landing page pastes.

use deal_contract::definition::PublicDefinition;
use maud::html;

use super::draft::Draft;
use super::room;
use super::sheet::Sheet;
use crate::voice::Voice;

/// What a landing page pastes to have the form, with a plain form inside for visitors without
/// scripts, and a rule that keeps room for it. `proxy` is the proxy's address as the landing page's
/// visitors see it. What the page itself would answer is left to the widget: pasted once, it would
/// say the same of every visit.
pub fn snippet(id: &str, public: &PublicDefinition, proxy: &str) -> String {
    let proxy = proxy.trim_end_matches('/');
    let address = format!("{proxy}/forms/{id}");
    let (voice, draft) = (Voice::of(public), Draft::blank());
    let sheet = Sheet { public, voice: &voice, draft: &draft };
    let room = room::height(public);
    let markup = html! {
        style {
            // Ids are file names of letters, digits, hyphens and underscores.
            "deal-form[src$='/" (id) "'] { display: block; min-height: " (room) "px }"
        } "\n"
        script type="module" src={ (proxy) "/deal-form.js" } {} "\n"
        deal-form src=(address) { "\n"
            form method="post" action=(address) enctype="multipart/form-data"
                lang=[public.lang.as_deref()] dir=[voice.dir()] { "\n"
                h2 { (public.title) } "\n"
                @if let Some(intro) = &public.intro { p { (intro) } "\n" }
                (sheet.questions()) "\n"
            } "\n"
        } "\n"
    };
    markup.into_string()
}

//! The elements of a form except its fields.

use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::messages::MessageKey;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use crate::controls::{append, fill_rich_text, make, set};
use crate::locale::Locale;

/// The attribute with the action of a button.
pub(super) const ACTION: &str = "data-df-action";
pub(super) const CANCEL: &str = "cancel";
pub(super) const ANOTHER: &str = "again";
pub(super) const BACK: &str = "back";
pub(super) const START_OVER: &str = "start-over";
pub(super) const SEND_REST: &str = "send-rest";

/// The elements of a form that change with its state.
#[derive(Debug, Clone)]
pub(super) struct Elements {
    pub(super) form: Element,
    pub(super) restored: Panel,
    pub(super) summary: Panel,
    pub(super) summary_list: Element,
    pub(super) step: Panel,
    pub(super) step_position: Element,
    pub(super) step_bar: Element,
    pub(super) step_title: Element,
    pub(super) fields: Element,
    pub(super) failure: Panel,
    pub(super) failure_heading: Element,
    pub(super) failure_message: Element,
    pub(super) failure_advice: Element,
    pub(super) send_rest: Element,
    /// Outside of the failure panel, because that panel is an alert: a screen reader would announce
    /// each second.
    pub(super) countdown: Panel,
    pub(super) countdown_text: Element,
    pub(super) progress: Panel,
    pub(super) progress_bar: Element,
    pub(super) progress_text: Element,
    pub(super) stage: Element,
    pub(super) buttons: Element,
    pub(super) back: Element,
    pub(super) submit: Element,
    pub(super) result: Panel,
    pub(super) thanks: Element,
    pub(super) deal: Element,
}

/// An element that is shown only in some states, and can take the focus.
#[derive(Debug, Clone)]
pub(super) struct Panel(HtmlElement);

/// Makes elements whose class and part have the same name.
struct Maker<'a>(&'a Document);

impl Elements {
    /// Creates the elements in `root`.
    pub(super) fn new(
        document: &Document,
        root: &Element,
        prefix: &str,
        definition: &PublicDefinition,
        locale: &Locale,
    ) -> Self {
        let maker = Maker(document);
        let say = |key| locale.say(key);
        let form = maker.child(root, "form", "form", "");
        // Without `novalidate`, the browser would show its own messages, one at a time.
        let _ = form.set_attribute("novalidate", "");
        let author_lang = locale.author_lang();
        set(&maker.child(&form, "h2", "title", &definition.title), "lang", author_lang);
        if let Some(intro) = &definition.intro {
            let element = maker.child(&form, "div", "intro", "");
            set(&element, "lang", author_lang);
            fill_rich_text(&element, intro, locale);
        }
        let restored = maker.panel(&form, "restored", "status");
        maker.child(&restored.0, "p", "message", &say(MessageKey::Restored));
        maker.button(&restored.0, "quiet", &say(MessageKey::StartOver), START_OVER);

        let summary = maker.panel(&form, "summary", "group");
        let heading = maker.child(&summary.0, "h3", "heading", &say(MessageKey::Summary));
        heading.set_id(&format!("{prefix}-summary"));
        let _ = summary.0.set_attribute("aria-labelledby", &heading.id());
        let summary_list = maker.child(&summary.0, "ul", "problems", "");
        if definition.fields.iter().any(Field::may_be_required) {
            maker.child(&form, "p", "note", &say(MessageKey::RequiredNote));
        }

        let step = maker.panel(&form, "step", "group");
        let step_position = maker.child(&step.0, "p", "step-place", "");
        let step_bar = maker.child(&step.0, "progress", "step-bar", "");
        // The text above the bar already gives the position to screen readers.
        let _ = step_bar.set_attribute("aria-hidden", "true");
        let step_title = maker.child(&step.0, "h3", "step-title", "");
        step_title.set_id(&format!("{prefix}-step"));
        set(&step_title, "lang", author_lang);
        let _ = step.0.set_attribute("aria-labelledby", &step_title.id());
        step.set_visible(!definition.steps.is_empty());
        let fields = maker.child(&form, "div", "fields", "");

        let failure = maker.panel(&form, "failure", "alert");
        let failure_heading = maker.child(&failure.0, "h3", "heading", "");
        let failure_message = maker.child(&failure.0, "p", "message", "");
        let failure_advice = maker.child(&failure.0, "p", "advice", "");
        maker.child(&failure.0, "p", "kept", &say(MessageKey::Kept));
        let send_rest = maker.button(&failure.0, "quiet", &say(MessageKey::SendRest), SEND_REST);

        let countdown = maker.panel(&form, "countdown", "group");
        let countdown_text = maker.child(&countdown.0, "p", "message", "");
        let _ = countdown_text.set_attribute("role", "timer");
        maker.button(&countdown.0, "quiet", &say(MessageKey::Cancel), CANCEL);

        let progress = maker.panel(&form, "progress", "group");
        let sending = say(MessageKey::Sending);
        let _ = progress.0.set_attribute("aria-label", &sending);
        let progress_bar = maker.child(&progress.0, "progress", "bar", "");
        let _ = progress_bar.set_attribute("aria-label", &sending);
        let _ = progress_bar.set_attribute("max", "1000");
        let progress_text = maker.child(&progress.0, "p", "sent", "");
        // A screen reader announces each stage, but not each byte.
        let stage = maker.child(&progress.0, "p", "unseen", "");
        let _ = stage.set_attribute("role", "status");
        maker.button(&progress.0, "quiet", &say(MessageKey::Cancel), CANCEL);

        let buttons = maker.child(&form, "div", "buttons", "");
        let back = maker.button(&buttons, "quiet", &say(MessageKey::Back), BACK);
        let submit = maker.button(&buttons, "submit", &submit_label(definition, locale), "");

        let result = maker.panel(root, "result", "status");
        maker.child(&result.0, "h2", "title", &say(MessageKey::Success));
        let thanks = maker.child(&result.0, "div", "thanks", "");
        let deal = maker.child(&result.0, "dl", "deal", "");
        if definition.success.another {
            maker.button(&result.0, "quiet", &say(MessageKey::Another), ANOTHER);
        }

        Self {
            form,
            restored,
            summary,
            summary_list,
            step,
            step_position,
            step_bar,
            step_title,
            fields,
            failure,
            failure_heading,
            failure_message,
            failure_advice,
            send_rest,
            countdown,
            countdown_text,
            progress,
            progress_bar,
            progress_text,
            stage,
            buttons,
            back,
            submit,
            result,
            thanks,
            deal,
        }
    }
}

/// Returns the author's label for the submit button, or the default one.
pub(super) fn submit_label(definition: &PublicDefinition, locale: &Locale) -> String {
    definition.submit_label.clone().unwrap_or_else(|| locale.say(MessageKey::Submit))
}

impl Panel {
    /// Shows or hides the panel. Returns true if it was hidden and is now visible.
    pub(super) fn set_visible(&self, visible: bool) -> bool {
        let appears = visible && self.0.hidden();
        self.0.set_hidden(!visible);
        appears
    }

    /// Moves the focus to the panel, and scrolls to it.
    pub(super) fn focus(&self) {
        // Fails only for an element that cannot take the focus.
        let _ = self.0.focus();
    }
}

impl Maker<'_> {
    fn child(&self, parent: &Element, tag: &str, name: &str, text: &str) -> Element {
        let element = make(self.0, tag, text);
        set(&element, "class", &format!("df-{name}"));
        set(&element, "part", name);
        // Texts from the author and the CRM have their own direction; ours have the form's.
        let has_own_direction =
            matches!(name, "title" | "intro" | "step-title" | "message" | "thanks");
        set(&element, "dir", if has_own_direction { "auto" } else { "" });
        append(parent, &[&element]);
        element
    }

    fn panel(&self, parent: &Element, name: &str, role: &str) -> Panel {
        let panel: HtmlElement = self.child(parent, "div", name, "").unchecked_into();
        // Both fail only for an invalid attribute name.
        let _ = panel.set_attribute("role", role);
        let _ = panel.set_attribute("tabindex", "-1");
        panel.set_hidden(true);
        Panel(panel)
    }

    /// Creates a button with this action, or a submit button if the action is empty.
    fn button(&self, parent: &Element, name: &str, text: &str, action: &str) -> Element {
        let kind = if action.is_empty() { "submit" } else { "button" };
        let button = make(self.0, "button", text);
        set(&button, "class", &format!("df-button df-{name}"));
        set(&button, "part", &format!("button {name}-button"));
        set(&button, "type", kind);
        set(&button, ACTION, action);
        append(parent, &[&button]);
        button
    }
}

//! The elements of a form except its fields.

use std::ops::Deref;

use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::messages::MessageKey;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement};

use crate::controls::{append, fill_rich_text, make, set};
use crate::json::object;
use crate::locale::Locale;

/// The attribute with the action of a button.
pub(super) const ACTION: &str = "data-df-action";
pub(super) const CANCEL: &str = "cancel";
pub(super) const ANOTHER: &str = "again";
pub(super) const BACK: &str = "back";
pub(super) const START_OVER: &str = "start-over";
pub(super) const UNDO: &str = "undo";
pub(super) const SEND_REST: &str = "send-rest";

/// The elements of a form that change with its state.
#[derive(Debug, Clone)]
pub(super) struct Elements {
    pub(super) form: Element,
    pub(super) restored: Panel,
    pub(super) restored_text: Element,
    pub(super) restored_button: Element,
    pub(super) summary: Panel,
    pub(super) summary_list: Element,
    /// The heading of the current step, which takes the focus when the step changes.
    pub(super) step: Panel,
    pub(super) step_position: Element,
    pub(super) step_bar: Element,
    pub(super) step_title: Element,
    pub(super) fields: Element,
    pub(super) failure: Panel,
    pub(super) failure_heading: Element,
    pub(super) failure_quote: Element,
    pub(super) failure_message: Element,
    pub(super) failure_advice: Element,
    pub(super) send_rest: Element,
    /// Shows that the form is being sent, or when it will be sent again. One panel for both, so that
    /// its button stays in place and keeps the focus.
    pub(super) activity: Panel,
    pub(super) activity_bar: Element,
    pub(super) activity_text: Element,
    pub(super) back: Element,
    pub(super) submit: Element,
    pub(super) result: Panel,
    pub(super) result_title: Element,
    pub(super) thanks: Element,
    pub(super) deal: Element,
}

/// An element that is shown only in some states, and can take the focus.
#[derive(Debug, Clone)]
pub(super) struct Panel(HtmlElement);

/// Makes elements whose class and part have the same name.
struct Maker<'a>(&'a Document);

impl Elements {
    /// Creates the elements in `root`. `level` is the level of the form's title among the headings of
    /// the page: 1 to 5.
    pub(super) fn new(
        document: &Document,
        root: &Element,
        prefix: &str,
        level: u8,
        definition: &PublicDefinition,
        locale: &Locale,
    ) -> Self {
        let maker = Maker(document);
        let say = |key| locale.say(key);
        let id = |name: &str| format!("{prefix}-{name}");
        let (title_tag, heading_tag) =
            (format!("h{level}"), format!("h{}", level.saturating_add(1)));
        let form = maker.child(root, "form", "form", "");
        // Without `novalidate`, the browser would show its own messages, one at a time.
        let _ = form.set_attribute("novalidate", "");
        let author_lang = locale.author_lang();
        let title = maker.child(&form, &title_tag, "title", &definition.title);
        set(&title, "lang", author_lang);
        title.set_id(&id("title"));
        set(&form, "aria-labelledby", &title.id());
        if let Some(intro) = &definition.intro {
            let element = maker.child(&form, "div", "intro", "");
            set(&element, "lang", author_lang);
            fill_rich_text(&element, intro, locale);
        }
        let restored = maker.panel(&form, "restored", "");
        let restored_text = maker.child(&restored, "p", "message", "");
        let restored_button = maker.button(&restored, "quiet", "", START_OVER);

        let summary = maker.panel(&form, "summary", &id("summary"));
        let heading = maker.child(&summary, &heading_tag, "heading", &say(MessageKey::Summary));
        heading.set_id(&id("summary"));
        let summary_list = maker.child(&summary, "ul", "problems", "");
        if definition.fields.iter().any(Field::may_be_required) {
            maker.child(&form, "p", "note", &say(MessageKey::RequiredNote));
        }

        let has_steps = !definition.steps.is_empty();
        let (position_id, title_id) = (id("step"), id("step-title"));
        let group = if has_steps {
            let group = maker.child(&form, "div", "step", "");
            set(&group, "role", "group");
            set(&group, "aria-labelledby", &format!("{position_id} {title_id}"));
            group
        } else {
            form.clone()
        };
        let step = maker.panel(&group, "step-head", "");
        step.set_visible(has_steps);
        let step_position = maker.child(&step, "p", "step-place", "");
        step_position.set_id(&position_id);
        let step_bar = maker.child(&step, "div", "step-bar", "");
        // The text above the bar already gives the position to screen readers.
        let _ = step_bar.set_attribute("aria-hidden", "true");
        let step_title = maker.child(&step, &heading_tag, "step-title", "");
        step_title.set_id(&title_id);
        set(&step_title, "lang", author_lang);
        let fields = maker.child(&group, "div", "fields", "");

        let failure = maker.panel(&form, "failure", &id("failure"));
        let failure_heading = maker.child(&failure, &heading_tag, "heading", "");
        failure_heading.set_id(&id("failure"));
        let quote = say(MessageKey::CrmRefusedQuote);
        let failure_quote = maker.child(&failure, "p", "quote", &quote);
        let failure_message = maker.child(&failure, "blockquote", "message", "");
        let failure_advice = maker.child(&failure, "p", "advice", "");
        maker.describe(
            &failure,
            &[("failure-message", &failure_message), ("failure-advice", &failure_advice)],
            prefix,
        );
        maker.child(&failure, "p", "kept", &say(MessageKey::Kept));
        let send_rest = maker.button(&failure, "quiet", &say(MessageKey::SendRest), SEND_REST);

        let activity = maker.panel(&form, "activity", "");
        set(&activity, "part", "activity progress countdown");
        let activity_bar = maker.child(&activity, "progress", "bar", "");
        let _ = activity_bar.set_attribute("aria-label", &say(MessageKey::Sending));
        let _ = activity_bar.set_attribute("max", "1000");
        let activity_text = maker.child(&activity, "p", "sent", "");
        maker.button(&activity, "quiet", &say(MessageKey::Cancel), CANCEL);

        let buttons = maker.child(&form, "div", "buttons", "");
        let back = maker.button(&buttons, "quiet", &say(MessageKey::Back), BACK);
        let submit = maker.button(&buttons, "submit", &submit_label(definition, locale), "");

        let result = maker.panel(root, "result", &id("result"));
        let sign = maker.child(&result, "span", "sign", "");
        let _ = sign.set_attribute("aria-hidden", "true");
        let result_title = maker.child(&result, &title_tag, "title", &say(MessageKey::Success));
        result_title.set_id(&id("result"));
        let thanks = maker.child(&result, "div", "thanks", "");
        maker.describe(&result, &[("thanks", &thanks)], prefix);
        let deal = maker.child(&result, "dl", "deal", "");
        if definition.success.another {
            maker.button(&result, "quiet", &say(MessageKey::Another), ANOTHER);
        }

        Self {
            form,
            restored,
            restored_text,
            restored_button,
            summary,
            summary_list,
            step,
            step_position,
            step_bar,
            step_title,
            fields,
            failure,
            failure_heading,
            failure_quote,
            failure_message,
            failure_advice,
            send_rest,
            activity,
            activity_bar,
            activity_text,
            back,
            submit,
            result,
            result_title,
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
    /// Shows or hides the panel.
    pub(super) fn set_visible(&self, visible: bool) {
        self.0.set_hidden(!visible);
    }

    /// Moves the focus to the panel, and scrolls until the whole panel is in view.
    pub(super) fn focus(&self) {
        // Fails only for an element that cannot take the focus.
        let _ = self.0.focus();
        scroll_into_view(&self.0);
    }

    /// Returns whether the focus is in the panel.
    pub(super) fn has_focus(&self) -> bool {
        self.0.matches(":focus-within").unwrap_or_default()
    }
}

impl Deref for Panel {
    type Target = Element;

    fn deref(&self) -> &Element {
        &self.0
    }
}

/// Moves the focus to the element without scrolling.
pub(super) fn focus_in_place(element: &Element) {
    let in_place = object([("preventScroll", true.into())]);
    let element: &HtmlElement = element.unchecked_ref();
    // Fails only for an element that cannot take the focus.
    let _ = element.focus_with_options(in_place.unchecked_ref());
}

/// Scrolls as little as necessary until the element is in view. If it is higher than the window, its
/// beginning is in view.
pub(super) fn scroll_into_view(element: &Element) {
    let nearest = object([("block", "nearest".into())]);
    element.scroll_into_view_with_scroll_into_view_options(nearest.unchecked_ref());
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

    /// Creates a hidden panel. With the id of its heading, it is a group with this name, so that a
    /// screen reader announces the heading once when the panel takes the focus.
    fn panel(&self, parent: &Element, name: &str, heading: &str) -> Panel {
        let panel: HtmlElement = self.child(parent, "div", name, "").unchecked_into();
        // Fails only for an invalid attribute name.
        let _ = panel.set_attribute("tabindex", "-1");
        if !heading.is_empty() {
            set(&panel, "role", "group");
            set(&panel, "aria-labelledby", heading);
        }
        panel.set_hidden(true);
        Panel(panel)
    }

    /// Describes a panel by these elements, so that a screen reader announces them when the panel takes
    /// the focus. The ids are the names after `prefix`.
    fn describe(&self, panel: &Panel, elements: &[(&str, &Element)], prefix: &str) {
        let mut ids = String::new();
        for (name, element) in elements {
            element.set_id(&format!("{prefix}-{name}"));
            ids.push_str(&element.id());
            ids.push(' ');
        }
        set(panel, "aria-describedby", ids.trim_end());
    }

    /// Creates a button with this action, or a submit button if the action is empty.
    fn button(&self, parent: &Element, name: &str, text: &str, action: &str) -> Element {
        let kind = if action.is_empty() { "submit" } else { "button" };
        let button = make(self.0, "button", text);
        let back = if action == BACK { " df-back" } else { "" };
        set(&button, "class", &format!("df-button df-{name}{back}"));
        set(&button, "part", &format!("button {name}-button"));
        set(&button, "type", kind);
        set(&button, ACTION, action);
        append(parent, &[&button]);
        button
    }
}

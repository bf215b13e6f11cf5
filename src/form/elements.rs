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
    pub(super) note: Note,
    pub(super) summary: Panel,
    pub(super) summary_list: Element,
    pub(super) step: StepHead,
    pub(super) fields: Element,
    pub(super) failure: FailurePanel,
    pub(super) activity: Activity,
    pub(super) back: Element,
    pub(super) submit: Element,
    pub(super) result: ResultPanel,
}

/// The note that the answers were restored or removed, with a button.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) panel: Panel,
    pub(super) text: Element,
    pub(super) button: Element,
}

/// The heading of the current step, which takes the focus when the step changes.
#[derive(Debug, Clone)]
pub(super) struct StepHead {
    pub(super) panel: Panel,
    pub(super) position: Element,
    pub(super) bar: Element,
    pub(super) title: Element,
}

/// The panel that describes a failed attempt.
#[derive(Debug, Clone)]
pub(super) struct FailurePanel {
    pub(super) panel: Panel,
    pub(super) heading: Element,
    /// The sentence above the CRM's message.
    pub(super) quote: Element,
    pub(super) message: Element,
    pub(super) advice: Element,
    pub(super) send_rest: Element,
}

/// Shows that the form is being sent, or when it will be sent again. One panel for both, so that its
/// button stays in place and keeps the focus.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    pub(super) panel: Panel,
    pub(super) bar: Element,
    pub(super) text: Element,
}

/// The panel that thanks the visitor for the submission.
#[derive(Debug, Clone)]
pub(super) struct ResultPanel {
    pub(super) panel: Panel,
    pub(super) title: Element,
    pub(super) thanks: Element,
    pub(super) deal: Element,
}

/// An element that is shown only in some states, and can take the focus.
#[derive(Debug, Clone)]
pub(super) struct Panel(HtmlElement);

/// Makes the elements. Class and part of an element have the same name.
struct Maker<'a> {
    document: &'a Document,
    locale: &'a Locale,
    /// All ids begin with this text.
    prefix: &'a str,
    /// The level of the form's title among the headings of the page.
    level: u8,
}

impl Elements {
    /// Creates the elements in `root`. All ids begin with `prefix`. `level` is the level of the form's
    /// title among the headings of the page: 1 to 5.
    pub(super) fn new(
        document: &Document,
        root: &Element,
        prefix: &str,
        level: u8,
        definition: &PublicDefinition,
        locale: &Locale,
    ) -> Self {
        let maker = Maker { document, locale, prefix, level };
        let form = maker.child(root, "form", "form", "");
        // Without `novalidate`, the browser would show its own messages, one at a time.
        let _ = form.set_attribute("novalidate", "");
        let title = maker.child(&form, &maker.title_tag(), "title", &definition.title);
        set(&title, "lang", locale.author_lang());
        set(&form, "aria-labelledby", &maker.identify(&title, "title"));
        if let Some(intro) = &definition.intro {
            let element = maker.child(&form, "div", "intro", "");
            set(&element, "lang", locale.author_lang());
            fill_rich_text(&element, intro, locale);
        }
        let note = maker.note(&form);
        let (summary, heading) = maker.group(&form, "summary", &maker.heading_tag(), "heading");
        heading.set_text_content(Some(&locale.say(MessageKey::Summary)));
        let summary_list = maker.child(&summary, "ul", "problems", "");
        if definition.fields.iter().any(Field::may_be_required) {
            maker.child(&form, "p", "note", &locale.say(MessageKey::RequiredNote));
        }
        let (step, group) = maker.step(&form, !definition.steps.is_empty());
        let fields = maker.child(&group, "div", "fields", "");
        let failure = maker.failure(&form);
        let activity = maker.activity(&form);
        let buttons = maker.child(&form, "div", "buttons", "");
        let back = maker.button(&buttons, "quiet", MessageKey::Back, BACK);
        let submit = maker.button(&buttons, "submit", MessageKey::Submit, "");
        let result = maker.result(root, definition.success.another);
        Self {
            form,
            note,
            summary,
            summary_list,
            step,
            fields,
            failure,
            activity,
            back,
            submit,
            result,
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
    fn title_tag(&self) -> String {
        format!("h{}", self.level)
    }

    /// Returns the tag of the headings inside the form, one level below its title.
    fn heading_tag(&self) -> String {
        format!("h{}", self.level.saturating_add(1))
    }

    fn child(&self, parent: &Element, tag: &str, name: &str, text: &str) -> Element {
        let element = make(self.document, tag, text);
        set(&element, "class", &format!("df-{name}"));
        set(&element, "part", name);
        // Texts from the author and the CRM have their own direction; ours have the form's.
        let has_own_direction =
            matches!(name, "title" | "intro" | "step-title" | "message" | "thanks");
        set(&element, "dir", if has_own_direction { "auto" } else { "" });
        append(parent, &[&element]);
        element
    }

    /// Sets an id and returns it.
    fn identify(&self, element: &Element, name: &str) -> String {
        let id = format!("{}-{name}", self.prefix);
        element.set_id(&id);
        id
    }

    /// Creates a hidden panel.
    fn panel(&self, parent: &Element, name: &str) -> Panel {
        let panel: HtmlElement = self.child(parent, "div", name, "").unchecked_into();
        set(&panel, "tabindex", "-1");
        panel.set_hidden(true);
        Panel(panel)
    }

    /// Creates a hidden panel that is a group with its heading as name, so that a screen reader
    /// announces the heading once when the panel takes the focus. Also returns the heading.
    fn group(&self, parent: &Element, name: &str, tag: &str, heading: &str) -> (Panel, Element) {
        let panel = self.panel(parent, name);
        set(&panel, "role", "group");
        let heading = self.child(&panel, tag, heading, "");
        set(&panel, "aria-labelledby", &self.identify(&heading, name));
        (panel, heading)
    }

    fn note(&self, form: &Element) -> Note {
        let panel = self.panel(form, "restored");
        let text = self.child(&panel, "p", "message", "");
        let button = self.button(&panel, "quiet", MessageKey::StartOver, START_OVER);
        Note { panel, text, button }
    }

    /// Creates the heading of the current step. Also returns the element for the fields: the group of
    /// the step, or the form if it has no steps.
    fn step(&self, form: &Element, has_steps: bool) -> (StepHead, Element) {
        let group = if has_steps { self.child(form, "div", "step", "") } else { form.clone() };
        let panel = self.panel(&group, "step-head");
        panel.set_visible(has_steps);
        let position = self.child(&panel, "p", "step-place", "");
        let bar = self.child(&panel, "div", "step-bar", "");
        // The text above the bar already gives the position to screen readers.
        set(&bar, "aria-hidden", "true");
        let title = self.child(&panel, &self.heading_tag(), "step-title", "");
        set(&title, "lang", self.locale.author_lang());
        if has_steps {
            set(&group, "role", "group");
            let ids = [self.identify(&position, "step"), self.identify(&title, "step-title")];
            set(&group, "aria-labelledby", &ids.join(" "));
        }
        (StepHead { panel, position, bar, title }, group)
    }

    fn failure(&self, form: &Element) -> FailurePanel {
        let (panel, heading) = self.group(form, "failure", &self.heading_tag(), "heading");
        let say = |key| self.locale.say(key);
        let quote = self.child(&panel, "p", "quote", &say(MessageKey::CrmRefusedQuote));
        let message = self.child(&panel, "blockquote", "message", "");
        let advice = self.child(&panel, "p", "advice", "");
        // A screen reader announces the description after the name.
        let ids = [self.identify(&message, "message"), self.identify(&advice, "advice")];
        set(&panel, "aria-describedby", &ids.join(" "));
        self.child(&panel, "p", "kept", &say(MessageKey::Kept));
        let send_rest = self.button(&panel, "quiet", MessageKey::SendRest, SEND_REST);
        FailurePanel { panel, heading, quote, message, advice, send_rest }
    }

    fn activity(&self, form: &Element) -> Activity {
        let panel = self.panel(form, "activity");
        set(&panel, "part", "activity progress countdown");
        let bar = self.child(&panel, "progress", "bar", "");
        set(&bar, "aria-label", &self.locale.say(MessageKey::Sending));
        set(&bar, "max", "1000");
        let text = self.child(&panel, "p", "sent", "");
        self.button(&panel, "quiet", MessageKey::Cancel, CANCEL);
        Activity { panel, bar, text }
    }

    fn result(&self, root: &Element, another: bool) -> ResultPanel {
        let (panel, title) = self.group(root, "result", &self.title_tag(), "title");
        title.set_text_content(Some(&self.locale.say(MessageKey::Success)));
        let sign = self.child(&panel, "span", "sign", "");
        set(&sign, "aria-hidden", "true");
        // Fails only if a node would contain itself.
        let _ = panel.prepend_with_node_1(&sign);
        let thanks = self.child(&panel, "div", "thanks", "");
        set(&panel, "aria-describedby", &self.identify(&thanks, "thanks"));
        let deal = self.child(&panel, "dl", "deal", "");
        if another {
            self.button(&panel, "quiet", MessageKey::Another, ANOTHER);
        }
        ResultPanel { panel, title, thanks, deal }
    }

    /// Creates a button with this action, or a submit button if the action is empty.
    fn button(&self, parent: &Element, name: &str, text: MessageKey, action: &str) -> Element {
        let kind = if action.is_empty() { "submit" } else { "button" };
        let button = make(self.document, "button", &self.locale.say(text));
        let back = if action == BACK { " df-back" } else { "" };
        set(&button, "class", &format!("df-button df-{name}{back}"));
        set(&button, "part", &format!("button {name}-button"));
        set(&button, "type", kind);
        set(&button, ACTION, action);
        append(parent, &[&button]);
        button
    }
}

//! Renders the inputs of a plain form and its submit button.

use deal_contract::definition::Step;
use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::protocol::field::{HONEYPOT, REFERENCE, TOKEN};
use maud::{Markup, html};

use crate::{PlainForm, control};

impl PlainForm<'_> {
    /// Renders all inputs and the submit button.
    pub(crate) fn questions(&self) -> Markup {
        let public = self.public;
        html! {
            (self.hidden_inputs())
            (self.honeypot())
            @if public.steps.is_empty() {
                (self.fields(public.fields.iter().map(|field| field.parameter.as_str())))
            } @else {
                @for (index, step) in public.steps.iter().enumerate() { (self.step(index, step)) }
            }
            div.df-buttons {
                button.df-button.df-submit type="submit" { (self.submit_label()) }
            }
        }
    }

    /// Renders the draft's reference, the token and the hidden values.
    fn hidden_inputs(&self) -> Markup {
        let reference = self.answers.reference.as_deref().map(|reference| (REFERENCE, reference));
        let hidden = self.public.hidden.iter().map(|hidden| hidden.parameter.as_str());
        let hidden = hidden.map(|name| (name, self.answers.value(name)));
        let token = self.answers.token.as_deref().map(|token| (TOKEN, token));
        html! {
            @for (name, value) in reference.into_iter().chain(token).chain(hidden) {
                @if !value.is_empty() {
                    input type="hidden" name=(name) value=(value) autocomplete="off";
                }
            }
        }
    }

    /// Renders the hidden field that only programs fill in: people cannot see it or reach it with
    /// the keyboard.
    fn honeypot(&self) -> Markup {
        html! {
            div hidden {
                label for=(self.id(HONEYPOT)) { (self.localizer.say(PageMessageKey::Trap)) }
                input type="text" id=(self.id(HONEYPOT)) name=(HONEYPOT) tabindex="-1"
                    autocomplete="off";
            } "\n"
        }
    }

    /// Renders a step. All steps are visible, because a page cannot change them without scripts.
    fn step(&self, index: usize, step: &Step) -> Markup {
        let number = index.saturating_add(1);
        let count = self.public.steps.len();
        let (place_id, title_id) =
            (self.id(&format!("df-place-{number}")), self.id(&format!("df-step-{number}")));
        let values = [("step", &*number.to_string()), ("steps", &count.to_string())];
        html! {
            div.df-step role="group" aria-labelledby={ (place_id) " " (title_id) } { "\n"
                div.df-step-head {
                    p.df-step-place id=(place_id) {
                        (self.localizer.fill(MessageKey::StepOf, &values))
                    }
                    // The text above the bar already gives the position to screen readers.
                    div.df-step-bar aria-hidden="true" {
                        @for place in 0..count { i class=[(place <= index).then_some("df-on")] {} }
                    }
                    (self.group_heading(&step.title, Some(&title_id)))
                    @if let Some(when) = &step.show_when { p.df-hint { (self.only_if(when)) } }
                } "\n"
                (self.fields(step.fields.iter().map(String::as_str)))
            } "\n"
        }
    }

    fn fields<'f>(&self, parameters: impl Iterator<Item = &'f str>) -> Markup {
        html! {
            div.df-fields { "\n"
                @for field in parameters.filter_map(|parameter| self.public.field(parameter)) {
                    (control::field(self, field)) "\n"
                }
            } "\n"
        }
    }

    fn submit_label(&self) -> String {
        self.public.submit_label.clone().unwrap_or_else(|| self.localizer.say(MessageKey::Submit))
    }
}

//! Renders the content of a plain form.

use deal_contract::messages::{MessageKey, PageMessageKey};
use deal_contract::protocol::field::{HONEYPOT, REFERENCE, TOKEN};
use maud::{Markup, html};

use crate::{PlainForm, control};

impl PlainForm<'_> {
    /// Renders all inputs and the submit button, each on its own line, so that the HTML is
    /// readable.
    pub fn questions(&self) -> Markup {
        html! {
            (self.hidden_inputs())
            (self.honeypot())
            @if self.public.steps.is_empty() {
                div.fields { "\n"
                    @for field in &self.public.fields { (control::field(self, field)) "\n" }
                } "\n"
            } @else {
                (self.steps())
            }
            button type="submit" { (self.submit_label()) }
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

    /// Renders all steps on one page.
    fn steps(&self) -> Markup {
        html! {
            @for step in &self.public.steps {
                fieldset.step {
                    legend { (step.title) } "\n"
                    @if let Some(when) = &step.show_when { p.hint { (self.only_if(when)) } "\n" }
                    div.fields { "\n"
                        @for field in step.fields.iter().filter_map(|name| self.public.field(name)) {
                            (control::field(self, field)) "\n"
                        }
                    } "\n"
                } "\n"
            }
        }
    }

    fn submit_label(&self) -> String {
        self.public.submit_label.clone().unwrap_or_else(|| self.localizer.say(MessageKey::Submit))
    }
}

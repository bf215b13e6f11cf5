//! One form on one page, from its first field to the CRM's reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use deal_contract::attachments;
use deal_contract::definition::{FieldKind, PublicDefinition};
use deal_contract::reference::{self, Reference};
use leptos::prelude::{Callable, Effect, Get, Set, StoredValue, With, document, on_cleanup};
use leptos::reactive::traits::Dispose;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, File, FormData};

use super::elements::{ACTION, AGAIN, CANCEL, Elements};
use super::events::{Listener, listen};
use super::{FormEvent, Host, show, summary};
use crate::controls::{Control, closest};
use crate::locale::ENGLISH;
use crate::state::{Field, FormState};
use crate::submission::{Attempt, Endpoint};
use crate::transport::failure::Outcome;

/// Numbers the forms of a page, so that no two ids are the same.
static FORMS: AtomicUsize = AtomicUsize::new(0);

/// A form that is filled in. Clones are the same form.
#[derive(Clone)]
struct Session {
    state: Arc<FormState>,
    elements: Elements,
    controls: Vec<Control>,
    attempt: Attempt,
    endpoint: Endpoint,
    host: Host,
}

/// Puts the form into `root`, to live as long as the current reactive owner.
pub(super) fn open(root: &Element, definition: PublicDefinition, endpoint: Endpoint, host: Host) {
    let document = document();
    let elements = Elements::new(&document, root, &definition);
    let state = Arc::new(FormState::new(definition));
    if let Some(entered) = host.entered.and_then(|entered| entered.run(())) {
        take_over(&state, &entered);
    }
    let prefix = format!("df{}", FORMS.fetch_add(1, Ordering::Relaxed));
    let make = |(index, field): (usize, &Field)| {
        let control = Control::new(&document, &prefix, index, &field.definition, &ENGLISH);
        // Fails only where a node would contain itself.
        let _ = elements.fields.append_child(&control.frame);
        control
    };
    let controls = state.fields.iter().enumerate().map(make).collect();
    let attempt = Attempt::default();
    let session = Session { state, elements, controls, attempt, endpoint, host };
    session.follow();
    session.hear(root);
    session.tell(FormEvent::Ready);
    // A form that is taken off the page sends no longer.
    let attempt = StoredValue::new_local(session.attempt);
    on_cleanup(move || attempt.dispose());
}

impl Session {
    /// Effects: each field follows its answer, the panels follow the phase, the summary follows
    /// all answers.
    fn follow(&self) {
        for index in 0..self.controls.len() {
            let Self { state, controls, .. } = self.clone();
            Effect::new(move |_| {
                if let (Some(field), Some(control)) = (state.fields.get(index), controls.get(index))
                {
                    let problems = field.shown();
                    field.answer.with(|answer| {
                        control.show(&field.definition, answer, &problems, &ENGLISH);
                    });
                }
            });
        }
        let Self { state, elements, .. } = self.clone();
        Effect::new(move |_| {
            state.phase.with(|phase| show::phase(&document(), &elements, phase));
        });
        let Self { state, elements, .. } = self.clone();
        Effect::new(move |_| {
            let open = state.summary.get();
            let problems = if open { summary::problems(&state) } else { Vec::new() };
            summary::fill(&document(), &elements.summary_list, &problems);
            if elements.summary.show(!problems.is_empty()) {
                elements.summary.focus();
            }
        });
    }

    fn hear(&self, root: &Element) {
        let listener = Listener { state: Arc::clone(&self.state), controls: self.controls.clone() };
        let session = self.clone();
        listen(root, Listener::EVENTS, move |event| {
            match event.type_().as_str() {
                "submit" => {
                    event.prevent_default();
                    session.submit();
                }
                "click" => session.act(event),
                _ => {}
            }
            listener.hear(event);
        });
    }

    /// What the buttons and links of the form itself do.
    fn act(&self, event: &Event) {
        if let Some((_, action)) = closest(event.target(), ACTION) {
            match action.as_str() {
                CANCEL => self.attempt.cancel(&self.state),
                AGAIN => self.start_anew(),
                _ => {}
            }
        } else if let Some((_, index)) = closest(event.target(), summary::GO_TO) {
            event.prevent_default();
            let index = index.parse().ok();
            if let Some(control) = index.and_then(|index: usize| self.controls.get(index)) {
                control.focus();
            }
        }
    }

    /// Sends the form, or shows why it cannot be sent yet.
    fn submit(&self) {
        if self.state.is_sending() {
            return;
        }
        for field in &self.state.fields {
            field.leave();
        }
        if !self.state.check().is_empty() {
            self.state.summary.set(true);
            // Open already, it would not take the focus by itself.
            self.elements.summary.focus();
            return;
        }
        self.state.summary.set(false);
        let session = self.clone();
        self.attempt.start(&self.state, &self.endpoint, move |outcome| {
            session.tell(match outcome {
                Outcome::Arrived(deal) => FormEvent::Success(deal.clone()),
                Outcome::Failed(failure) => FormEvent::Error(failure.code()),
            });
        });
    }

    fn start_anew(&self) {
        self.state.start_anew();
        let definition = &self.state.definition;
        let label = definition.submit_label.as_deref().unwrap_or(ENGLISH.submit);
        self.elements.submit.set_text_content(Some(label));
        // Shown at once, or its first field could not take the focus.
        show::phase(&document(), &self.elements, &crate::submission::Phase::Editing);
        if let Some(first) = self.controls.first() {
            first.focus();
        }
    }

    fn tell(&self, event: FormEvent) {
        if let Some(on_event) = &self.host.on_event {
            on_event.run(event);
        }
    }
}

/// Takes over what was entered in the plain form: texts, files, and the draft's reference.
fn take_over(state: &FormState, entered: &FormData) {
    let text = |name: &str| entered.get(name).as_string().filter(|text| !text.is_empty());
    if let Some(reference) = text(reference::PARAMETER)
        && reference.parse::<Reference>().is_ok()
    {
        state.reference.set(reference);
    }
    for field in &state.fields {
        if field.definition.kind == FieldKind::Attachments {
            let files = entered.get_all(attachments::PART);
            let files = files.iter().filter_map(|file| file.dyn_into::<File>().ok());
            // An empty file input counts as one file without a name.
            let mut files = files.filter(|file| !file.name().is_empty()).peekable();
            if files.peek().is_some() {
                field.add_files(files);
            }
        } else if let Some(text) = text(&field.definition.parameter) {
            field.write(text);
        }
    }
}

//! One form on one page, from its first field to the CRM's reply.

use std::cell::Cell;
use std::rc::Rc;

use deal_contract::attachments;
use deal_contract::definition::{FieldKind, PublicDefinition};
use deal_contract::reference::{self, Reference};
use leptos::prelude::{
    Callable, Effect, Get, GetUntracked, Set, StoredValue, WithValue, document, on_cleanup, window,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, File, FormData};

use super::elements::{ACTION, AGAIN, CANCEL, Elements};
use super::events::{Listener, listen};
use super::{FormEvent, Host, show, summary};
use crate::controls::{Control, append, closest};
use crate::draft::{Draft, DraftStore, new_reference};
use crate::locale::ENGLISH;
use crate::state::{Field, FormState};
use crate::submission::{Attempt, Endpoint, Phase, Progress};
use crate::transport::failure::Outcome;

thread_local! {
    /// Numbers the forms of a page, so that no two ids are the same.
    static FORMS: Cell<usize> = const { Cell::new(0) };
}

/// A form that is filled in.
pub(super) struct Session {
    state: Rc<FormState>,
    elements: Elements,
    controls: Rc<[Control]>,
    attempt: Attempt,
    endpoint: Endpoint,
    drafts: Option<DraftStore>,
    host: Host,
}

/// Puts the form into `root`, to live as long as the current reactive owner.
pub(super) fn open(root: &Element, definition: PublicDefinition, endpoint: Endpoint, host: Host) {
    let document = document();
    let number = FORMS.get();
    FORMS.set(number.wrapping_add(1));
    let prefix = format!("df{number}");
    let elements = Elements::new(&document, root, &prefix, &definition);
    let state = Rc::new(FormState::new(definition, new_reference()));
    let drafts = host.keep_draft.then(|| DraftStore::open(&endpoint.url)).flatten();
    let kept = drafts.as_ref().and_then(DraftStore::load);
    if let Some(kept) = &kept {
        // A question that the form no longer asks is forgotten.
        let _ = state.write(&kept.texts);
    }
    // What was typed just now goes before what was typed then; the draft is the same.
    if let Some(entered) = host.entered.and_then(|entered| entered.run(())) {
        take_over(&state, &entered);
    }
    if let Some(kept) = kept {
        state.reference.set(kept.reference);
    }
    let make = |(index, field): (usize, &Field)| {
        let control = Control::new(&document, &prefix, index, &field.definition, &ENGLISH);
        append(&elements.fields, &[&control.frame]);
        control
    };
    let controls = state.fields.iter().enumerate().map(make).collect();
    let attempt = Attempt::new();
    // A form that is taken off the page sends no longer.
    let leaving = StoredValue::new_local(attempt.clone());
    on_cleanup(move || leaving.with_value(Attempt::abort));
    let session = Rc::new(Session { state, elements, controls, attempt, endpoint, drafts, host });
    session.follow();
    session.keep();
    session.hear(root);
    if let Some(handle) = &session.host.handle {
        handle.attach(&session);
    }
    session.tell(FormEvent::Ready);
}

impl Session {
    /// Effects: each field follows its answer, the panels follow the phase, the summary follows
    /// all answers.
    fn follow(self: &Rc<Self>) {
        for (index, control) in self.controls.iter().cloned().enumerate() {
            let state = Rc::clone(&self.state);
            Effect::new(move |_| {
                if let Some(field) = state.fields.get(index) {
                    // A copy: what is redrawn may lose the focus, and hearing of that writes.
                    let (answer, problems) = (field.answer.get(), field.shown());
                    control.show(&field.definition, &answer, &problems, &ENGLISH);
                }
            });
        }
        let session = Rc::clone(self);
        // A copy: a page that hears of it may write it.
        Effect::new(move |_| session.show(&session.attempt.phase.get()));
        let session = Rc::clone(self);
        Effect::new(move |before: Option<Vec<(usize, String)>>| {
            let Self { state, elements, .. } = &*session;
            let problems = if state.summary.get() { summary::problems(state) } else { Vec::new() };
            // Redrawn only when it says something else: a link may be pressed just now.
            if before.as_ref() != Some(&problems) {
                summary::fill(&document(), &elements.summary_list, &problems);
            }
            if elements.summary.show(!problems.is_empty()) {
                elements.summary.focus();
            }
            // All mended, it closes until the next Submit: opened by a keystroke, it would take
            // the focus from the field.
            if problems.is_empty() && state.summary.get_untracked() {
                state.summary.set(false);
            }
            problems
        });
    }

    /// Keeps the draft as it is typed.
    fn keep(self: &Rc<Self>) {
        let session = Rc::clone(self);
        Effect::new(move |_| {
            let texts = session.state.typed();
            let reference = session.state.reference.get();
            if let Some(drafts) = &session.drafts {
                drafts.save(&Draft { reference, texts });
            }
        });
    }

    fn show(&self, phase: &Phase) {
        show::phase(&document(), &self.elements, &self.state.definition, phase);
        if let Phase::Sending(Progress::Upload { sent, total }) = *phase
            && total > 0
        {
            self.tell(FormEvent::Progress { sent, total });
        }
    }

    fn hear(self: &Rc<Self>, root: &Element) {
        let listener = Listener {
            state: Rc::clone(&self.state),
            controls: Rc::clone(&self.controls),
            attempt: self.attempt.clone(),
            root: root.clone(),
            press: Rc::default(),
        };
        let released = listener.clone();
        listen(window().into(), Listener::RELEASES, move |_| released.release());
        let session = Rc::clone(self);
        listen(root.clone().into(), Listener::EVENTS, move |event| {
            match event.type_().as_str() {
                "submit" => {
                    event.prevent_default();
                    session.submit();
                }
                "click" => session.act(event),
                _ => {}
            }
            if let Some(field) = listener.hear(event) {
                session.tell(FormEvent::Change(field.definition.parameter.clone()));
            }
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

    /// Sends the form, or shows why it cannot be sent yet. Pressed while a request is under way,
    /// the button does nothing: one request at a time.
    pub(super) fn submit(self: &Rc<Self>) {
        if self.attempt.is_sending() {
            return;
        }
        for field in &self.state.fields {
            field.leave();
            field.forget_told();
        }
        let problems = self.state.check();
        if !problems.is_empty() {
            self.tell(FormEvent::Invalid(problems));
            self.attempt.phase.set(Phase::Editing);
            self.state.summary.set(true);
            // Open already, it would not take the focus by itself.
            self.elements.summary.focus();
            return;
        }
        self.state.summary.set(false);
        let agreed = self.host.before_send.and_then(|ask| ask.try_run(()));
        if agreed == Some(false) {
            return;
        }
        let session = Rc::clone(self);
        self.attempt.start(&self.state, &self.endpoint, move |outcome| {
            if let (Outcome::Arrived(_), Some(drafts)) = (outcome, &session.drafts) {
                drafts.forget();
            }
            session.tell(match outcome {
                Outcome::Arrived(deal) => FormEvent::Success(deal.clone()),
                Outcome::Failed(failure) => FormEvent::Error(failure.code()),
            });
        });
    }

    /// Whether nothing is wrong with the answers.
    pub(super) fn is_valid(&self) -> bool {
        self.state.check().is_empty()
    }

    /// Writes answers, and gives the names that the form does not ask for.
    pub(super) fn prefill<'v>(&self, values: &'v [(String, String)]) -> Vec<&'v str> {
        self.state.write(values)
    }

    /// Stops what is under way and begins a new draft.
    pub(super) fn reset(&self) {
        self.attempt.abort();
        self.state.start_anew(new_reference());
        self.attempt.phase.set(Phase::Editing);
    }

    fn start_anew(&self) {
        self.reset();
        // Shown at once, or its first field could not take the focus.
        self.show(&Phase::Editing);
        if let Some(first) = self.controls.first() {
            first.focus();
        }
    }

    fn tell(&self, event: FormEvent) {
        if let Some(on_event) = &self.host.on_event {
            // Gone with its owner when the page took the form off.
            let _ = on_event.try_run(event);
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
            // A ticked box without a value of its own is sent as `on`.
            let ticked = field.definition.kind == FieldKind::Flag && text == "on";
            field.write(if ticked { field.definition.yes().to_string() } else { text });
        }
    }
}

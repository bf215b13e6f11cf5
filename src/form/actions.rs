//! Handles a form's buttons and the calls from its page: next step, submit, start over.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use deal_contract::messages::MessageKey;
use deal_contract::problem::Problem;
use wasm_bindgen::JsCast;
use web_sys::{Event, UiEvent};

use super::elements::{ACTION, ANOTHER, BACK, CANCEL, SEND_REST, START_OVER, UNDO};
use super::submitter::Submitter;
use super::view::View;
use super::{FormEvent, Host, summary};
use crate::browser::{Timer, later, log_warning};
use crate::clock::today;
use crate::controls::closest;
use crate::draft::OpenDraft;
use crate::state::{Field, FormState};
use crate::submission::{Origin, Phase};

/// How long Submit waits before it checks again whether added files are prepared.
const SOON: Duration = Duration::from_millis(50);

/// How long *Start over* can be undone.
const UNDO_TIME: Duration = Duration::from_secs(10);

/// Handles a form's buttons and the calls from its page.
pub(super) struct Actions {
    state: Rc<FormState>,
    view: Rc<View>,
    submitter: Rc<Submitter>,
    host: Rc<Host>,
    /// The number of file selections, drops and pastes whose files are still being prepared.
    pending_files: Rc<Cell<usize>>,
    /// The timer after which Submit checks again whether the files are prepared.
    waiting: RefCell<Option<Timer>>,
    /// The draft that *Start over* has ended, and the timer after which it cannot be restored.
    undo: RefCell<Option<(OpenDraft, Option<Timer>)>>,
}

impl Actions {
    pub(super) fn new(
        state: Rc<FormState>,
        view: Rc<View>,
        submitter: Rc<Submitter>,
        host: Rc<Host>,
        pending_files: Rc<Cell<usize>>,
    ) -> Self {
        let (waiting, undo) = (RefCell::default(), RefCell::default());
        Self { state, view, submitter, host, pending_files, waiting, undo }
    }

    /// Handles a click on the form's own buttons and links.
    pub(super) fn click(self: &Rc<Self>, event: &Event) {
        if let Some((_, action)) = closest(event.target(), ACTION) {
            match action.as_str() {
                CANCEL if self.submitter.cancel_retry() => self.view.focus_failure(),
                CANCEL => self.submitter.cancel(),
                BACK => {
                    if let Some(step) = self.state.position().previous {
                        self.go_to_step(step);
                    }
                }
                ANOTHER => self.start_over(),
                START_OVER => self.start_over_with_undo(),
                // The second click of a double click on *Start over* is not meant for *Undo*.
                UNDO if event.unchecked_ref::<UiEvent>().detail() < 2 => self.undo(),
                SEND_REST => {
                    self.state.fields.iter().for_each(Field::remove_lost_files);
                    self.state.notify_edited();
                    self.submit();
                }
                _ => {}
            }
        } else if let Some((_, index)) = closest(event.target(), summary::GO_TO) {
            event.prevent_default();
            if let Some((control, index)) = index
                .parse()
                .ok()
                .and_then(|index: usize| Some((self.view.controls().get(index)?, index)))
            {
                self.state.steps.current.set(self.state.steps.of_field(index));
                // Render first: a hidden field cannot take the focus.
                self.view.render_step();
                control.focus();
            }
        }
    }

    fn go_to_step(&self, step: usize) {
        self.state.summary.set(Vec::new());
        self.submitter.edit();
        self.state.steps.current.set(step);
        self.view.render_step();
        self.view.focus_step();
    }

    /// Goes to the next step or sends the form. Shows the problems instead if there are any. Does
    /// nothing while a request is running.
    pub(super) fn submit(self: &Rc<Self>) {
        if self.submitter.is_sending() {
            return;
        }
        if self.pending_files.get() > 0 {
            // The visitor added these files before pressing the button, so wait for them.
            let actions = Rc::downgrade(self);
            let submit = move || actions.upgrade().iter().for_each(Self::submit);
            *self.waiting.borrow_mut() = later(SOON, submit);
            return;
        }
        let state = &self.state;
        let position = state.position();
        // Later steps are not checked yet.
        let indices = 0..state.fields.len();
        let indices = indices.filter(|&index| state.steps.of_field(index) <= position.step);
        let indices: Vec<usize> = indices.collect();
        state.submit(&indices, today());
        let is_checked = |problem: &Problem| {
            let parameter = |&index: &usize| Some(&state.fields.get(index)?.question().parameter);
            indices.iter().filter_map(parameter).any(|name| *name == problem.field)
        };
        let mut problems = state.check(today());
        problems.retain(|problem| position.next.is_none() || is_checked(problem));
        if !problems.is_empty() {
            (self.host.on_event)(FormEvent::Invalid(problems));
            self.submitter.edit();
            state.summary.set(state.problems());
            // Render first: a hidden summary cannot take the focus.
            self.view.render_summary();
            self.view.focus_summary();
        } else if let Some(step) = position.next {
            self.go_to_step(step);
        } else {
            state.summary.set(Vec::new());
            if (self.host.before_send)() {
                self.submitter.submit();
            }
        }
    }

    /// Returns whether the form has no problems.
    pub(super) fn is_valid(&self) -> bool {
        self.state.check(today()).is_empty()
    }

    /// Writes answers, and warns of names that the form does not know.
    pub(super) fn prefill(&self, values: &[(String, String)]) {
        prefill(&self.state, values);
    }

    /// Stops the current attempt and begins a new, empty draft.
    pub(super) fn reset(&self) {
        self.submitter.reset();
        self.view.hide_note();
    }

    fn start_over(&self) {
        self.reset();
        // Render first: a hidden field cannot take the focus.
        self.view.render_phase(&Phase::Editing, Origin::Visitor);
        self.view.render_step();
        self.view.focus_first_field();
    }

    /// Empties the form, and lets the visitor undo this for ten seconds.
    fn start_over_with_undo(self: &Rc<Self>) {
        let draft = self.submitter.hand_over();
        self.start_over();
        let Some(draft) = draft else { return };
        self.view.show_note(MessageKey::StartedOver, MessageKey::Undo, UNDO);
        let actions = Rc::downgrade(self);
        let end = move || {
            let Some(actions) = actions.upgrade() else { return };
            actions.undo.take();
            actions.view.end_note();
        };
        *self.undo.borrow_mut() = Some((draft, later(UNDO_TIME, end)));
    }

    fn undo(&self) {
        if let Some((draft, _)) = self.undo.take() {
            self.submitter.restore(draft);
            self.view.render_step();
            self.view.show_restored();
            self.view.focus_first_field();
        }
    }

    /// Returns the draft for another rendering of this form. Returns `None` if the submission has
    /// arrived.
    #[cfg(feature = "component")]
    pub(super) fn hand_over(&self) -> Option<OpenDraft> {
        self.submitter.hand_over()
    }

    /// Stops everything and closes the draft, because the form is removed.
    pub(super) fn close(&self) {
        self.submitter.close();
        self.waiting.take();
        self.undo.take();
    }
}

/// Writes answers, and warns of names that the form does not know.
pub(super) fn prefill(state: &FormState, values: &[(String, String)]) {
    let read = |(name, text): &(String, String)| {
        let text = match state.definition.field(name) {
            Some(question) => state.locale.read_given(question, text),
            None => text.clone(),
        };
        (name.clone(), text)
    };
    let values: Vec<_> = values.iter().map(read).collect();
    for name in state.write(&values) {
        log_warning(&format!("this form does not ask for {name}"));
    }
}

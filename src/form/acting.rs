//! What a form does when its visitor or its page asks for it: the next step, sending, a new draft.

use std::rc::Rc;
use std::time::Duration;

use reactive_graph::traits::Notify;
use web_sys::Event;

use super::elements::{ACTION, AGAIN, BACK, CANCEL, SEND_REST, START_OVER};
use super::session::{Session, warn_of_unknown};
use super::{FormEvent, summary};
use crate::browser::later;
use crate::clock::today;
use crate::controls::closest;
use crate::draft::{new_draft, release};
use crate::state::Field;
use crate::submission::{Failure, Handlers, Outcome, Phase};

/// How soon it is looked again whether a picture is made.
const SOON: Duration = Duration::from_millis(50);

/// How many times one press of the button sends again because the proxy knows the draft in a
/// different state. Once is enough unless another page keeps changing it.
const REALIGNMENTS: u32 = 3;

impl Session {
    /// What the buttons and links of the form itself do.
    pub(super) fn act(self: &Rc<Self>, event: &Event) {
        if let Some((_, action)) = closest(event.target(), ACTION) {
            match action.as_str() {
                CANCEL if self.retrying.is_waiting() => {
                    self.stop_retrying();
                    self.elements.failure.focus();
                }
                CANCEL => {
                    if let Some(failure) = self.attempt.cancel(&self.state) {
                        self.tell(FormEvent::Error(failure.code()));
                    }
                }
                BACK => {
                    if let Some(step) = self.state.place().before {
                        self.go_to_step(step);
                    }
                }
                AGAIN | START_OVER => self.start_anew(),
                SEND_REST => {
                    self.state.fields.iter().for_each(Field::remove_lost_files);
                    self.state.edited.notify();
                    self.submit();
                }
                _ => {}
            }
        } else if let Some((_, index)) = closest(event.target(), summary::GO_TO) {
            event.prevent_default();
            if let Some((control, index)) =
                index.parse().ok().and_then(|index: usize| Some((self.controls.get(index)?, index)))
            {
                self.state.steps.current.set(self.state.steps.of_field(index));
                // Shown at once, or it could not take the focus.
                self.show_place();
                control.focus();
            }
        }
    }

    fn go_to_step(&self, step: usize) {
        self.state.summary.set(false);
        self.edit();
        self.state.steps.current.set(step);
        self.show_place();
        self.elements.step.focus();
    }

    /// Goes on to the next step, or sends the form; or shows what is wrong. Pressed while a
    /// request is under way, the button does nothing: one request at a time.
    pub(super) fn submit(self: &Rc<Self>) {
        if self.attempt.is_sending() {
            return;
        }
        if self.making.get() > 0 {
            // Pasted before the button was pressed, it goes with the form.
            let session = Rc::downgrade(self);
            let submit = move || session.upgrade().iter().for_each(Self::submit);
            *self.submitting.borrow_mut() = later(SOON, submit);
            return;
        }
        let state = &self.state;
        let place = state.place();
        let mut names = Vec::new();
        for (index, field) in state.fields.iter().enumerate() {
            // What lies ahead is not judged yet.
            if state.steps.of_field(index) <= place.step {
                field.leave(&state.locale);
                field.clear_errors();
                names.push(field.question().parameter.as_str());
            }
        }
        let mut problems = state.check(today());
        problems.retain(|problem| place.after.is_none() || names.contains(&problem.field.as_str()));
        if !problems.is_empty() {
            self.tell(FormEvent::Invalid(problems));
            self.edit();
            state.summary.set(true);
            // Open already, it would not take the focus by itself.
            self.elements.summary.focus();
        } else if let Some(step) = place.after {
            self.go_to_step(step);
        } else {
            state.summary.set(false);
            if self.host.before_send.as_ref().is_none_or(|ask| ask()) {
                self.send_by_hand();
            }
        }
    }

    /// Back to filling in.
    fn edit(&self) {
        self.stop_retrying();
        self.attempt.phase.set(Phase::Editing);
    }

    pub(super) fn send(self: &Rc<Self>) {
        // The reference is kept before anybody else can have it.
        self.sent.set(true);
        self.state.number_request();
        self.save();
        self.elements.restored.show(false);
        // A weak reference: the proof and the answer may never arrive.
        let session = Rc::downgrade(self);
        let done = move |outcome: &Outcome| {
            let Some(session) = session.upgrade() else { return };
            let event = match outcome {
                Outcome::Arrived(deal) => FormEvent::Success(deal.clone()),
                Outcome::Kept(reference) => FormEvent::Kept(reference.clone()),
                Outcome::Failed(failure) => {
                    session.proof.restart();
                    session.try_again_later(failure);
                    return session.tell(FormEvent::Error(failure.code()));
                }
            };
            session.forget();
            session.tell(event);
        };
        let session = Rc::downgrade(self);
        let realign = move |failure: &Failure| {
            session.upgrade().is_some_and(|session| session.realign(failure))
        };
        let handlers = Handlers { realign: Rc::new(realign), done: Rc::new(done) };
        self.attempt.start(&self.state, &self.endpoint, &self.proof, handlers);
    }

    /// Sends again at once if the proxy knows the draft in a different state than this page: what
    /// the visitor wrote has not arrived. Returns false if sending again would not help.
    fn realign(self: &Rc<Self>, failure: &Failure) -> bool {
        let count = self.realigned.get();
        match failure {
            Failure::DraftEnded | Failure::Outdated(_) if count >= REALIGNMENTS => return false,
            Failure::DraftEnded => self.begin_another_draft(),
            Failure::Outdated(newer) => self.state.catch_up(*newer),
            _ => return false,
        }
        self.realigned.set(count + 1);
        self.attempt.abort();
        self.proof.restart();
        self.send();
        true
    }

    pub(super) fn has_arrived(&self) -> bool {
        self.attempt.phase.with_untracked(Phase::is_settled)
    }

    /// Whether nothing is wrong with the answers.
    pub(super) fn is_valid(&self) -> bool {
        self.state.check(today()).is_empty()
    }

    /// Writes answers, and names what the form does not ask for on the console.
    pub(super) fn prefill(&self, values: &[(String, String)]) {
        warn_of_unknown(&self.state.write(values));
    }

    /// Stops what is under way and begins a new draft.
    pub(super) fn reset(self: &Rc<Self>) {
        self.attempt.abort();
        self.forget();
        release(&self.state.reference());
        self.state.start_anew(new_draft());
        self.own();
        self.proof.restart();
        self.elements.restored.show(false);
        self.edit();
    }

    fn start_anew(self: &Rc<Self>) {
        self.reset();
        // Shown at once, or its first field could not take the focus.
        self.show_phase(&Phase::Editing);
        self.show_place();
        if let Some(first) = self.controls.first() {
            first.focus();
        }
    }
}

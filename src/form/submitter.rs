//! Sends the form, and retries after temporary failures.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use deal_contract::reply::Deal;
use reactive_graph::traits::Track;

use super::draft_keeper::DraftKeeper;
use super::events::listen;
use super::retry::{Retry, jitter};
use super::view::View;
use super::{FormEvent, Host};
use crate::browser::{later, window};
use crate::draft::OpenDraft;
use crate::scope::Scope;
use crate::state::{FormState, follow};
use crate::submission::{
    Attempt, Endpoint, Failure, Handlers, Origin, Outcome, Phase, Progress, ProofCollector,
};

/// The maximum number of times that one press of the button sends the form again because the proxy
/// has a different state of the draft. Once is enough, unless another page keeps changing the
/// draft.
const MAX_RESYNCS: u32 = 3;

const SECOND: Duration = Duration::from_secs(1);

/// Sends one form: collects the proofs, makes the attempts and retries. Shows each phase in the
/// view and reports the outcome to the page.
pub(super) struct Submitter {
    state: Rc<FormState>,
    view: Rc<View>,
    drafts: Rc<DraftKeeper>,
    host: Rc<Host>,
    attempt: Attempt,
    endpoint: Endpoint,
    proof: Rc<ProofCollector>,
    retry: Retry,
    /// How many times the form was sent again since the visitor pressed the button, because the
    /// proxy had a different state of the draft.
    resyncs: Cell<u32>,
    /// Who has started the current attempt.
    origin: Cell<Origin>,
}

impl Submitter {
    pub(super) fn new(
        state: Rc<FormState>,
        view: Rc<View>,
        drafts: Rc<DraftKeeper>,
        host: Rc<Host>,
        attempt: Attempt,
        endpoint: Endpoint,
    ) -> Self {
        Self {
            proof: Rc::new(ProofCollector::new(&state.definition, &endpoint.url)),
            state,
            view,
            drafts,
            host,
            attempt,
            endpoint,
            retry: Retry::default(),
            resyncs: Cell::default(),
            origin: Cell::default(),
        }
    }

    /// Renders each phase. Stops a retry and its countdown at each change of the form, so that a
    /// half-edited form is not sent, and retries immediately when the browser is back online.
    pub(super) fn follow(self: &Rc<Self>, scope: &Scope) {
        let submitter = Rc::clone(self);
        follow(scope, move || {
            // Copy the phase, because a listener of the page may change it.
            let phase = submitter.attempt.phase.get();
            submitter.view.render_phase(&phase, submitter.origin.get());
            if let Phase::Sending(Progress::Upload { sent, total, .. }) = phase
                && total > 0
            {
                (submitter.host.on_event)(FormEvent::Progress { sent, total });
            }
        });
        let submitter = Rc::clone(self);
        follow(scope, move || {
            submitter.state.edited.track();
            submitter.stop_retry();
            // The next request replaces the content of a retry that is still running.
            if submitter.is_sending() && submitter.origin.get() == Origin::Retry {
                submitter.attempt.abort();
                submitter.edit();
            }
        });
        let submitter = Rc::clone(self);
        listen(scope, window().into(), &["online"], move |_| {
            if submitter.retry.is_due_online() {
                submitter.send_again();
            }
        });
    }

    pub(super) fn is_sending(&self) -> bool {
        self.attempt.is_sending()
    }

    /// Sends the form at the request of the visitor or the page, with all retries available.
    pub(super) fn submit(self: &Rc<Self>) {
        self.stop_retry();
        self.retry.reset();
        self.resyncs.set(0);
        self.origin.set(Origin::Visitor);
        self.send();
    }

    fn send_again(self: &Rc<Self>) {
        self.retry.stop();
        self.view.end_countdown();
        self.origin.set(Origin::Retry);
        self.send();
    }

    fn send(self: &Rc<Self>) {
        self.drafts.begin_request();
        // A weak reference, because the proof and the response may never arrive.
        let submitter = Rc::downgrade(self);
        let done = move |outcome: &Outcome| {
            submitter.upgrade().iter().for_each(|submitter| submitter.finish(outcome));
        };
        let submitter = Rc::downgrade(self);
        let resync = move |failure: &Failure| {
            submitter.upgrade().is_some_and(|submitter| submitter.resync(failure))
        };
        let handlers = Handlers { resync: Rc::new(resync), done: Rc::new(done) };
        self.attempt.start(&self.state, &self.endpoint, &self.proof, handlers);
    }

    fn finish(self: &Rc<Self>, outcome: &Outcome) {
        self.view.clear_announcements();
        let (event, deal) = match outcome {
            Outcome::Arrived(deal) => (FormEvent::Success(deal.clone()), deal.clone()),
            Outcome::Kept(reference) => {
                (FormEvent::Kept(reference.clone()), Deal::received(reference))
            }
            Outcome::Failed(failure) => {
                self.proof.restart();
                if self.retry.schedule(failure, self.attempt.retry_after(), jitter()) {
                    self.count_down();
                }
                (self.host.on_event)(FormEvent::Error(failure.error()));
                return;
            }
        };
        self.drafts.forget();
        let may_redirect = (self.host.on_event)(event);
        let redirect = self.state.definition.success.redirect.as_ref();
        if let Some(redirect) = redirect.filter(|_| may_redirect) {
            // Close the view first. Otherwise the browser would ask the visitor whether to leave
            // the page.
            self.view.close();
            // Fails only for an address that no browser can open.
            let _ = window().location().assign(&redirect.address(&deal));
        }
    }

    fn count_down(self: &Rc<Self>) {
        let Some(seconds) = self.retry.next_second() else { return self.send_again() };
        self.view.show_countdown(seconds);
        let submitter = Rc::downgrade(self);
        let tick = move || submitter.upgrade().iter().for_each(Self::count_down);
        self.retry.wait(later(SECOND, tick));
    }

    fn stop_retry(&self) {
        self.retry.stop();
        self.view.cancel_countdown();
    }

    /// Sends the form again immediately if the failure means that the proxy has a different state
    /// of the draft, and therefore not this content. Returns false if this would not help.
    fn resync(self: &Rc<Self>, failure: &Failure) -> bool {
        let count = self.resyncs.get();
        match failure {
            Failure::DraftEnded | Failure::Outdated(_) if count >= MAX_RESYNCS => return false,
            Failure::DraftEnded => self.drafts.replace(),
            Failure::Outdated(newer) => self.state.catch_up(*newer),
            _ => return false,
        }
        self.resyncs.set(count + 1);
        self.attempt.abort();
        self.proof.restart();
        self.send();
        true
    }

    /// Stops the countdown. Returns false if it was not running.
    pub(super) fn cancel_retry(&self) -> bool {
        let is_waiting = self.retry.is_waiting();
        if is_waiting {
            self.stop_retry();
        }
        is_waiting
    }

    /// Stops the current attempt, and keeps all answers.
    pub(super) fn cancel(&self) {
        self.origin.set(Origin::Visitor);
        if let Some(failure) = self.attempt.cancel(&self.state) {
            (self.host.on_event)(FormEvent::Error(failure.error()));
        }
    }

    /// Returns to the editing phase.
    pub(super) fn edit(&self) {
        self.stop_retry();
        self.attempt.phase.set(Phase::Editing);
    }

    /// Stops the current attempt and begins a new, empty draft.
    pub(super) fn reset(&self) {
        self.attempt.abort();
        self.drafts.reset();
        self.proof.restart();
        self.edit();
    }

    /// Continues an earlier draft instead of the current one.
    pub(super) fn restore(&self, draft: OpenDraft) {
        self.edit();
        self.drafts.restore(draft);
    }

    /// Returns a copy of the draft. Returns `None` if the submission has arrived.
    pub(super) fn hand_over(&self) -> Option<OpenDraft> {
        self.drafts.hand_over()
    }

    /// Stops everything and closes the draft, because the form is removed.
    pub(super) fn close(&self) {
        self.drafts.close();
        self.stop_retry();
        self.attempt.abort();
        self.view.close();
    }
}

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use deal_contract::protocol::{FieldError, SubmitResponse};

use super::failure::{Failure, Outcome, Sent};
use super::phase::{Phase, Progress};
use super::proof::ProofCollector;
use super::{form_data, status};
use crate::clock::now;
use crate::json::{JsJson, texts};
use crate::state::{FormState, Tracked};
use crate::transport::upload::{RequestEvent, Upload};

/// Where a form is posted, and how long a request may be inactive.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) inactivity_timeout: Duration,
}

/// Where the submission stands, and what is under way, if anything is. Clones share it all.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) phase: Tracked<Phase>,
    request: Rc<RefCell<Option<Upload>>>,
    /// Counts what was begun or stopped: an answer to an earlier question is no news.
    pub(super) turn: Rc<Cell<u32>>,
    /// The seconds that the last answer asked to wait.
    wait: Rc<Cell<Option<u64>>>,
}

/// Who hears how it ends.
#[derive(Clone)]
pub(crate) struct Handlers {
    /// Called first with each failure. Returns true if it has started another attempt instead.
    pub(crate) realign: Rc<dyn Fn(&Failure) -> bool>,
    /// Called with the final outcome.
    pub(crate) done: Rc<dyn Fn(&Outcome)>,
}

impl Attempt {
    pub(crate) fn new() -> Self {
        Self {
            phase: Tracked::new(Phase::Editing),
            request: Rc::default(),
            turn: Rc::default(),
            wait: Rc::default(),
        }
    }

    /// Whether a request is under way.
    pub(crate) fn is_sending(&self) -> bool {
        self.phase.with_untracked(Phase::is_sending)
    }

    /// Whether a request is running whose whole body has been sent.
    pub(super) fn is_whole(&self) -> bool {
        self.phase.with_untracked(Phase::is_whole)
    }

    /// The seconds that the last answer asked to wait.
    pub(crate) fn wait(&self) -> Option<u64> {
        self.wait.get()
    }

    /// Sends the form in its current state, and aborts a request that is still running. If the
    /// answer is lost, it asks the proxy for the status before it reports a failure.
    pub(crate) fn start(
        &self,
        state: &Rc<FormState>,
        endpoint: &Endpoint,
        proof: &Rc<ProofCollector>,
        handlers: Handlers,
    ) {
        let phase = self.phase.clone();
        self.wait.set(None);
        phase.set(Phase::Sending(Progress::Upload { sent: 0, total: 0, left: None }));
        let began = now();
        let sent = Sent::of(state);
        let hear: Rc<dyn Fn(RequestEvent)> = {
            let (attempt, state) = (self.clone(), Rc::clone(state));
            let (sent, handlers) = (sent.clone(), handlers.clone());
            let url = endpoint.url.clone();
            Rc::new(move |heard| {
                let outcome = match heard {
                    RequestEvent::Progress { sent, total } => {
                        let left = seconds_left(sent, total, now().saturating_sub(began));
                        let progress = Progress::Upload { sent, total, left };
                        return phase.set(Phase::Sending(progress));
                    }
                    RequestEvent::Sent => return phase.set(Phase::Sending(Progress::HandingOver)),
                    RequestEvent::Answer { status, body, wait } => {
                        attempt.wait.set(wait);
                        let answer = JsJson::parse(&body);
                        let answer = answer.and_then(|json| SubmitResponse::read(&json));
                        Outcome::read(status, answer, &sent)
                    }
                    RequestEvent::Lost => Outcome::Failed(Failure::Network),
                    RequestEvent::TimedOut => Outcome::Failed(Failure::Timeout),
                };
                if !attempt.may_lack_files(&outcome) {
                    return attempt.settle(&state, &url, outcome, &sent, &handlers);
                }
                let (settling, form, url) = (attempt.clone(), Rc::clone(&state), url.clone());
                let (sent, handlers) = (sent.clone(), handlers.clone());
                attempt.look_for_lost_files(&state, true, move |lost| {
                    settling.settle(&form, &url, lost.unwrap_or(outcome), &sent, &handlers);
                });
            })
        };
        let (attempt, form, endpoint) = (self.clone(), Rc::clone(state), endpoint.clone());
        let proof = Rc::clone(proof);
        self.look_for_lost_files(state, false, move |lost| {
            if let Some(lost) = lost {
                return attempt.settle(&form, &endpoint.url, lost, &sent, &handlers);
            }
            let turn = attempt.turn.get();
            proof.fields(move |fields| match fields {
                _ if attempt.turn.get() != turn => {}
                Some(fields) => attempt.post(&form, &endpoint, &texts(fields), &hear),
                None => hear(RequestEvent::Lost),
            });
        });
    }

    fn post(
        &self,
        state: &FormState,
        endpoint: &Endpoint,
        proof: &[(String, String)],
        hear: &Rc<dyn Fn(RequestEvent)>,
    ) {
        let request = form_data::build(state, proof).and_then(|form| {
            Upload::start(&endpoint.url, &form, endpoint.inactivity_timeout, Rc::clone(hear))
        });
        match request {
            Ok(request) => *self.request.borrow_mut() = Some(request),
            // The browser refuses to begin, as it does for a URL that its policy forbids.
            Err(_) => hear(RequestEvent::Lost),
        }
    }

    /// Ends with the outcome, or with what the proxy says of a submission that left whole and whose
    /// answer was lost.
    pub(super) fn settle(
        &self,
        state: &Rc<FormState>,
        url: &str,
        outcome: Outcome,
        sent: &Sent,
        handlers: &Handlers,
    ) {
        let lost = match &outcome {
            Outcome::Failed(failure) if (handlers.realign)(failure) => return,
            Outcome::Failed(failure) => failure.leaves_open(),
            Outcome::Arrived(_) | Outcome::Kept(_) => false,
        };
        if !lost || !self.is_whole() {
            self.end(state, &outcome);
            return (handlers.done)(&outcome);
        }
        self.abort();
        self.phase.set(Phase::Sending(Progress::Asking));
        let (attempt, state, done) = (self.clone(), Rc::clone(state), Rc::clone(&handlers.done));
        let turn = self.turn.get();
        status::ask(url, sent, move |found| {
            if attempt.turn.get() == turn {
                let outcome = found.unwrap_or(outcome);
                attempt.end(&state, &outcome);
                done(&outcome);
            }
        });
    }

    /// Stops the request under way; everything entered stays. Once the whole body has left, the
    /// deal may exist already, and nobody says otherwise.
    pub(crate) fn cancel(&self, state: &Rc<FormState>) -> Option<Failure> {
        let failure = self.phase.with_untracked(|phase| match phase {
            Phase::Sending(progress) if progress.is_whole() => Some(Failure::Abandoned),
            Phase::Sending(_) => Some(Failure::Cancelled),
            _ => None,
        });
        if let Some(failure) = &failure {
            self.end(state, &Outcome::Failed(failure.clone()));
        }
        failure
    }

    /// Stops what is under way and tells nobody: the form is gone.
    pub(crate) fn abort(&self) {
        self.turn.set(self.turn.get().wrapping_add(1));
        // Taken out first: dropping a request aborts it, which must not find the cell borrowed.
        let request = self.request.borrow_mut().take();
        drop(request);
    }

    fn end(&self, state: &Rc<FormState>, outcome: &Outcome) {
        self.abort();
        if let Outcome::Failed(Failure::Invalid { problems, .. }) = outcome {
            show_at_fields(state, problems);
        }
        self.phase.set(match outcome.clone() {
            Outcome::Arrived(deal) => Phase::Arrived(Box::new(deal)),
            Outcome::Kept(reference) => Phase::Kept(reference),
            Outcome::Failed(failure) => Phase::Failed(failure),
        });
    }
}

impl Sent {
    fn of(state: &FormState) -> Self {
        Self { reference: state.reference(), revision: state.revision() }
    }
}

/// How long the rest takes at the pace so far. The first seconds tell little of it.
fn seconds_left(sent: u64, total: u64, milliseconds: u64) -> Option<u64> {
    let rest = total.saturating_sub(sent);
    let left = rest.saturating_mul(milliseconds).checked_div(sent)?.div_ceil(1_000);
    (milliseconds >= 2_000 && left > 0).then_some(left)
}

/// Shows each error at its field.
fn show_at_fields(state: &FormState, errors: &[FieldError]) {
    for field in &state.fields {
        let errors = errors.iter().filter(|error| error.field == field.question().parameter);
        let errors: Vec<FieldError> = errors.cloned().collect();
        if !errors.is_empty() {
            field.answer.update(|answer| answer.errors = errors);
            state.summary.set(true);
        }
    }
}

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use deal_contract::protocol::SubmitResponse;

use super::failure::{Failure, Outcome, RequestId};
use super::phase::{Phase, Progress};
use super::proof::ProofCollector;
use super::{form_data, status};
use crate::clock::{now, today};
use crate::json::{JsJson, texts};
use crate::locale;
use crate::state::{FormState, Tracked};
use crate::transport::upload::{RequestEvent, Upload};

/// Where a form is posted, and how long a request may be inactive.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) inactivity_timeout: Duration,
}

/// The phase of the submission, and the current request, if any. Clones share both.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) phase: Tracked<Phase>,
    request: Rc<RefCell<Option<Upload>>>,
    /// Increases when a request ends or is stopped, so that its later results are ignored.
    pub(super) generation: Rc<Cell<u32>>,
    /// `Retry-After` of the last response, in seconds.
    retry_after: Rc<Cell<Option<u64>>>,
}

/// The functions to call when an attempt ends.
#[derive(Clone)]
pub(crate) struct Handlers {
    /// Called first with each failure. Returns true if it has started another attempt instead.
    pub(crate) resync: Rc<dyn Fn(&Failure) -> bool>,
    /// Called with the final outcome.
    pub(crate) done: Rc<dyn Fn(&Outcome)>,
}

impl Attempt {
    pub(crate) fn new() -> Self {
        Self {
            phase: Tracked::new(Phase::Editing),
            request: Rc::default(),
            generation: Rc::default(),
            retry_after: Rc::default(),
        }
    }

    /// Returns whether the form is being sent.
    pub(crate) fn is_sending(&self) -> bool {
        self.phase.with_untracked(Phase::is_sending)
    }

    /// Returns whether a request is running and its whole body has been sent.
    pub(super) fn is_body_sent(&self) -> bool {
        self.phase.with_untracked(Phase::is_body_sent)
    }

    /// Returns `Retry-After` of the last response, in seconds, if the response had it.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.retry_after.get()
    }

    /// Sends the form in its current state, and aborts a request that is still running. If the
    /// response is lost, asks the proxy for the status before it reports a failure.
    pub(crate) fn start(
        &self,
        state: &Rc<FormState>,
        endpoint: &Endpoint,
        proof: &Rc<ProofCollector>,
        handlers: Handlers,
    ) {
        let phase = self.phase.clone();
        self.retry_after.set(None);
        phase.set(Phase::Sending(Progress::Upload { sent: 0, total: 0, left: None }));
        let started = now();
        let request = RequestId::of(state);
        let handle: Rc<dyn Fn(RequestEvent)> = {
            let (attempt, state) = (self.clone(), Rc::clone(state));
            let (request, handlers) = (request.clone(), handlers.clone());
            let url = endpoint.url.clone();
            Rc::new(move |event| {
                let outcome = match event {
                    RequestEvent::Progress { sent, total } => {
                        let left = seconds_left(sent, total, now().saturating_sub(started));
                        let progress = Progress::Upload { sent, total, left };
                        return phase.set(Phase::Sending(progress));
                    }
                    RequestEvent::Sent => return phase.set(Phase::Sending(Progress::HandingOver)),
                    RequestEvent::Response { status, body, retry_after } => {
                        attempt.retry_after.set(retry_after);
                        let response = JsJson::parse(&body);
                        let response = response.and_then(|json| SubmitResponse::read(&json));
                        Outcome::read(status, response, &request)
                    }
                    RequestEvent::Lost => Outcome::Failed(Failure::Network),
                    RequestEvent::TimedOut => Outcome::Failed(Failure::Timeout),
                };
                if !attempt.may_have_lost_files(&outcome) {
                    return attempt.finish(&state, &url, outcome, &request, &handlers);
                }
                let (clone, form, url) = (attempt.clone(), Rc::clone(&state), url.clone());
                let (request, handlers) = (request.clone(), handlers.clone());
                attempt.find_lost_files(&state, true, move |lost| {
                    clone.finish(&form, &url, lost.unwrap_or(outcome), &request, &handlers);
                });
            })
        };
        let (attempt, form, endpoint) = (self.clone(), Rc::clone(state), endpoint.clone());
        let proof = Rc::clone(proof);
        self.find_lost_files(state, false, move |lost| {
            if let Some(lost) = lost {
                return attempt.finish(&form, &endpoint.url, lost, &request, &handlers);
            }
            let generation = attempt.generation.get();
            proof.fields(move |fields| match fields {
                _ if attempt.generation.get() != generation => {}
                Some(fields) => attempt.post(&form, &endpoint, &texts(fields), &handle),
                None => handle(RequestEvent::Lost),
            });
        });
    }

    fn post(
        &self,
        state: &FormState,
        endpoint: &Endpoint,
        proof: &[(String, String)],
        handle: &Rc<dyn Fn(RequestEvent)>,
    ) {
        let lang = state.definition.lang.as_deref().and_then(locale::canonical);
        let Endpoint { url, inactivity_timeout } = endpoint;
        let request = form_data::build(state, proof).and_then(|form| {
            Upload::start(url, &form, lang.as_deref(), *inactivity_timeout, Rc::clone(handle))
        });
        match request {
            Ok(request) => *self.request.borrow_mut() = Some(request),
            // The browser refuses to start the request, for example because the page's policy forbids
            // the URL.
            Err(_) => handle(RequestEvent::Lost),
        }
    }

    /// Ends the attempt with this outcome. If the whole body was sent and the response is lost or
    /// unreadable, asks the proxy for the status first.
    pub(super) fn finish(
        &self,
        state: &Rc<FormState>,
        url: &str,
        outcome: Outcome,
        request: &RequestId,
        handlers: &Handlers,
    ) {
        let uncertain = match &outcome {
            Outcome::Failed(failure) if (handlers.resync)(failure) => return,
            Outcome::Failed(failure) => failure.is_uncertain(),
            Outcome::Arrived(_) | Outcome::Kept(_) => false,
        };
        if !uncertain || !self.is_body_sent() {
            self.end(state, &outcome);
            return (handlers.done)(&outcome);
        }
        self.abort();
        self.phase.set(Phase::Sending(Progress::Asking));
        let (attempt, state, done) = (self.clone(), Rc::clone(state), Rc::clone(&handlers.done));
        let generation = self.generation.get();
        status::query(url, request, move |status| {
            if attempt.generation.get() == generation {
                let outcome = status.unwrap_or(outcome);
                attempt.end(&state, &outcome);
                done(&outcome);
            }
        });
    }

    /// Stops the current request, and keeps all answers. Returns `Abandoned` if the whole body has
    /// been sent, because the deal may already exist, and otherwise `Cancelled`. Returns `None` if
    /// no request is running.
    pub(crate) fn cancel(&self, state: &Rc<FormState>) -> Option<Failure> {
        let failure = self.phase.with_untracked(|phase| match phase {
            Phase::Sending(progress) if progress.is_body_sent() => Some(Failure::Abandoned),
            Phase::Sending(_) => Some(Failure::Cancelled),
            _ => None,
        });
        if let Some(failure) = &failure {
            self.end(state, &Outcome::Failed(failure.clone()));
        }
        failure
    }

    /// Stops the current request without an outcome.
    pub(crate) fn abort(&self) {
        self.generation.set(self.generation.get().wrapping_add(1));
        // Take the request out first: dropping it aborts the request, and the cell must not be
        // borrowed during this.
        let request = self.request.borrow_mut().take();
        drop(request);
    }

    fn end(&self, state: &Rc<FormState>, outcome: &Outcome) {
        self.abort();
        if let Outcome::Failed(Failure::Invalid { problems, .. }) = outcome {
            state.show_errors(problems, today());
        }
        self.phase.set(match outcome.clone() {
            Outcome::Arrived(deal) => Phase::Arrived(Box::new(deal)),
            Outcome::Kept(reference) => Phase::Kept(reference),
            Outcome::Failed(failure) => Phase::Failed(failure),
        });
    }
}

impl RequestId {
    fn of(state: &FormState) -> Self {
        Self { reference: state.reference(), revision: state.revision() }
    }
}

/// Returns the seconds that the rest of the upload takes at the current speed. Returns `None`
/// during the first two seconds, while the speed is unclear, and if nothing or everything has been
/// sent.
fn seconds_left(sent: u64, total: u64, milliseconds: u64) -> Option<u64> {
    let rest = total.saturating_sub(sent);
    let left = rest.saturating_mul(milliseconds).checked_div(sent)?.div_ceil(1_000);
    (milliseconds >= 2_000 && left > 0).then_some(left)
}

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::form_data;
use super::phase::{Phase, Progress};
use crate::clock::now;
use crate::state::{FormState, Tracked};
use crate::transport::answer;
use crate::transport::failure::{Failure, Outcome, Told};
use crate::transport::request::{Heard, Request};

/// Where a form is posted, and how long silence is borne.
#[derive(Debug, Clone)]
pub(crate) struct Endpoint {
    pub(crate) url: String,
    pub(crate) silence: Duration,
}

/// Where the submission stands, and the request under way, if there is one. Clones share both.
#[derive(Clone)]
pub(crate) struct Attempt {
    pub(crate) phase: Tracked<Phase>,
    request: Rc<RefCell<Option<Request>>>,
}

impl Attempt {
    pub(crate) fn new() -> Self {
        Self { phase: Tracked::new(Phase::Editing), request: Rc::default() }
    }

    /// Whether a request is under way.
    pub(crate) fn is_sending(&self) -> bool {
        self.phase.with_untracked(Phase::is_sending)
    }

    /// Sends the form as it stands; a request that is still under way is aborted. `done` hears the
    /// end.
    pub(crate) fn start(
        &self,
        state: &Rc<FormState>,
        endpoint: &Endpoint,
        done: impl Fn(&Outcome) + 'static,
    ) {
        let phase = self.phase.clone();
        phase.set(Phase::Sending(Progress::Upload { sent: 0, total: 0, left: None }));
        let began = now();
        let hear: Rc<dyn Fn(Heard)> = {
            let (attempt, state) = (self.clone(), Rc::clone(state));
            Rc::new(move |heard| {
                let outcome = match heard {
                    Heard::Progress { sent, total } => {
                        let left = seconds_left(sent, total, now().saturating_sub(began));
                        let progress = Progress::Upload { sent, total, left };
                        return phase.set(Phase::Sending(progress));
                    }
                    Heard::Sent => return phase.set(Phase::Sending(Progress::HandingOver)),
                    Heard::Answer { status, body } => Outcome::read(status, answer::parse(&body)),
                    Heard::Lost => Outcome::Failed(Failure::Network),
                    Heard::Silent => Outcome::Failed(Failure::Timeout),
                };
                attempt.end(&state, &outcome);
                done(&outcome);
            })
        };
        let request = form_data::build(state).and_then(|form| {
            Request::send(&endpoint.url, &form, endpoint.silence, Rc::clone(&hear))
        });
        match request {
            Ok(request) => *self.request.borrow_mut() = Some(request),
            // The browser refuses to begin, as it does for a URL that its policy forbids.
            Err(_) => hear(Heard::Lost),
        }
    }

    /// Stops the request under way; everything entered stays. Once the whole body has left, the
    /// deal may exist already, and nobody says otherwise.
    pub(crate) fn cancel(&self, state: &Rc<FormState>) {
        let failure = self.phase.with_untracked(|phase| match phase {
            Phase::Sending(Progress::Upload { .. }) => Some(Failure::Cancelled),
            Phase::Sending(Progress::HandingOver) => Some(Failure::Abandoned),
            _ => None,
        });
        if let Some(failure) = failure {
            self.end(state, &Outcome::Failed(failure));
        }
    }

    /// Stops the request under way and tells nobody: the form is gone.
    pub(crate) fn abort(&self) {
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
            Outcome::Failed(failure) => Phase::Failed(failure),
        });
    }
}

/// How long the rest takes at the pace so far. The first seconds tell little of it.
fn seconds_left(sent: u64, total: u64, milliseconds: u64) -> Option<u64> {
    let rest = total.saturating_sub(sent);
    let left = rest.saturating_mul(milliseconds).checked_div(sent)?.div_ceil(1_000);
    (milliseconds >= 2_000 && left > 0).then_some(left)
}

/// Puts what the proxy found to the fields that it is about.
fn show_at_fields(state: &FormState, problems: &[Told]) {
    for field in &state.fields {
        let told = problems.iter().filter(|told| told.field == field.question().parameter);
        let told: Vec<Told> = told.cloned().collect();
        if !told.is_empty() {
            field.answer.update(|answer| answer.told = told);
            state.summary.set(true);
        }
    }
}

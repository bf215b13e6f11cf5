//! One attempt to deliver a submission, and the handling of its result.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use deal_contract::reply::Deal;
use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

use super::backoff::{self, Pace};
use super::circuit_breaker::Cause;
use super::client::CrmClient;
use super::crm_api::CrmError;
use super::metrics::Event;
use super::queue::Shared;
use super::refusal::{Subject, subject};
use super::scheduler::ScheduledDelivery;
use super::send_deadline::SendDeadline;
use super::waiters::AttemptEnd;
use crate::settings::faults;
use crate::store::{Claim, ClaimResult, CrmReply, Delivery, Outcome, RENEWAL_INTERVAL, StoreError};

impl<C: CrmClient> Shared<C> {
    /// Claims a submission, and makes one attempt to deliver it.
    pub(super) async fn attempt(self: Arc<Self>, scheduled: ScheduledDelivery) {
        let requested = Instant::now();
        let end = match self.store.claim(scheduled.ticket).await {
            Ok(ClaimResult::Granted(delivery)) => {
                let deadline = SendDeadline::of_claim(requested);
                let end = self.deliver(&scheduled, &delivery, &deadline).await;
                self.store.finish(&delivery).await;
                end
            }
            // Another proxy delivers the submission, or the content that it replaces. If the submission is still queued
            // after that, a proxy takes it from the store.
            Ok(ClaimResult::Held | ClaimResult::Gone) => {
                self.scheduler().forget(&scheduled.reference);
                AttemptEnd::NotYet
            }
            Err(error) => {
                error!(%error, "cannot claim a submission in the journal");
                self.reschedule(&scheduled, self.rules.retry_longest.0);
                AttemptEnd::NotYet
            }
        };
        self.scheduler().finish(&scheduled.reference);
        self.waiters.notify(scheduled.ticket, &end);
        self.wake.notify_one();
    }

    async fn deliver(
        &self,
        scheduled: &ScheduledDelivery,
        delivery: &Delivery,
        deadline: &SendDeadline,
    ) -> AttemptEnd {
        let started = Instant::now();
        self.metrics.count_attempt(&delivery.form);
        let result = match faults::at("delivery.begin") {
            Ok(()) => tokio::select! {
                result = self.crm.deliver(delivery, deadline) => result,
                never = self.renew_claim(&delivery.claim, deadline) => match never {},
            },
            Err(error) => Err(CrmError::Spool(error)),
        };
        let outcome = self.outcome(delivery, result);
        Self::log(delivery, &outcome, started);
        let stored = self.settle(delivery, &outcome).await;
        self.finish(scheduled, delivery, outcome, stored)
    }

    /// Renews the claim repeatedly during the call.
    async fn renew_claim(&self, claim: &Claim, deadline: &SendDeadline) -> Infallible {
        loop {
            sleep(RENEWAL_INTERVAL).await;
            let requested = Instant::now();
            match self.store.renew(claim).await {
                Ok(true) => deadline.extend(requested),
                // The submission was purged, or another proxy has claimed it. Its result will be ignored.
                Ok(false) => {
                    warn!("the claim on a submission was lost during its delivery");
                    deadline.end();
                }
                Err(error) => error!(%error, "cannot renew the claim on a submission"),
            }
        }
    }

    /// Stores the outcome. Writing a reply is retried until it succeeds or the proxy stops: another call to the CRM
    /// would add notes and files a second time. The same applies to the CRM's request to wait: a correction would
    /// not know it.
    async fn settle(&self, delivery: &Delivery, outcome: &Outcome) -> Result<bool, StoreError> {
        let mut failures = 0;
        loop {
            let stored = match faults::at("delivery.replied") {
                Ok(()) => self.store.settle(delivery, outcome).await,
                Err(error) => Err(StoreError::journal(error)),
            };
            let Err(error) = &stored else { return stored };
            let end = match outcome {
                Outcome::Replied(reply) => AttemptEnd::Replied(reply.clone()),
                Outcome::Retry { deferred: true, .. } => AttemptEnd::NotYet,
                Outcome::Retry { .. } | Outcome::Failed { .. } => return stored,
            };
            error!(%error, "cannot write the CRM's response to the journal");
            // Notify the visitor first, so that the response does not wait for the journal.
            self.waiters.notify(delivery.claim.ticket, &end);
            failures += 1;
            let wait = backoff::wait(&self.rules, Pace::Normal, failures, None, self.rng.next());
            tokio::select! {
                () = sleep(wait) => {}
                () = self.stopped() => return stored,
            }
        }
    }

    /// Determines the outcome from the result of a call. Reports the result to the circuit breaker.
    fn outcome(&self, delivery: &Delivery, result: Result<Deal, CrmError>) -> Outcome {
        let error = match result {
            Ok(deal) => {
                self.record_success();
                return Outcome::Replied(CrmReply::Delivered(deal));
            }
            Err(error) => error,
        };
        let problem = chain(&error);
        let pace = if error.may_have_the_deal() { Pace::Slow } else { Pace::Normal };
        match error {
            CrmError::Refused(message) => match subject(&message) {
                Subject::Deal => {
                    self.record_success();
                    Outcome::Replied(CrmReply::Refused(message))
                }
                Subject::Temporary => {
                    self.retry(delivery, pace, format!("{problem} temporarily"), None)
                }
                Subject::Key if self.record_rejection(delivery) == Cause::Submission => {
                    Outcome::Replied(CrmReply::Refused(message))
                }
                Subject::Key => self.retry_after_probe(
                    "the API key is wrong: the CRM refused the deal because of it".to_owned(),
                ),
            },
            CrmError::Misconfigured(_) if self.record_rejection(delivery) == Cause::Submission => {
                self.retry(delivery, Pace::Slow, problem, None)
            }
            CrmError::Misconfigured(_) => self.retry_after_probe(problem),
            CrmError::Failed(_, retry_after) => self.retry(delivery, pace, problem, retry_after),
            CrmError::FilesGone => Outcome::Failed { problem },
            _ => self.retry(delivery, pace, problem, None),
        }
    }

    /// Records that the CRM accepted or refused a deal. This proves that the address and the key are right.
    fn record_success(&self) {
        if self.scheduler().record_success() {
            info!("the CRM accepts deals again: all deliveries continue");
        }
    }

    /// Records that the CRM rejected this deal as if the address or the key were wrong. Returns the probable cause.
    fn record_rejection(&self, delivery: &Delivery) -> Cause {
        let reference = &delivery.claim.reference;
        let cause = self.scheduler().record_rejection(reference, Instant::now());
        if cause == (Cause::Credentials { opened: true }) {
            error!(
                "the CRM's address or the API key is wrong: correct crm_url or CRM_API_KEY and restart the proxy; until then, the proxy retries one submission \
                 at a time"
            );
        }
        cause
    }

    /// Returns the outcome for a submission that has to wait for a probe. The attempt does not count towards giving up.
    fn retry_after_probe(&self, problem: String) -> Outcome {
        Outcome::Retry { problem, wait: self.rules.probe.0, deferred: false, counts: false }
    }

    /// Returns the outcome of an attempt that did not succeed: another attempt, or a failure if the submission has
    /// waited for too long.
    fn retry(
        &self,
        delivery: &Delivery,
        pace: Pace,
        problem: String,
        retry_after: Option<Duration>,
    ) -> Outcome {
        let attempts = delivery.attempts.saturating_add(1);
        let wait = backoff::wait(&self.rules, pace, attempts, retry_after, self.rng.next());
        if delivery.waited.saturating_add(wait) > self.rules.give_up.0 {
            return Outcome::Failed { problem };
        }
        Outcome::Retry { problem, wait, deferred: retry_after.is_some(), counts: true }
    }

    /// Updates the scheduler and notifies the visitor, even if the outcome could not be stored.
    fn finish(
        &self,
        scheduled: &ScheduledDelivery,
        delivery: &Delivery,
        outcome: Outcome,
        stored: Result<bool, StoreError>,
    ) -> AttemptEnd {
        let counts = stored.as_ref().is_ok_and(|counts| *counts);
        if matches!(stored, Ok(false)) {
            // During the attempt, the content was replaced or purged, or another proxy claimed it. New content could not
            // be delivered until now.
            self.scheduler().forget(&scheduled.reference);
            self.has_unknown_due.store(true, Ordering::SeqCst);
        }
        if counts {
            self.count(&delivery.form, &outcome);
        }
        if let Err(error) = &stored {
            error!(%error, "cannot store the outcome of a delivery in the journal");
            let attempts = delivery.attempts.saturating_add(1);
            let backoff = backoff::wait(&self.rules, Pace::Normal, attempts, None, self.rng.next());
            let wait = match &outcome {
                Outcome::Retry { wait, .. } => backoff.max(*wait),
                _ => backoff,
            };
            self.reschedule(scheduled, wait);
        }
        match outcome {
            Outcome::Replied(reply) => {
                self.scheduler().forget(&scheduled.reference);
                let is_refused = matches!(reply, CrmReply::Refused(_));
                let end = AttemptEnd::Replied(reply);
                let is_seen = self.waiters.notify(scheduled.ticket, &end);
                if counts && is_refused {
                    self.count_kept(&delivery.answers);
                }
                if counts && is_refused && !is_seen {
                    error!(
                        form = delivery.form,
                        "the CRM refused a submission, and its visitor does not know about the refusal: \
                         `deal-proxy submissions show --content` prints the CRM's message, \
                         `submissions retry` sends the submission again"
                    );
                }
                end
            }
            Outcome::Retry { wait, deferred, .. } => {
                if deferred && !counts {
                    let until = Instant::now() + wait;
                    self.scheduler().defer_until(&scheduled.reference, until);
                }
                if counts {
                    self.reschedule(scheduled, wait);
                }
                AttemptEnd::NotYet
            }
            Outcome::Failed { problem } => {
                self.scheduler().forget(&scheduled.reference);
                if counts {
                    self.count_kept(&delivery.answers);
                    error!(
                        form = delivery.form,
                        problem,
                        "the submission has failed: `deal-proxy submissions retry` sends it again"
                    );
                }
                AttemptEnd::NotYet
            }
        }
    }

    fn count(&self, form: &str, outcome: &Outcome) {
        let event = match outcome {
            Outcome::Replied(CrmReply::Delivered(_)) => Event::Delivered,
            Outcome::Replied(CrmReply::Refused(_)) => Event::Refused,
            Outcome::Failed { .. } => Event::Failed,
            Outcome::Retry { .. } => return,
        };
        self.metrics.count(form, event);
    }

    fn reschedule(&self, scheduled: &ScheduledDelivery, wait: Duration) {
        self.scheduler().add_again(scheduled.clone(), Instant::now() + wait);
    }

    fn log(delivery: &Delivery, outcome: &Outcome, started: Instant) {
        let (form, attempt) = (&*delivery.form, delivery.attempts.saturating_add(1));
        let ms = started.elapsed().as_millis();
        match outcome {
            Outcome::Replied(CrmReply::Delivered(_)) => info!(form, attempt, ms, "delivered"),
            Outcome::Replied(CrmReply::Refused(_)) => {
                warn!(form, attempt, ms, "the CRM refused the deal; the proxy does not retry");
            }
            Outcome::Retry { problem, wait, .. } => {
                let seconds = wait.as_secs();
                warn!(form, attempt, ms, problem, seconds, "not delivered; the proxy will retry");
            }
            Outcome::Failed { problem } => {
                warn!(form, attempt, ms, problem, "not delivered; the proxy gives up");
            }
        }
    }
}

/// Formats an error with its causes. None of them contains a visitor's answers.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

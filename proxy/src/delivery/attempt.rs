//! One attempt to deliver a submission, and what follows from its end.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::reply::Deal;
use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

use super::backoff::{self, Pace};
use super::circuit_breaker::Cause;
use super::client::CrmClient;
use super::crm_api::CrmError;
use super::queue::Shared;
use super::refusal::{Subject, subject};
use super::scheduler::ScheduledDelivery;
use super::waiters::AttemptEnd;
use crate::settings::faults;
use crate::store::{Claim, ClaimResult, CrmReply, Delivery, LEASE, Outcome, StoreError};

impl<C: CrmClient> Shared<C> {
    /// Makes one attempt.
    pub(super) async fn attempt(self: Arc<Self>, scheduled: ScheduledDelivery) {
        let end = match self.store.claim(scheduled.ticket).await {
            Ok(ClaimResult::Granted(delivery)) => {
                let end = self.deliver(&scheduled, &delivery).await;
                self.store.finish(&delivery).await;
                end
            }
            Ok(ClaimResult::Held(time)) => {
                self.try_again(&scheduled, time.min(LEASE));
                AttemptEnd::NotYet
            }
            Ok(ClaimResult::Gone) => {
                self.scheduler().forget(&scheduled.reference);
                AttemptEnd::NotYet
            }
            Err(error) => {
                error!(%error, "cannot claim a submission in the journal");
                self.try_again(&scheduled, self.rules.retry_longest.0);
                AttemptEnd::NotYet
            }
        };
        self.scheduler().finish(&scheduled.reference);
        self.waiters.notify(scheduled.ticket, &end);
        self.wake.notify_one();
    }

    async fn deliver(&self, scheduled: &ScheduledDelivery, delivery: &Delivery) -> AttemptEnd {
        let begun = Instant::now();
        let result = match faults::at("delivery.begin") {
            Ok(()) => tokio::select! {
                result = self.crm.deliver(delivery) => result,
                never = self.keep_claim(&delivery.claim) => match never {},
            },
            Err(error) => Err(CrmError::Spool(error)),
        };
        Self::log(delivery, &result, begun);
        let outcome = self.judge(delivery, result);
        let stored = self.settle(delivery, &outcome).await;
        self.conclude(scheduled, delivery, outcome, stored)
    }

    /// Renews the claim for as long as the CRM takes.
    async fn keep_claim(&self, claim: &Claim) -> Infallible {
        loop {
            sleep(LEASE / 3).await;
            match self.store.renew(claim).await {
                Ok(true) => {}
                // The content was replaced, purged or claimed by another proxy. The CRM has been called, so the call
                // continues; its result will not count.
                Ok(false) => warn!("the claim on a submission was lost during its delivery"),
                Err(error) => error!(%error, "cannot renew the claim on a submission"),
            }
        }
    }

    /// Stores the outcome. An reply is written until that succeeds: if the CRM were asked again, it would add notes and
    /// files a second time.
    async fn settle(&self, delivery: &Delivery, outcome: &Outcome) -> Result<bool, StoreError> {
        let mut failures = 0;
        loop {
            let stored = match faults::at("delivery.replied") {
                Ok(()) => self.store.settle(delivery, outcome).await,
                Err(error) => Err(StoreError::journal(error)),
            };
            let (Err(error), Outcome::Replied(reply)) = (&stored, outcome) else {
                return stored;
            };
            error!(%error, "cannot write the CRM's reply to the journal");
            // The visitor need not wait for that.
            self.waiters.notify(delivery.claim.ticket, &AttemptEnd::Replied(reply.clone()));
            failures += 1;
            let wait = backoff::wait(&self.rules, Pace::Usual, failures, None, self.rng.next());
            tokio::select! {
                () = sleep(wait) => {}
                () = self.stopped() => return stored,
            }
        }
    }

    /// The outcome of a call.
    fn judge(&self, delivery: &Delivery, result: Result<Deal, CrmError>) -> Outcome {
        let error = match result {
            Ok(deal) => {
                self.record_success();
                return Outcome::Replied(CrmReply::Delivered(deal));
            }
            Err(error) => error,
        };
        let problem = chain(&error);
        let pace = if error.may_have_the_deal() { Pace::Seldom } else { Pace::Usual };
        match error {
            CrmError::Refused(words) => match subject(&words) {
                Subject::Deal => {
                    self.record_success();
                    Outcome::Replied(CrmReply::Refused(words))
                }
                Subject::Temporary => {
                    self.later(delivery, pace, format!("{problem} for now"), None)
                }
                Subject::Key if self.is_to_blame(delivery) => {
                    Outcome::Replied(CrmReply::Refused(words))
                }
                Subject::Key => self.after_probe(format!("{problem}, and spoke of the key")),
            },
            CrmError::Misconfigured(_) if self.is_to_blame(delivery) => {
                self.later(delivery, Pace::Seldom, problem, None)
            }
            CrmError::Misconfigured(_) => self.after_probe(problem),
            CrmError::Failed(_, asked) => self.later(delivery, pace, problem, asked),
            CrmError::FilesGone => Outcome::Failed { problem },
            _ => self.later(delivery, pace, problem, None),
        }
    }

    /// The CRM has judged a deal: address and key are right.
    fn record_success(&self) {
        if self.scheduler().record_success() {
            info!("the CRM takes deals again: all deliveries go on");
        }
    }

    /// The CRM rejected this deal because of address or key. Returns whether the deal itself is the cause.
    fn is_to_blame(&self, delivery: &Delivery) -> bool {
        let reference = &delivery.claim.reference;
        let cause = self.scheduler().record_rejection(reference, Instant::now());
        if matches!(cause, Cause::Credentials { is_news: true }) {
            error!(
                "the CRM says that address or key are wrong: correct crm_url or CRM_API_KEY and \
                 start again; until then one submission is tried from time to time"
            );
        }
        cause == Cause::Submission
    }

    /// The submission waits for a probe, and the attempt does not count.
    fn after_probe(&self, problem: String) -> Outcome {
        Outcome::Retry { problem, wait: self.rules.probe.0, asked: false, counts: false }
    }

    /// The submission waits, or is set aside if it has waited for too long.
    fn later(
        &self,
        delivery: &Delivery,
        pace: Pace,
        problem: String,
        asked: Option<Duration>,
    ) -> Outcome {
        let attempts = delivery.attempts.saturating_add(1);
        let wait = backoff::wait(&self.rules, pace, attempts, asked, self.rng.next());
        if delivery.waited.saturating_add(wait) > self.rules.give_up.0 {
            return Outcome::Failed { problem };
        }
        if asked.is_some() {
            self.scheduler().defer_until(&delivery.claim.reference, Instant::now() + wait);
        }
        Outcome::Retry { problem, wait, asked: asked.is_some(), counts: true }
    }

    /// Does what follows from the outcome, whether it could be stored or not.
    fn conclude(
        &self,
        scheduled: &ScheduledDelivery,
        delivery: &Delivery,
        outcome: Outcome,
        stored: Result<bool, StoreError>,
    ) -> AttemptEnd {
        let counts = stored.as_ref().is_ok_and(|counts| *counts);
        if matches!(stored, Ok(false)) {
            // The content was replaced or purged during the attempt.
            self.scheduler().forget(&scheduled.reference);
        }
        if let Err(error) = &stored {
            error!(%error, "cannot write to the journal what came of a delivery");
            let attempts = delivery.attempts.saturating_add(1);
            let own = backoff::wait(&self.rules, Pace::Usual, attempts, None, self.rng.next());
            let wait = match &outcome {
                Outcome::Retry { wait, .. } => own.max(*wait),
                _ => own,
            };
            self.try_again(scheduled, wait);
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
                        "the CRM refused what a visitor was told has arrived: `deal-proxy \
                         submissions show` has its words, `submissions retry` sends it again"
                    );
                }
                end
            }
            Outcome::Retry { wait, .. } => {
                if counts {
                    self.try_again(scheduled, wait);
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
                        "set aside as failed: `deal-proxy submissions retry` sends it again"
                    );
                }
                AttemptEnd::NotYet
            }
        }
    }

    fn try_again(&self, scheduled: &ScheduledDelivery, wait: Duration) {
        self.scheduler().add_again(scheduled.clone(), Instant::now() + wait);
    }

    fn log(delivery: &Delivery, result: &Result<Deal, CrmError>, begun: Instant) {
        let (form, attempt) = (&*delivery.form, delivery.attempts.saturating_add(1));
        let ms = begun.elapsed().as_millis();
        match result {
            Ok(_) => info!(form, attempt, ms, "delivered"),
            Err(error) => warn!(form, attempt, ms, error = chain(error), "not delivered"),
        }
    }
}

/// An error with its causes. None of them holds what a visitor wrote.
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

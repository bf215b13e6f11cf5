//! One attempt to deliver, and what follows from its end.

use std::convert::Infallible;
use std::error::Error;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use deal_contract::reply::Deal;
use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

use super::backoff::{self, Pace};
use super::client::CrmClient;
use super::crm::CrmError;
use super::desk::Job;
use super::doubt::Blame;
use super::queue::Shared;
use super::waiting::Ended;
use super::words::{About, about};
use crate::settings::faults;
use crate::store::journal::{Answer, Claim, Claimed, JournalError, LEASE, Parcel, Settlement};

impl<C: CrmClient> Shared<C> {
    /// Delivers once.
    pub(super) async fn attempt(self: Arc<Self>, job: Job) {
        let now = (self.ambient.now)();
        let ended = match self.journal.claim(job.ticket, now).await {
            Ok(Claimed::Granted(parcel)) => self.deliver(&job, &parcel).await,
            Ok(Claimed::Held(until)) => {
                self.again(&job, until.since(now).min(LEASE));
                Ended::NotYet
            }
            Ok(Claimed::Gone) => {
                self.desk().forget(&job.reference);
                Ended::NotYet
            }
            Err(error) => {
                error!(%error, "cannot claim a submission in the journal");
                self.again(&job, self.rules.retry_longest.0);
                Ended::NotYet
            }
        };
        let doomed = self.desk().finish(&job.reference);
        self.remove(doomed);
        self.waiters.tell(job.ticket, &ended);
        self.wake.notify_one();
    }

    async fn deliver(&self, job: &Job, parcel: &Parcel) -> Ended {
        let begun = Instant::now();
        let result = match faults::at("delivery.begin") {
            Ok(()) => tokio::select! {
                result = self.courier.deliver(parcel) => result,
                never = self.keep_claim(&parcel.claim) => match never {},
            },
            Err(error) => Err(CrmError::Spool(error)),
        };
        Self::log(parcel, &result, begun);
        let settlement = self.judge(parcel, result);
        let stored = self.store(parcel, &settlement).await;
        self.conclude(job, parcel, settlement, stored)
    }

    /// Renews the claim for as long as the CRM takes.
    async fn keep_claim(&self, claim: &Claim) -> Infallible {
        loop {
            sleep(LEASE / 3).await;
            match self.journal.renew(claim, (self.ambient.now)()).await {
                Ok(true) => {}
                // The content was replaced, purged or claimed by another proxy. The CRM has been
                // called, so the call goes on; its result will not count.
                Ok(false) => warn!("the claim on a submission was lost during its delivery"),
                Err(error) => error!(%error, "cannot renew the claim on a submission"),
            }
        }
    }

    /// Writes down what came of it. An answer is written until it is: asked again, the CRM would add
    /// the notes and files a second time.
    async fn store(&self, parcel: &Parcel, settlement: &Settlement) -> Result<bool, JournalError> {
        let mut failures = 0;
        loop {
            let now = (self.ambient.now)();
            let stored = match faults::at("delivery.answered") {
                Ok(()) => self.journal.settle(parcel.claim.clone(), settlement.clone(), now).await,
                Err(error) => Err(error.into()),
            };
            let (Err(error), Settlement::Answered(answer)) = (&stored, settlement) else {
                return stored;
            };
            error!(%error, "cannot write the CRM's answer to the journal");
            // Who waits for it need not wait for that.
            self.waiters.tell(parcel.claim.ticket, &Ended::Answered(answer.clone()));
            failures += 1;
            let wait =
                backoff::wait(&self.rules, Pace::Usual, failures, None, (self.ambient.chance)());
            tokio::select! {
                () = sleep(wait) => {}
                () = self.stopped() => return stored,
            }
        }
    }

    /// What an attempt's end means.
    fn judge(&self, parcel: &Parcel, result: Result<Deal, CrmError>) -> Settlement {
        let error = match result {
            Ok(deal) => {
                self.trust();
                return Settlement::Answered(Answer::Delivered(deal));
            }
            Err(error) => error,
        };
        let problem = chain(&error);
        let pace = if error.may_have_the_deal() { Pace::Seldom } else { Pace::Usual };
        match error {
            CrmError::Refused(words) => match about(&words) {
                About::Deal => {
                    self.trust();
                    Settlement::Answered(Answer::Refused(words))
                }
                About::Moment => self.later(parcel, pace, format!("{problem} for now"), None),
                About::Key if self.is_to_blame(parcel) => {
                    Settlement::Answered(Answer::Refused(words))
                }
                About::Key => self.in_doubt(format!("{problem}, and spoke of the key")),
            },
            CrmError::Misconfigured(_) if self.is_to_blame(parcel) => {
                self.later(parcel, Pace::Seldom, problem, None)
            }
            CrmError::Misconfigured(_) => self.in_doubt(problem),
            CrmError::Failed(_, asked) => self.later(parcel, pace, problem, asked),
            CrmError::Spool(error) if error.kind() == ErrorKind::NotFound => {
                Settlement::Failed { problem }
            }
            _ => self.later(parcel, pace, problem, None),
        }
    }

    /// The CRM has spoken of the deal itself: it knows the key.
    fn trust(&self) {
        if self.desk().trust() {
            info!("the CRM takes deals again: all deliveries go on");
        }
    }

    /// The CRM says of this deal that address or key are wrong: whether it is alone with that.
    fn is_to_blame(&self, parcel: &Parcel) -> bool {
        let blame = self.desk().doubt(&parcel.claim.reference, Instant::now());
        if matches!(blame, Blame::Proxy { news: true }) {
            error!(
                "the CRM says that address or key are wrong: correct crm_url or CRM_API_KEY and \
                 start again; until then one submission is tried from time to time"
            );
        }
        blame == Blame::Submission
    }

    /// Nothing yet, and that is not held against the submission.
    fn in_doubt(&self, problem: String) -> Settlement {
        let wait = self.rules.probe.0;
        let due_at = (self.ambient.now)().plus(wait);
        Settlement::Later { problem, due_at, wait, asked: false, counts: false }
    }

    /// Nothing yet. After too long it is set aside.
    fn later(
        &self,
        parcel: &Parcel,
        pace: Pace,
        problem: String,
        asked: Option<Duration>,
    ) -> Settlement {
        let attempts = parcel.attempts.saturating_add(1);
        let wait = backoff::wait(&self.rules, pace, attempts, asked, (self.ambient.chance)());
        if parcel.waited.saturating_add(wait) > self.rules.give_up.0 {
            return Settlement::Failed { problem };
        }
        if asked.is_some() {
            self.desk().hold(&parcel.claim.reference, Instant::now() + wait);
        }
        let due_at = (self.ambient.now)().plus(wait);
        Settlement::Later { problem, due_at, wait, asked: asked.is_some(), counts: true }
    }

    /// Does what follows once it is in the journal, and what has to be done when it is not.
    fn conclude(
        &self,
        job: &Job,
        parcel: &Parcel,
        settlement: Settlement,
        stored: Result<bool, JournalError>,
    ) -> Ended {
        let matters = stored.as_ref().is_ok_and(|matters| *matters);
        if matches!(stored, Ok(false)) {
            // Replaced or purged meanwhile: nothing that is known of it counts.
            self.desk().forget(&job.reference);
        }
        if let Err(error) = &stored {
            error!(%error, "cannot write to the journal what came of a delivery");
            let attempts = parcel.attempts.saturating_add(1);
            let own =
                backoff::wait(&self.rules, Pace::Usual, attempts, None, (self.ambient.chance)());
            let wait = match &settlement {
                Settlement::Later { wait, .. } => own.max(*wait),
                _ => own,
            };
            self.again(job, wait);
        }
        match settlement {
            Settlement::Answered(answer) => {
                self.desk().forget(&job.reference);
                let delivered = matches!(answer, Answer::Delivered(_));
                let ended = Ended::Answered(answer);
                let heard = self.waiters.tell(job.ticket, &ended);
                if matters && delivered {
                    self.remove(parcel.folder.clone());
                } else if matters {
                    self.keeps(&parcel.body);
                }
                if matters && !delivered && !heard {
                    error!(
                        form = parcel.form,
                        "the CRM refused what a visitor was told has arrived: `deal-proxy \
                         submissions show` has its words, `submissions retry` sends it again"
                    );
                }
                ended
            }
            Settlement::Later { wait, .. } => {
                if matters {
                    self.again(job, wait);
                }
                Ended::NotYet
            }
            Settlement::Failed { problem } => {
                self.desk().forget(&job.reference);
                if matters {
                    self.keeps(&parcel.body);
                    error!(
                        form = parcel.form,
                        problem,
                        "set aside as failed: `deal-proxy submissions retry` sends it again"
                    );
                }
                Ended::NotYet
            }
        }
    }

    fn log(parcel: &Parcel, result: &Result<Deal, CrmError>, begun: Instant) {
        let (form, attempt) = (&*parcel.form, parcel.attempts.saturating_add(1));
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

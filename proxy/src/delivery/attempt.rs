//! One attempt to deliver, and what follows from its end.

use std::error::Error;
use std::io::ErrorKind;
use std::sync::Arc;

use deal_contract::reference::Reference;
use deal_contract::reply::Deal;
use tokio::time::{Instant, sleep};
use tracing::{error, info, warn};

use super::backoff;
use super::queue::Shared;
use super::waiting::Ended;
use super::{Courier, CrmError};
use crate::faults;
use crate::journal::{Answer, JournalError, Parcel, Settlement, Ticket};

impl<C: Courier> Shared<C> {
    /// Delivers once.
    pub(super) async fn attempt(self: Arc<Self>, ticket: Ticket, reference: Reference) {
        let ended = match self.journal.parcel(ticket).await {
            Ok(Some(parcel)) => self.deliver(&parcel).await,
            // Replaced or purged.
            Ok(None) => Ended::NotYet,
            Err(error) => {
                error!(%error, "cannot read a submission from the journal");
                self.again(ticket, &reference, self.rules.retry_longest.0);
                Ended::NotYet
            }
        };
        let doomed = self.desk().finish(&reference);
        self.remove(doomed);
        self.waiters.tell(ticket, &ended);
        self.wake.notify_one();
    }

    async fn deliver(&self, parcel: &Parcel) -> Ended {
        let begun = Instant::now();
        let result = match faults::at("delivery.begin") {
            Ok(()) => self.courier.carry(parcel).await,
            Err(error) => Err(CrmError::Spool(error)),
        };
        Self::log(parcel, &result, begun);
        let settlement = self.judge(parcel, result);
        let stored = self.store(parcel, &settlement).await;
        self.conclude(parcel, settlement, stored)
    }

    /// Writes down what came of it. An answer is written until it is: asked again, the CRM would add
    /// the notes and files a second time.
    async fn store(&self, parcel: &Parcel, settlement: &Settlement) -> Result<bool, JournalError> {
        let mut failures = 0;
        loop {
            let now = (self.ambient.now)();
            let stored = match faults::at("delivery.answered") {
                Ok(()) => self.journal.settle(parcel.ticket, settlement.clone(), now).await,
                Err(error) => Err(error.into()),
            };
            let (Err(error), Settlement::Answered(answer)) = (&stored, settlement) else {
                return stored;
            };
            error!(%error, "cannot write the CRM's answer to the journal");
            // Who waits for it need not wait for that.
            self.waiters.tell(parcel.ticket, &Ended::Answered(answer.clone()));
            failures += 1;
            let wait = backoff::wait(&self.rules, failures, None, (self.ambient.chance)());
            tokio::select! {
                () = sleep(wait) => {}
                () = self.stopped() => return stored,
            }
        }
    }

    /// What an attempt's end means.
    fn judge(&self, parcel: &Parcel, result: Result<Deal, CrmError>) -> Settlement {
        let answer = match result {
            Ok(deal) => Answer::Delivered(deal),
            Err(CrmError::Refused(words)) => Answer::Refused(words),
            Err(error) => return self.postpone(parcel, &error),
        };
        if self.desk().go_on() {
            info!("the CRM takes deals again: all deliveries go on");
        }
        Settlement::Answered(answer)
    }

    fn postpone(&self, parcel: &Parcel, error: &CrmError) -> Settlement {
        let problem = chain(error);
        let wall = (self.ambient.now)();
        let probe = self.rules.probe.0;
        let misconfigured = matches!(error, CrmError::Misconfigured(_));
        let mut desk = self.desk();
        if misconfigured || desk.is_paused() {
            let first = desk.pause(Instant::now() + probe);
            drop(desk);
            if first {
                error!(
                    problem,
                    "all deliveries wait: correct crm_url or CRM_API_KEY and start again; until \
                     then one is tried from time to time"
                );
            }
        } else {
            drop(desk);
        }
        if misconfigured {
            let due_at = wall.plus(probe);
            return Settlement::Later { problem, due_at, wait: probe, asked: false, counts: false };
        }
        if let CrmError::Spool(error) = error
            && error.kind() == ErrorKind::NotFound
        {
            return Settlement::Failed { problem };
        }
        let asked = match error {
            CrmError::Failed(_, asked) => *asked,
            _ => None,
        };
        let attempts = parcel.attempts.saturating_add(1);
        let wait = backoff::wait(&self.rules, attempts, asked, (self.ambient.chance)());
        if asked.is_some() {
            self.desk().hold(&parcel.reference, Instant::now() + wait);
        }
        if parcel.waited.saturating_add(wait) > self.rules.give_up.0 {
            return Settlement::Failed { problem };
        }
        Settlement::Later {
            problem,
            due_at: wall.plus(wait),
            wait,
            asked: asked.is_some(),
            counts: true,
        }
    }

    /// Does what follows once it is in the journal, and what has to be done when it is not.
    fn conclude(
        &self,
        parcel: &Parcel,
        settlement: Settlement,
        stored: Result<bool, JournalError>,
    ) -> Ended {
        let matters = stored.as_ref().is_ok_and(|matters| *matters);
        if let Err(error) = &stored {
            error!(%error, "cannot write to the journal what came of a delivery");
            let attempts = parcel.attempts.saturating_add(1);
            let own = backoff::wait(&self.rules, attempts, None, (self.ambient.chance)());
            let wait = match &settlement {
                Settlement::Later { wait, .. } => own.max(*wait),
                _ => own,
            };
            self.again(parcel.ticket, &parcel.reference, wait);
        }
        match settlement {
            Settlement::Answered(answer) => {
                if matters && matches!(answer, Answer::Delivered(_)) {
                    self.remove(parcel.folder.clone());
                }
                Ended::Answered(answer)
            }
            Settlement::Later { wait, .. } => {
                if matters {
                    self.again(parcel.ticket, &parcel.reference, wait);
                }
                Ended::NotYet
            }
            Settlement::Failed { problem } => {
                if matters {
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

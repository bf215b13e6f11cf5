//! What the CRM heard: every call to `crm_add_deal`, without the values.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::crm::Change;
use crate::intake::Heard;
use crate::records::{DealId, now};

/// Older calls are forgotten, so that a sandbox left running for weeks does not grow.
const KEPT: usize = 10_000;

/// One call.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Call {
    /// Counts from 1 since the start.
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    /// When the answer was given, or the connection was closed.
    pub(crate) finished: Option<Timestamp>,
    pub(crate) method: String,
    pub(crate) content_type: Option<String>,
    #[serde(flatten)]
    pub(crate) heard: Heard,
    /// Parameters that meant nothing to the CRM.
    pub(crate) ignored: Vec<String>,
    pub(crate) outcome: Outcome,
    pub(crate) deal_id: Option<DealId>,
    pub(crate) error_message: Option<String>,
    pub(crate) answer: Answer,
}

/// What became of the deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Still being read, or delayed.
    Pending,
    Added,
    Updated,
    /// The CRM said no: a wrong key, a bad value.
    Refused,
    /// A fault came first, the client left while it was sending, or the store failed.
    NotStored,
}

impl From<Change> for Outcome {
    fn from(change: Change) -> Self {
        match change {
            Change::Added => Self::Added,
            Change::Updated => Self::Updated,
        }
    }
}

/// What the client got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Answer {
    Pending,
    Json,
    Html,
    /// A status of 300 and more.
    Status(u16),
    /// Its connection closed.
    Dropped,
    /// Nothing: it had left.
    Nobody,
}

#[derive(Debug, Default)]
struct Log {
    calls: VecDeque<Call>,
    heard: u64,
}

/// All calls since the start, or since the last reset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Log>>);

impl Calls {
    /// Writes down that a call has come in.
    pub(crate) fn begin(&self, method: &str, content_type: Option<String>) -> OpenCall {
        let mut log = self.lock();
        log.heard = log.heard.saturating_add(1);
        let number = log.heard;
        if log.calls.len() >= KEPT {
            log.calls.pop_front();
        }
        log.calls.push_back(Call {
            number,
            at: now(),
            finished: None,
            method: method.to_owned(),
            content_type,
            heard: Heard::default(),
            ignored: Vec::new(),
            outcome: Outcome::Pending,
            deal_id: None,
            error_message: None,
            answer: Answer::Pending,
        });
        OpenCall { calls: self.clone(), number }
    }

    /// All calls, oldest first.
    pub(crate) fn list(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    /// Forgets all calls. The numbers go on, so that a call still being served finds no other's entry.
    pub(crate) fn clear(&self) {
        self.lock().calls.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is being served. Dropped without an answer, it says that the client has left.
#[derive(Debug)]
pub(crate) struct OpenCall {
    calls: Calls,
    number: u64,
}

impl OpenCall {
    pub(crate) fn note(&self, change: impl FnOnce(&mut Call)) {
        let mut log = self.calls.lock();
        // None once the log was cleared or has forgotten the call.
        if let Some(call) = log.calls.iter_mut().rev().find(|call| call.number == self.number) {
            change(call);
        }
    }

    pub(crate) fn answered(&self, answer: Answer) {
        self.note(|call| {
            call.answer = answer;
            call.finished = Some(now());
            if call.outcome == Outcome::Pending {
                call.outcome = Outcome::NotStored;
            }
        });
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.note(|call| {
            if call.answer == Answer::Pending {
                call.answer = Answer::Nobody;
                call.finished = Some(now());
                if call.outcome == Outcome::Pending {
                    call.outcome = Outcome::NotStored;
                }
            }
        });
    }
}

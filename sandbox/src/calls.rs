//! The log of all calls to `crm_add_deal`, without the values that were sent.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;

use crate::intake::RequestSummary;
use crate::records::{Change, DealId, now};

/// The maximum number of calls in the log. Older calls are dropped, so that a long-running sandbox does
/// not use more and more memory.
const MAX_CALLS: usize = 10_000;

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Call {
    /// The number of the call since the start, from 1.
    pub(crate) number: u64,
    pub(crate) at: Timestamp,
    /// When the response was sent or the connection was closed.
    pub(crate) finished: Option<Timestamp>,
    pub(crate) method: String,
    pub(crate) content_type: Option<String>,
    #[serde(flatten)]
    pub(crate) summary: RequestSummary,
    /// Names of parameters that the CRM ignored.
    pub(crate) ignored: Vec<String>,
    /// The number of another call with the same `external_reference_id` that was being processed when this call's
    /// request was complete. Two such calls at a time can create two deals in the real CRM.
    pub(crate) overlaps: Option<u64>,
    pub(crate) outcome: Outcome,
    pub(crate) deal_id: Option<DealId>,
    pub(crate) error_message: Option<String>,
    pub(crate) response: CallResponse,
}

/// The effect of the call on the deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The call is still being served.
    Pending,
    Added,
    Updated,
    /// The CRM refused the call, for example because of a wrong key or an invalid value.
    Refused,
    /// A fault took effect first, the client disconnected while sending, or the store failed.
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

/// The response that the client got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CallResponse {
    Pending,
    Json,
    Html,
    /// Only a status, set by a fault or a failure of the store.
    Status(u16),
    /// No response: a fault closed the connection.
    Dropped,
    /// No response: the client had disconnected.
    Disconnected,
}

#[derive(Debug, Default)]
struct Log {
    calls: VecDeque<Call>,
    last_number: u64,
    /// The numbers of the calls that are being processed, by their references.
    processing: HashMap<String, Vec<u64>>,
}

/// All calls since the start, or since the last reset.
#[derive(Debug, Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<Log>>);

impl Calls {
    /// Adds a new call to the log.
    pub(crate) fn begin(&self, method: &str, content_type: Option<String>) -> OpenCall {
        let mut log = self.lock();
        log.last_number = log.last_number.saturating_add(1);
        let number = log.last_number;
        if log.calls.len() >= MAX_CALLS {
            log.calls.pop_front();
        }
        log.calls.push_back(Call {
            number,
            at: now(),
            finished: None,
            method: method.to_owned(),
            content_type,
            summary: RequestSummary::default(),
            ignored: Vec::new(),
            overlaps: None,
            outcome: Outcome::Pending,
            deal_id: None,
            error_message: None,
            response: CallResponse::Pending,
        });
        OpenCall { calls: self.clone(), number }
    }

    /// Returns all calls, oldest first.
    pub(crate) fn list(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    /// Removes all calls. The numbering continues. Otherwise, a call in progress could update another
    /// call's entry.
    pub(crate) fn clear(&self) {
        self.lock().calls.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is being processed.
#[derive(Debug)]
pub(crate) struct Processing {
    calls: Calls,
    number: u64,
    reference: String,
}

/// The log entry of a call in progress. If it is dropped without a response, the client has disconnected.
#[derive(Debug)]
pub(crate) struct OpenCall {
    calls: Calls,
    number: u64,
}

impl OpenCall {
    pub(crate) fn update(&self, change: impl FnOnce(&mut Call)) {
        let mut log = self.calls.lock();
        // The entry is missing if the log was cleared or has dropped it.
        if let Some(call) = log.calls.iter_mut().rev().find(|call| call.number == self.number) {
            change(call);
        }
    }

    /// Records that the call is being processed until the returned guard is dropped, and whether another call with the
    /// same reference is being processed, too.
    pub(crate) fn process(&self, reference: String) -> Processing {
        let mut log = self.calls.lock();
        let numbers = log.processing.entry(reference.clone()).or_default();
        let overlaps = numbers.last().copied();
        numbers.push(self.number);
        drop(log);
        self.update(|call| call.overlaps = overlaps);
        Processing { calls: self.calls.clone(), number: self.number, reference }
    }

    /// Records the response, unless the call is already finished.
    pub(crate) fn finish(&self, response: CallResponse) {
        self.update(|call| {
            if call.finished.is_some() {
                return;
            }
            call.response = response;
            call.finished = Some(now());
            if call.outcome == Outcome::Pending {
                call.outcome = Outcome::NotStored;
            }
        });
    }
}

impl Drop for Processing {
    fn drop(&mut self) {
        let mut log = self.calls.lock();
        if let Some(numbers) = log.processing.get_mut(&self.reference) {
            numbers.retain(|number| *number != self.number);
            if numbers.is_empty() {
                log.processing.remove(&self.reference);
            }
        }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.finish(CallResponse::Disconnected);
    }
}

//! Faults that a test sets for the next calls.
//!
//! Faults form a queue. Each call to `crm_add_deal` uses the first fault; a fault leaves the queue after
//! `times` calls. So `[{"kind":"status","code":503,"times":2},{"kind":"drop"}]` responds to two calls with
//! 503, closes the connection of the third and serves the fourth normally.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "FaultJson", into = "FaultJson")]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) when: When,
    pub(crate) times: Times,
    pub(crate) delays: Delays,
}

/// The effect of a fault on the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Only the delays of the fault apply.
    Delay,
    /// Responds with an `error_message`.
    Refuse { error_message: String },
    /// Closes the connection without a response.
    Drop,
    /// Responds with a status and a short message.
    Status { code: StatusCode, retry_after: Option<u64> },
    /// Responds with an HTML page and status 200.
    Html,
    /// Reports success with these IDs, regardless of what was stored.
    Success { deal_id: String, external_reference_id: String },
}

/// When the fault takes effect.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// The fault happens before the body is read.
    BeforeReading,
    /// After the body was read; the deal is not stored.
    #[default]
    BeforeStoring,
    /// After the deal was stored; the client does not get the real response.
    AfterStoring,
}

/// How many calls a fault still applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Remaining(NonZeroU32),
    UntilCleared,
}

/// The delay before each step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delays {
    pub(crate) reading: Duration,
    pub(crate) storing: Duration,
    pub(crate) responding: Duration,
}

/// The JSON form of a fault.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FaultJson {
    kind: KindJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<TimesJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deal_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_reading_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_storing_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_responding_ms: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum KindJson {
    #[default]
    Delay,
    Refuse,
    Drop,
    Status,
    Html,
    Success,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(untagged)]
enum TimesJson {
    Number(NonZeroU32),
    Keyword(TimesKeyword),
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
enum TimesKeyword {
    #[serde(rename = "until_cleared")]
    UntilCleared,
}

/// A mistake in a fault's JSON.
#[derive(Debug, Error)]
enum FaultError {
    #[error("kind `delay` has no `when`: use before_…_ms")]
    MisplacedWhen,
    #[error("kind `delay` needs before_reading_ms, before_storing_ms or before_responding_ms")]
    MissingDelay,
    #[error("only kind `refuse` has an `error_message`")]
    MisplacedErrorMessage,
    #[error("only kind `status` has `code` and `retry_after`")]
    MisplacedCode,
    #[error("only kind `success` has `deal_id` and `external_reference_id`")]
    MisplacedIds,
    #[error("`code` must be a status from 200 to 599")]
    InvalidCode,
}

impl TryFrom<FaultJson> for Fault {
    type Error = FaultError;

    fn try_from(json: FaultJson) -> Result<Self, FaultError> {
        if json.error_message.is_some() && !matches!(json.kind, KindJson::Refuse) {
            return Err(FaultError::MisplacedErrorMessage);
        }
        let has_code = json.code.is_some() || json.retry_after.is_some();
        if has_code && !matches!(json.kind, KindJson::Status) {
            return Err(FaultError::MisplacedCode);
        }
        let has_ids = json.deal_id.is_some() || json.external_reference_id.is_some();
        if has_ids && !matches!(json.kind, KindJson::Success) {
            return Err(FaultError::MisplacedIds);
        }
        let duration = |ms: Option<u64>| Duration::from_millis(ms.unwrap_or(0));
        let delays = Delays {
            reading: duration(json.before_reading_ms),
            storing: duration(json.before_storing_ms),
            responding: duration(json.before_responding_ms),
        };
        let kind = match json.kind {
            KindJson::Delay if json.when.is_some() => return Err(FaultError::MisplacedWhen),
            KindJson::Delay if delays == Delays::default() => return Err(FaultError::MissingDelay),
            KindJson::Delay => FaultKind::Delay,
            KindJson::Refuse => FaultKind::Refuse {
                error_message: json.error_message.unwrap_or_else(|| "refused on demand".to_owned()),
            },
            KindJson::Drop => FaultKind::Drop,
            KindJson::Html => FaultKind::Html,
            KindJson::Success => FaultKind::Success {
                deal_id: json.deal_id.unwrap_or_default(),
                external_reference_id: json.external_reference_id.unwrap_or_default(),
            },
            KindJson::Status => {
                let code = StatusCode::from_u16(json.code.unwrap_or(500))
                    .ok()
                    .filter(|code| (200..600).contains(&code.as_u16()))
                    .ok_or(FaultError::InvalidCode)?;
                FaultKind::Status { code, retry_after: json.retry_after }
            }
        };
        let times = match json.times {
            None => Times::Remaining(NonZeroU32::MIN),
            Some(TimesJson::Number(number)) => Times::Remaining(number),
            Some(TimesJson::Keyword(TimesKeyword::UntilCleared)) => Times::UntilCleared,
        };
        Ok(Self { kind, when: json.when.unwrap_or_default(), times, delays })
    }
}

impl From<Fault> for FaultJson {
    fn from(fault: Fault) -> Self {
        let ms = |delay: Duration| {
            Some(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)).filter(|&ms| ms > 0)
        };
        let mut json = Self {
            when: Some(fault.when),
            times: Some(match fault.times {
                Times::Remaining(number) => TimesJson::Number(number),
                Times::UntilCleared => TimesJson::Keyword(TimesKeyword::UntilCleared),
            }),
            before_reading_ms: ms(fault.delays.reading),
            before_storing_ms: ms(fault.delays.storing),
            before_responding_ms: ms(fault.delays.responding),
            ..Self::default()
        };
        json.kind = match fault.kind {
            FaultKind::Delay => {
                json.when = None;
                KindJson::Delay
            }
            FaultKind::Refuse { error_message } => {
                json.error_message = Some(error_message);
                KindJson::Refuse
            }
            FaultKind::Drop => KindJson::Drop,
            FaultKind::Html => KindJson::Html,
            FaultKind::Success { deal_id, external_reference_id } => {
                json.deal_id = Some(deal_id);
                json.external_reference_id = Some(external_reference_id);
                KindJson::Success
            }
            FaultKind::Status { code, retry_after } => {
                json.code = Some(code.as_u16());
                json.retry_after = retry_after;
                KindJson::Status
            }
        };
        json
    }
}

/// Parses the body of `PUT /faults`: one fault or a list.
///
/// # Errors
/// The mistake in JSON that does not describe a fault, such as `{"kind":"drop","code":500}`.
pub(crate) fn parse(body: &[u8]) -> Result<VecDeque<Fault>, serde_json::Error> {
    // An untagged enum would report every mistake with the same message.
    let json: serde_json::Value = serde_json::from_slice(body)?;
    if json.is_array() {
        return serde_json::from_value(json);
    }
    Ok(VecDeque::from([serde_json::from_value(json)?]))
}

/// The faults for the next calls.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Fault>,
    /// The token for the current delays. It is cancelled when the faults are cleared; later calls get a
    /// new token.
    cleared: CancellationToken,
}

/// Waits for the delays of a call, or until the faults that were set at its start are cleared.
#[derive(Debug)]
pub(crate) struct DelayTimer(CancellationToken);

impl DelayTimer {
    pub(crate) async fn wait(&self, delay: Duration) {
        let _ = timeout(delay, self.0.cancelled()).await;
    }
}

impl Faults {
    pub(crate) fn replace(&self, faults: VecDeque<Fault>) {
        self.lock().queue = faults;
    }

    /// Removes all faults and ends delays in progress.
    pub(crate) fn clear(&self) {
        std::mem::take(&mut *self.lock()).cleared.cancel();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock().queue.iter().cloned().collect()
    }

    /// Takes the fault for the next call, or `None` if the call is served normally. Also returns the timer for
    /// the call's delays.
    pub(crate) fn take_next(&self) -> (Option<Fault>, DelayTimer) {
        let mut state = self.lock();
        let timer = DelayTimer(state.cleared.clone());
        (take_next(&mut state.queue), timer)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_next(queue: &mut VecDeque<Fault>) -> Option<Fault> {
    let first = queue.front_mut()?;
    let taken = first.clone();
    if let Times::Remaining(times) = first.times {
        match NonZeroU32::new(times.get().saturating_sub(1)) {
            Some(remaining) => first.times = Times::Remaining(remaining),
            None => drop(queue.pop_front()),
        }
    }
    Some(taken)
}

//! Faults on demand: what goes wrong with the calls to come.
//!
//! Faults form a queue. Each call to `crm_add_deal` takes one turn of the first fault; a fault
//! without turns left is gone. So `[{"kind":"status","code":503,"times":2},{"kind":"drop"}]`
//! answers two calls with 503, hangs up on the third, and serves the fourth as usual.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "FaultJson", into = "FaultJson")]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) when: When,
    pub(crate) times: Times,
    pub(crate) delays: Delays,
}

/// What the client gets instead of the CRM's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Only later.
    Delay,
    /// An `error_message`.
    Refuse { error_message: String },
    /// Nothing: the connection is closed.
    Drop,
    /// A status with a short text.
    Status { code: StatusCode, retry_after: Option<u64> },
    /// A page with status 200.
    Html,
    /// A success that names these, whatever was stored.
    Success { deal_id: String, external_reference_id: String },
}

/// How far a call gets before its fault cuts in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum When {
    /// The body is not read.
    BeforeReading,
    /// Read to its end, and forgotten.
    #[default]
    BeforeStoring,
    /// The deal stands; only the answer is lost.
    AfterStoring,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Times {
    Left(NonZeroU32),
    UntilCleared,
}

/// Silence before each step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delays {
    pub(crate) reading: Duration,
    pub(crate) storing: Duration,
    pub(crate) answering: Duration,
}

/// A fault as tests write it.
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
    before_answering_ms: Option<u64>,
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
    Word(Forever),
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
enum Forever {
    #[serde(rename = "until_cleared")]
    UntilCleared,
}

/// What is wrong with a fault's JSON.
#[derive(Debug, Error)]
enum FaultError {
    #[error("`when` does not belong to kind `delay`: use before_…_ms")]
    When,
    #[error("a delay needs before_reading_ms, before_storing_ms or before_answering_ms")]
    NoDelay,
    #[error("`error_message` belongs to kind `refuse` only")]
    ErrorMessage,
    #[error("`code` and `retry_after` belong to kind `status` only")]
    Code,
    #[error("`deal_id` and `external_reference_id` belong to kind `success` only")]
    Reply,
    #[error("`code` must be a status from 200 to 599")]
    NoCode,
}

impl TryFrom<FaultJson> for Fault {
    type Error = FaultError;

    fn try_from(json: FaultJson) -> Result<Self, FaultError> {
        if json.error_message.is_some() && !matches!(json.kind, KindJson::Refuse) {
            return Err(FaultError::ErrorMessage);
        }
        let has_code = json.code.is_some() || json.retry_after.is_some();
        if has_code && !matches!(json.kind, KindJson::Status) {
            return Err(FaultError::Code);
        }
        let has_reply = json.deal_id.is_some() || json.external_reference_id.is_some();
        if has_reply && !matches!(json.kind, KindJson::Success) {
            return Err(FaultError::Reply);
        }
        let duration = |ms: Option<u64>| Duration::from_millis(ms.unwrap_or(0));
        let delays = Delays {
            reading: duration(json.before_reading_ms),
            storing: duration(json.before_storing_ms),
            answering: duration(json.before_answering_ms),
        };
        let kind = match json.kind {
            KindJson::Delay if json.when.is_some() => return Err(FaultError::When),
            KindJson::Delay if delays == Delays::default() => return Err(FaultError::NoDelay),
            KindJson::Delay => Kind::Delay,
            KindJson::Refuse => Kind::Refuse {
                error_message: json.error_message.unwrap_or_else(|| "refused on demand".to_owned()),
            },
            KindJson::Drop => Kind::Drop,
            KindJson::Html => Kind::Html,
            KindJson::Success => Kind::Success {
                deal_id: json.deal_id.unwrap_or_default(),
                external_reference_id: json.external_reference_id.unwrap_or_default(),
            },
            KindJson::Status => {
                let code = StatusCode::from_u16(json.code.unwrap_or(500))
                    .ok()
                    .filter(|code| (200..600).contains(&code.as_u16()))
                    .ok_or(FaultError::NoCode)?;
                Kind::Status { code, retry_after: json.retry_after }
            }
        };
        let times = match json.times {
            None => Times::Left(NonZeroU32::MIN),
            Some(TimesJson::Number(number)) => Times::Left(number),
            Some(TimesJson::Word(Forever::UntilCleared)) => Times::UntilCleared,
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
                Times::Left(number) => TimesJson::Number(number),
                Times::UntilCleared => TimesJson::Word(Forever::UntilCleared),
            }),
            before_reading_ms: ms(fault.delays.reading),
            before_storing_ms: ms(fault.delays.storing),
            before_answering_ms: ms(fault.delays.answering),
            ..Self::default()
        };
        json.kind = match fault.kind {
            Kind::Delay => {
                json.when = None;
                KindJson::Delay
            }
            Kind::Refuse { error_message } => {
                json.error_message = Some(error_message);
                KindJson::Refuse
            }
            Kind::Drop => KindJson::Drop,
            Kind::Html => KindJson::Html,
            Kind::Success { deal_id, external_reference_id } => {
                json.deal_id = Some(deal_id);
                json.external_reference_id = Some(external_reference_id);
                KindJson::Success
            }
            Kind::Status { code, retry_after } => {
                json.code = Some(code.as_u16());
                json.retry_after = retry_after;
                KindJson::Status
            }
        };
        json
    }
}

/// Reads the body of `PUT /faults`: one fault, or a list.
///
/// # Errors
/// JSON that is no fault, such as `{"kind":"drop","code":500}`: says what is wrong with it.
pub(crate) fn read(body: &[u8]) -> Result<VecDeque<Fault>, serde_json::Error> {
    // An untagged enum would answer every mistake with the same sentence.
    let json: serde_json::Value = serde_json::from_slice(body)?;
    if json.is_array() {
        return serde_json::from_value(json);
    }
    Ok(VecDeque::from([serde_json::from_value(json)?]))
}

/// The faults to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Fault>,
    /// Cancelled when the faults are cleared; the calls after that have another one.
    cleared: CancellationToken,
}

/// A call's silences: they end early once the faults that were set when it began are cleared.
#[derive(Debug)]
pub(crate) struct Patience(CancellationToken);

impl Patience {
    pub(crate) async fn bear(&self, silence: Duration) {
        let _ = timeout(silence, self.0.cancelled()).await;
    }
}

impl Faults {
    pub(crate) fn set(&self, faults: VecDeque<Fault>) {
        self.lock().queue = faults;
    }

    /// From now on nothing goes wrong; silences under way end.
    pub(crate) fn clear(&self) {
        std::mem::take(&mut *self.lock()).cleared.cancel();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.lock().queue.iter().cloned().collect()
    }

    /// Takes one turn of the first fault.
    pub(crate) fn take(&self) -> (Option<Fault>, Patience) {
        let mut state = self.lock();
        let patience = Patience(state.cleared.clone());
        (take_turn(&mut state.queue), patience)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_turn(queue: &mut VecDeque<Fault>) -> Option<Fault> {
    let first = queue.front_mut()?;
    let taken = first.clone();
    if let Times::Left(times) = first.times {
        match NonZeroU32::new(times.get().saturating_sub(1)) {
            Some(left) => first.times = Times::Left(left),
            None => drop(queue.pop_front()),
        }
    }
    Some(taken)
}

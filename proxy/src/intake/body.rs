//! The bytes of a request, as they come.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

/// How much more is read, and how long, for a sender that has its answer already.
const DRAIN_BYTES: usize = 1_000_000_000;
const DRAIN_TIME: Duration = Duration::from_secs(300);

/// A request's body, counted, and given up when its sender falls silent.
///
/// Dropped before its end, it reads and forgets the rest, within bounds, while the answer is on its
/// way: closing a connection with bytes unread makes the system reset it, and the reset overtakes
/// the answer (RFC 9112 9.6). A sender that cannot listen before it has sent everything, such as
/// `XMLHttpRequest` in Chromium, would see a broken connection instead.
#[derive(Debug)]
pub(crate) struct Incoming {
    body: Body,
    silence: Duration,
    bytes: u64,
    /// Nothing more will come, or nobody shall wait for it.
    over: bool,
}

/// Why no more bytes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BodyError {
    /// The sender fell silent.
    #[error("the sender fell silent")]
    Silent,
    /// The connection was cut, or the framing is broken.
    #[error("the body broke off")]
    Cut,
}

impl Incoming {
    pub(crate) fn new(body: Body, silence: Duration) -> Self {
        Self { body, silence, bytes: 0, over: false }
    }

    /// The bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The sender asked first (`Expect: 100-continue`): it listens, and sends nothing unless it is
    /// read from.
    pub(crate) fn leave_unsent(&mut self) {
        self.over = true;
    }

    /// The next bytes; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        // From here on the sender sends, whether it asked first or not.
        self.over = false;
        let next = next(&mut self.body, self.silence).await;
        match &next {
            Ok(Some(data)) => {
                self.bytes = self.bytes.saturating_add(u64::try_from(data.len()).unwrap_or(0));
            }
            Ok(None) | Err(_) => self.over = true,
        }
        next
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.over
            && let Ok(runtime) = Handle::try_current()
        {
            // The task has the body without this type around it: a runtime that shuts down drops
            // what is spawned, which would spawn again.
            let body = std::mem::replace(&mut self.body, Body::empty());
            runtime.spawn(drain(body, self.silence));
        }
    }
}

async fn next(body: &mut Body, silence: Duration) -> Result<Option<Bytes>, BodyError> {
    loop {
        match timeout(silence, body.frame()).await {
            Ok(Some(Ok(frame))) => {
                // Trailers are no part of a form.
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Ok(None) => return Ok(None),
            Ok(Some(Err(_))) => return Err(BodyError::Cut),
            Err(_) => return Err(BodyError::Silent),
        }
    }
}

/// Reads and forgets the rest, within bounds.
async fn drain(mut body: Body, silence: Duration) {
    let end = Instant::now() + DRAIN_TIME;
    let mut left = DRAIN_BYTES;
    while let Ok(Ok(Some(data))) = timeout_at(end, next(&mut body, silence)).await {
        left = left.saturating_sub(data.len());
        if left == 0 {
            break;
        }
    }
}

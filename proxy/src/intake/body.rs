//! The bytes of a request, as they come.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout, timeout_at};

/// How much more is read, and how long, for a sender that has its answer already.
const DRAIN_BYTES: u64 = 1_000_000_000;
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
        self.over = false;
        loop {
            let frame = match timeout(self.silence, self.body.frame()).await {
                Ok(Some(Ok(frame))) => frame,
                Ok(None) => {
                    self.over = true;
                    return Ok(None);
                }
                Ok(Some(Err(_))) => {
                    self.over = true;
                    return Err(BodyError::Cut);
                }
                Err(_) => {
                    self.over = true;
                    return Err(BodyError::Silent);
                }
            };
            // Trailers are no part of a form.
            if let Ok(data) = frame.into_data() {
                self.bytes = self.bytes.saturating_add(u64::try_from(data.len()).unwrap_or(0));
                return Ok(Some(data));
            }
        }
    }

    async fn drain(mut self) {
        let end = Instant::now() + DRAIN_TIME;
        let limit = self.bytes.saturating_add(DRAIN_BYTES);
        while self.bytes < limit {
            match timeout_at(end, self.next()).await {
                Ok(Ok(Some(_))) => {}
                _ => break,
            }
        }
        self.over = true;
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.over
            && let Ok(runtime) = Handle::try_current()
        {
            let rest = Self {
                body: std::mem::replace(&mut self.body, Body::empty()),
                silence: self.silence,
                bytes: self.bytes,
                over: false,
            };
            runtime.spawn(rest.drain());
        }
    }
}

//! Reads the body of a request, with timeouts.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

use crate::limits::Upload;

/// The maximum number of bytes and the maximum time for discarding the rest of a body after the response.
const DRAIN_BYTES: usize = 1_000_000_000;
const DRAIN_TIME: Duration = Duration::from_secs(300);

/// The same limits for a sender whose submission is refused. These limits are enough for a form with
/// pictures on an ordinary connection.
const SHORT_DRAIN_BYTES: usize = 16_000_000;
const SHORT_DRAIN_TIME: Duration = Duration::from_secs(10);

/// The time budget of a sender. Waiting uses it up, and each byte adds a millisecond, up to the initial
/// budget. So a sender with 1 kB/s is never too slow, but a sender that sends only a byte now and then
/// is.
const BUDGET: Duration = Duration::from_secs(30);
const TIME_PER_BYTE: Duration = Duration::from_millis(1);

/// The body of a request. It counts the bytes, and gives up if the sender is silent or too slow.
///
/// If the body is dropped before its end, a task reads and discards the rest, within limits. Otherwise
/// the system would reset the connection because of the unread bytes, and the reset could overtake the
/// response (RFC 9112 9.6). A sender that reads only after it has sent everything, such as
/// `XMLHttpRequest` in Chromium, would then see a broken connection.
#[derive(Debug)]
pub(crate) struct RequestBody {
    body: Body,
    read_timeout: ReadTimeout,
    bytes: u64,
    /// The maximum number of bytes and the maximum time for discarding the rest.
    drain: (usize, Duration),
    /// The sender's upload place, occupied until the rest of the body is read.
    upload: Option<Upload>,
    /// Whether the body has ended, or the sender waits before it sends the body.
    ended: bool,
}

/// Why the body could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BodyError {
    /// The sender is silent, or slower than any connection in practical use.
    #[error("the sender is silent or too slow")]
    TooSlow,
    /// The connection was closed, or the chunks are invalid.
    #[error("the connection was closed before the end of the body")]
    Aborted,
}

impl RequestBody {
    pub(crate) fn new(body: Body, silence: Duration) -> Self {
        let read_timeout = ReadTimeout { silence, budget: BUDGET };
        let drain = (DRAIN_BYTES, DRAIN_TIME);
        Self { body, read_timeout, bytes: 0, drain, upload: None, ended: false }
    }

    /// Returns the number of bytes read so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Records that the sender waits for a response before it sends the body (`Expect: 100-continue`), so
    /// there is nothing to discard.
    pub(crate) fn mark_unsent(&mut self) {
        self.ended = true;
    }

    /// Lowers the limits for discarding the rest, because this sender was refused and must not occupy
    /// the connection for long.
    pub(crate) fn shorten_drain(&mut self) {
        self.drain = (SHORT_DRAIN_BYTES, SHORT_DRAIN_TIME);
    }

    /// Occupies the sender's upload place until the rest is read. Reading ends early if another sender
    /// gets the place.
    pub(crate) fn hold_upload(&mut self, upload: Upload) {
        self.upload = Some(upload);
    }

    /// Returns whether the sender may still be sending.
    pub(crate) fn is_unread(&self) -> bool {
        !self.ended
    }

    /// Returns the next bytes, or `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        // Reading makes the sender send, even after `Expect: 100-continue`.
        self.ended = false;
        let next = self.read_timeout.next(&mut self.body).await;
        match &next {
            Ok(Some(data)) => {
                self.bytes = self.bytes.saturating_add(u64::try_from(data.len()).unwrap_or(0));
            }
            Ok(None) | Err(_) => self.ended = true,
        }
        next
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        if !self.ended
            && let Ok(runtime) = Handle::try_current()
        {
            // Move the inner body into the task: a runtime that shuts down drops the task, and dropping
            // this type would spawn another task.
            let body = std::mem::replace(&mut self.body, Body::empty());
            runtime.spawn(drain(body, self.read_timeout, self.drain, self.upload.take()));
        }
    }
}

/// How long to wait for a sender. The time that the proxy itself needs is not included.
#[derive(Debug, Clone, Copy)]
struct ReadTimeout {
    /// The longest wait for the next bytes.
    silence: Duration,
    /// The rest of the time budget.
    budget: Duration,
}

impl ReadTimeout {
    /// Returns the next bytes, or `None` at the end.
    async fn next(&mut self, body: &mut Body) -> Result<Option<Bytes>, BodyError> {
        loop {
            let start = Instant::now();
            let frame = timeout(self.silence.min(self.budget), body.frame()).await;
            self.budget = self.budget.saturating_sub(start.elapsed());
            match frame {
                Ok(Some(Ok(frame))) => {
                    // Ignore trailers.
                    if let Ok(data) = frame.into_data() {
                        self.refill(data.len());
                        return Ok(Some(data));
                    }
                }
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(BodyError::Aborted),
                Err(_) => return Err(BodyError::TooSlow),
            }
        }
    }

    fn refill(&mut self, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.budget = self.budget.saturating_add(TIME_PER_BYTE * bytes).min(BUDGET);
    }
}

/// Reads and discards the rest, within limits and while the sender has its upload place.
async fn drain(
    mut body: Body,
    mut read_timeout: ReadTimeout,
    (bytes, time): (usize, Duration),
    upload: Option<Upload>,
) {
    let rest = async {
        let mut left = bytes;
        while let Ok(Some(data)) = read_timeout.next(&mut body).await {
            left = left.saturating_sub(data.len());
            if left == 0 {
                break;
            }
        }
    };
    let evicted = async {
        match &upload {
            Some(upload) => upload.wait_until_evicted().await,
            None => std::future::pending().await,
        }
    };
    // Dropping the body closes the connection.
    let _ = timeout(time, async {
        tokio::select! {
            () = rest => {}
            () = evicted => {}
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use futures_core::Stream;
    use tokio::sync::mpsc;
    use tokio::time::sleep;

    use super::*;

    struct Pieces(mpsc::Receiver<Bytes>);

    impl Stream for Pieces {
        type Item = Result<Bytes, Infallible>;

        fn poll_next(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Self::Item>> {
            self.0.poll_recv(context).map(|piece| piece.map(Ok))
        }
    }

    /// Reads pieces of this size that arrive a second apart. Returns the result and the time in seconds.
    async fn read(piece: usize, pieces: usize) -> (Result<(), BodyError>, u64) {
        let (sender, receiver) = mpsc::channel(1);
        tokio::spawn(async move {
            for _ in 0..pieces {
                sleep(Duration::from_secs(1)).await;
                if sender.send(Bytes::from(vec![0; piece])).await.is_err() {
                    break;
                }
            }
        });
        let body = Body::from_stream(Pieces(receiver));
        let mut body = RequestBody::new(body, Duration::from_secs(20));
        let start = Instant::now();
        let result = loop {
            match body.next().await {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        (result, start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn reads_the_whole_body_over_a_slow_connection() {
        assert_eq!(read(1_000, 3_600).await, (Ok(()), 3_600));
    }

    #[tokio::test(start_paused = true)]
    async fn stops_reading_from_a_sender_below_1_kb_per_second() {
        let (result, seconds) = read(1, 3_600).await;
        assert_eq!((result, seconds), (Err(BodyError::TooSlow), 30));
        let (result, seconds) = read(500, 3_600).await;
        assert_eq!(result, Err(BodyError::TooSlow));
        assert!((58..=60).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn closes_the_connection_of_a_refused_sender_sooner() {
        for (refused, expected) in [(true, 10), (false, 300)] {
            let (sender, receiver) = mpsc::channel(1);
            let body = Body::from_stream(Pieces(receiver));
            let mut body = RequestBody::new(body, Duration::from_secs(20));
            if refused {
                body.shorten_drain();
            }
            drop(body);
            let start = Instant::now();
            while sender.send(Bytes::from(vec![0; 1_100])).await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
            let seconds = start.elapsed().as_secs();
            assert!((expected..expected + 3).contains(&seconds), "{refused}: {seconds}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_fast_start_does_not_extend_the_time_for_the_rest_of_the_body() {
        let (sender, receiver) = mpsc::channel(1);
        let mut body =
            RequestBody::new(Body::from_stream(Pieces(receiver)), Duration::from_secs(3_600));
        sender.send(Bytes::from(vec![0; 10_000_000])).await.unwrap();
        assert_eq!(body.next().await.unwrap().map(|data| data.len()), Some(10_000_000));
        let start = Instant::now();
        assert_eq!(body.next().await, Err(BodyError::TooSlow));
        assert_eq!(start.elapsed(), BUDGET);
    }
}

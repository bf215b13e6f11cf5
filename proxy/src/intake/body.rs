//! The bytes of a request, as they come.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt;
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

use crate::limits::Upload;

/// How much more is read, and how long, for a sender that has its answer already.
const DRAIN_BYTES: usize = 1_000_000_000;
const DRAIN_TIME: Duration = Duration::from_secs(300);

/// The same for one that nobody waits for: enough for a form with pictures on a usual line.
const SHORT_DRAIN_BYTES: usize = 16_000_000;
const SHORT_DRAIN_TIME: Duration = Duration::from_secs(10);

/// What a sender may be behind the slowest line that is waited for: it begins with so long a wait in
/// hand, and each byte earns it a thousandth of a second more, up to that again. A line of 1 kB/s is
/// so waited for without end, a silent one not; and no one byte now and then keeps a place.
const PATIENCE: Duration = Duration::from_secs(30);
const BYTE_EARNS: Duration = Duration::from_millis(1);

/// A request's body, counted, and given up when its sender falls silent or dawdles.
///
/// Dropped before its end, it reads and forgets the rest, within bounds, while the answer is on its
/// way: closing a connection with bytes unread makes the system reset it, and the reset overtakes
/// the answer (RFC 9112 9.6). A sender that cannot listen before it has sent everything, such as
/// `XMLHttpRequest` in Chromium, would see a broken connection instead.
#[derive(Debug)]
pub(crate) struct Incoming {
    body: Body,
    waiting: Waiting,
    bytes: u64,
    /// How much more is read once it is dropped, and how long.
    drain: (usize, Duration),
    /// The sender's upload slot, held until the rest of the body is read.
    place: Option<Upload>,
    /// Nothing more will come, or nobody shall wait for it.
    over: bool,
}

/// Why no more bytes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BodyError {
    /// The sender fell silent, or is slower than any line that is in use.
    #[error("the sender fell silent or dawdles")]
    Silent,
    /// The connection was cut, or the framing is broken.
    #[error("the body broke off")]
    Cut,
}

impl Incoming {
    pub(crate) fn new(body: Body, silence: Duration) -> Self {
        let waiting = Waiting { silence, patience: PATIENCE };
        let drain = (DRAIN_BYTES, DRAIN_TIME);
        Self { body, waiting, bytes: 0, drain, place: None, over: false }
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

    /// Its sender is none of those who may send now: it shall not keep its connection by going on.
    pub(crate) fn is_unwanted(&mut self) {
        self.drain = (SHORT_DRAIN_BYTES, SHORT_DRAIN_TIME);
    }

    /// Holds the sender's upload slot until the rest is read. Reading ends early if another sender
    /// gets the slot.
    pub(crate) fn hold(&mut self, place: Upload) {
        self.place = Some(place);
    }

    /// Whether its sender may still be sending.
    pub(crate) fn is_unread(&self) -> bool {
        !self.over
    }

    /// The next bytes; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        // From here on the sender sends, whether it asked first or not.
        self.over = false;
        let next = self.waiting.next(&mut self.body).await;
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
            runtime.spawn(drain(body, self.waiting, self.drain, self.place.take()));
        }
    }
}

/// How long a sender is waited for. Time that the proxy itself takes does not count.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    /// Without a byte.
    silence: Duration,
    /// In hand, over all waits.
    patience: Duration,
}

impl Waiting {
    /// The next bytes; none at the end.
    async fn next(&mut self, body: &mut Body) -> Result<Option<Bytes>, BodyError> {
        loop {
            let begun = Instant::now();
            let frame = timeout(self.silence.min(self.patience), body.frame()).await;
            self.patience = self.patience.saturating_sub(begun.elapsed());
            match frame {
                Ok(Some(Ok(frame))) => {
                    // Trailers are no part of a form.
                    if let Ok(data) = frame.into_data() {
                        self.earn(data.len());
                        return Ok(Some(data));
                    }
                }
                Ok(None) => return Ok(None),
                Ok(Some(Err(_))) => return Err(BodyError::Cut),
                Err(_) => return Err(BodyError::Silent),
            }
        }
    }

    fn earn(&mut self, bytes: usize) {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.patience = self.patience.saturating_add(BYTE_EARNS * bytes).min(PATIENCE);
    }
}

/// Reads and discards the rest, within limits and only while the sender holds its slot.
async fn drain(
    mut body: Body,
    mut waiting: Waiting,
    (bytes, time): (usize, Duration),
    place: Option<Upload>,
) {
    let rest = async {
        let mut left = bytes;
        while let Ok(Some(data)) = waiting.next(&mut body).await {
            left = left.saturating_sub(data.len());
            if left == 0 {
                break;
            }
        }
    };
    let given_up = async {
        match &place {
            Some(place) => place.gives_way().await,
            None => std::future::pending().await,
        }
    };
    // In either case the body is dropped, which closes the connection.
    let _ = timeout(time, async {
        tokio::select! {
            () = rest => {}
            () = given_up => {}
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

    /// Pieces of that size, a second apart: what comes of reading them all, and after how long.
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
        let mut incoming = Incoming::new(body, Duration::from_secs(20));
        let begun = Instant::now();
        let result = loop {
            match incoming.next().await {
                Ok(Some(_)) => {}
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        (result, begun.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_is_waited_for_without_end() {
        assert_eq!(read(1_000, 3_600).await, (Ok(()), 3_600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_now_and_then_keeps_no_place() {
        let (result, seconds) = read(1, 3_600).await;
        assert_eq!((result, seconds), (Err(BodyError::Silent), 30));
        let (result, seconds) = read(500, 3_600).await;
        assert_eq!(result, Err(BodyError::Silent));
        assert!((58..=60).contains(&seconds), "{seconds}");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_may_not_send_keeps_no_connection_by_going_on() {
        for (unwanted, expected) in [(true, 10), (false, 300)] {
            let (sender, receiver) = mpsc::channel(1);
            let body = Body::from_stream(Pieces(receiver));
            let mut incoming = Incoming::new(body, Duration::from_secs(20));
            if unwanted {
                incoming.is_unwanted();
            }
            drop(incoming);
            let begun = Instant::now();
            while sender.send(Bytes::from(vec![0; 1_100])).await.is_ok() {
                sleep(Duration::from_secs(1)).await;
            }
            let seconds = begun.elapsed().as_secs();
            assert!((expected..expected + 3).contains(&seconds), "{unwanted}: {seconds}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_fast_start_buys_no_more_than_the_usual_patience() {
        let (sender, receiver) = mpsc::channel(1);
        let mut incoming =
            Incoming::new(Body::from_stream(Pieces(receiver)), Duration::from_secs(3_600));
        sender.send(Bytes::from(vec![0; 10_000_000])).await.unwrap();
        assert_eq!(incoming.next().await.unwrap().map(|data| data.len()), Some(10_000_000));
        let begun = Instant::now();
        assert_eq!(incoming.next().await, Err(BodyError::Silent));
        assert_eq!(begun.elapsed(), PATIENCE);
    }
}

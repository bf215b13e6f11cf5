use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::settings::clock::{Clock, Moment};

/// The wall clock's time at the start.
const START: Moment = Moment(1_800_000_000_000);

/// A wall clock that jumps.
#[derive(Debug, Clone)]
pub(super) struct JumpingClock {
    started: Instant,
    /// The sum of all jumps, in milliseconds.
    offset: Arc<AtomicI64>,
}

impl JumpingClock {
    /// Moves the clock forward or back by this many milliseconds.
    pub(super) fn jump(&self, milliseconds: i64) {
        self.offset.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Returns the clock as the proxy sees it.
    pub(super) fn clock(&self) -> Clock {
        let Self { started, offset } = self.clone();
        Clock::new(move || {
            let Moment(now) = START.plus(started.elapsed());
            Moment(now.saturating_add(offset.load(Ordering::SeqCst)))
        })
    }

    /// Moves the clock forward.
    pub(super) fn forward(&self, time: Duration) {
        self.jump(i64::try_from(time.as_millis()).unwrap());
    }
}

impl Default for JumpingClock {
    fn default() -> Self {
        Self { started: Instant::now(), offset: Arc::default() }
    }
}

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::settings::clock::{Clock, Moment};

/// The wall clock's first time.
const BEGIN: Moment = Moment(1_800_000_000_000);

/// A wall clock that jumps.
#[derive(Debug, Clone)]
pub(super) struct JumpingClock {
    begun: Instant,
    /// The difference to the clock that does not jump, in milliseconds.
    difference: Arc<AtomicI64>,
}

impl JumpingClock {
    /// Sets the clock forward or back.
    pub(super) fn jump(&self, milliseconds: i64) {
        self.difference.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// The clock as the proxy sees it.
    pub(super) fn clock(&self) -> Clock {
        let Self { begun, difference } = self.clone();
        Clock::new(move || {
            let Moment(now) = BEGIN.plus(begun.elapsed());
            Moment(now.saturating_add(difference.load(Ordering::SeqCst)))
        })
    }

    /// Sets the clock forward.
    pub(super) fn forward(&self, time: Duration) {
        self.jump(i64::try_from(time.as_millis()).unwrap());
    }
}

impl Default for JumpingClock {
    fn default() -> Self {
        Self { begun: Instant::now(), difference: Arc::default() }
    }
}

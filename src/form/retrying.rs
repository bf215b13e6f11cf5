//! Sending again by itself, after a failure that passes by itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use deal_contract::words::Word;
use js_sys::Math;
use reactive_graph::traits::Track;

use super::session::Session;
use crate::browser::{Timer, later, window};
use crate::scope::Scope;
use crate::state::follow;
use crate::submission::Failure;

/// The seconds before each try.
const PAUSES: [u64; 4] = [5, 10, 20, 40];

/// The longest wait that a server is granted.
const LONGEST: u64 = 120;

const SECOND: Duration = Duration::from_secs(1);

/// The tries so far, and the countdown to the next.
#[derive(Default)]
pub(super) struct Retrying {
    tries: Cell<usize>,
    left: Cell<u64>,
    timer: RefCell<Option<Timer>>,
    /// Whether to send the form when the browser is back online, without a countdown: a service
    /// worker without a connection may have answered instead of the proxy.
    when_online: Cell<bool>,
    /// Whether the form is sent because the visitor wants it, or by itself.
    by_itself: Cell<bool>,
}

impl Retrying {
    /// Whether a try is counted down to.
    pub(super) fn is_waiting(&self) -> bool {
        self.timer.borrow().is_some()
    }

    pub(super) fn is_by_itself(&self) -> bool {
        self.by_itself.get()
    }
}

/// The seconds before the try of that number. Some more for some: when a server comes back, not all
/// knock in the same second.
fn pause(tries: usize, asked: Option<u64>, lot: u64) -> Option<u64> {
    let pause = PAUSES.get(tries)?;
    Some(asked.unwrap_or_default().min(LONGEST).max(*pause) + lot)
}

impl Session {
    /// Whatever the visitor changes stops the countdown: nothing half changed is sent. A browser
    /// that is back online ends it.
    pub(super) fn retry_by_itself(self: &Rc<Self>, scope: &Scope) {
        let session = Rc::clone(self);
        follow(scope, move || {
            session.state.edited.track();
            session.stop_retrying();
        });
        let session = Rc::clone(self);
        super::events::listen(scope, window().into(), &["online"], move |_| {
            if session.retrying.is_waiting() || session.retrying.when_online.get() {
                session.try_again();
            }
        });
    }

    /// The visitor sends: all tries are there again.
    pub(super) fn send_by_hand(self: &Rc<Self>) {
        self.stop_retrying();
        self.retrying.tries.set(0);
        self.realigned.set(0);
        self.retrying.by_itself.set(false);
        self.send();
    }

    /// Begins the countdown, where the failure passes by itself and tries are left.
    pub(super) fn try_again_later(self: &Rc<Self>, failure: &Failure) {
        let Retrying { tries, left, when_online, .. } = &self.retrying;
        when_online.set(matches!(failure, Failure::Unreadable));
        let Some(pause) =
            pause(tries.get(), self.attempt.wait(), lot()).filter(|_| failure.passes())
        else {
            return;
        };
        tries.set(tries.get() + 1);
        left.set(pause);
        self.count_down();
    }

    fn count_down(self: &Rc<Self>) {
        let left = self.retrying.left.get();
        if left == 0 {
            return self.try_again();
        }
        let time = self.state.locale.seconds(left);
        let said = self.state.locale.fill(Word::RetryIn, &[("time", &time)]);
        self.elements.countdown_text.set_text_content(Some(&said));
        self.elements.countdown.show(true);
        self.retrying.left.set(left - 1);
        let session = Rc::downgrade(self);
        let tick = move || session.upgrade().iter().for_each(Self::count_down);
        *self.retrying.timer.borrow_mut() = later(SECOND, tick);
    }

    fn try_again(self: &Rc<Self>) {
        self.stop_retrying();
        self.retrying.by_itself.set(true);
        self.send();
    }

    /// The visitor decides.
    pub(super) fn stop_retrying(&self) {
        self.retrying.timer.take();
        self.retrying.when_online.set(false);
        self.elements.countdown.show(false);
    }
}

/// None, one or two seconds.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number from 0 to below 3"
)]
fn lot() -> u64 {
    (Math::random() * 3.0) as u64
}

#[cfg(test)]
mod tests {
    use super::pause;

    #[test]
    fn each_pause_is_longer_and_at_least_what_the_server_asks() {
        assert_eq!(
            (0..5).map(|n| pause(n, None, 0)).collect::<Vec<_>>(),
            [Some(5), Some(10), Some(20), Some(40), None]
        );
        assert_eq!(pause(0, Some(30), 2), Some(32));
        assert_eq!(pause(1, Some(3), 1), Some(11));
        assert_eq!(pause(0, Some(86_400), 0), Some(120));
        assert_eq!(pause(4, Some(1), 0), None);
    }
}

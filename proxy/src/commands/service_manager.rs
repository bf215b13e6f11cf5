//! Notifies the service manager of the proxy's state with the `sd_notify` protocol. If
//! `NOTIFY_SOCKET` is not set, as in a shell, no notification is sent.

use std::io;

use tracing::warn;

/// A state of the proxy.
#[derive(Debug, Clone, Copy)]
pub(super) enum Activity {
    /// The proxy has started, or a reload has ended. The status says whether the reload was
    /// refused.
    Ready { status: &'static str },
    /// The proxy begins to reload its settings.
    Reloading,
    /// The proxy stops.
    Stopping,
}

/// Notifies the service manager. An error is only logged: the proxy also works without a manager.
pub(super) fn notify(activity: Activity) {
    if let Err(error) = send(activity) {
        warn!(%error, "cannot notify the service manager");
    }
}

#[cfg(unix)]
fn send(activity: Activity) -> io::Result<()> {
    use sd_notify::{NotifyState, notify};

    match activity {
        Activity::Ready { status } => notify(&[NotifyState::Ready, NotifyState::Status(status)]),
        // Send the state and the time in one message: systemd compares this time with the time of its reload request.
        Activity::Reloading => {
            notify(&[NotifyState::Reloading, NotifyState::monotonic_usec_now()?])
        }
        Activity::Stopping => notify(&[NotifyState::Stopping]),
    }
}

#[cfg(not(unix))]
fn send(_: Activity) -> io::Result<()> {
    Ok(())
}

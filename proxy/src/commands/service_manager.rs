//! Tells the service manager what the proxy does, by the protocol of `sd_notify`. Without `NOTIFY_SOCKET`,
//! as in a shell, nothing is sent.

use std::io;

use tracing::warn;

/// What the proxy does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Activity {
    /// It has started, or a reload has ended. After a refused reload too: the status says which.
    Ready { status: &'static str },
    /// It begins to reload its settings.
    Reloading,
    /// It stops.
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
        // In one message: systemd compares the time with the time of its request.
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

//! What whoever runs the proxy tells it while it runs.

use std::io;

use tokio::signal;
#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Read the settings and forms anew: SIGHUP.
    Reload,
    /// Stop: Ctrl-C, or SIGTERM as service managers send it.
    Stop,
}

/// The signals, from the time on that somebody listens.
#[cfg(unix)]
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: unix::Signal,
    hang_up: unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: unix::signal(SignalKind::terminate())?,
            hang_up: unix::signal(SignalKind::hangup())?,
        })
    }

    pub(crate) async fn next(&mut self) -> io::Result<Signal> {
        tokio::select! {
            pressed = signal::ctrl_c() => pressed.map(|()| Signal::Stop),
            _ = self.terminate.recv() => Ok(Signal::Stop),
            _ = self.hang_up.recv() => Ok(Signal::Reload),
        }
    }
}

/// Ctrl-C is all there is.
#[cfg(not(unix))]
#[derive(Debug)]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    pub(crate) async fn next(&mut self) -> io::Result<Signal> {
        signal::ctrl_c().await.map(|()| Signal::Stop)
    }
}

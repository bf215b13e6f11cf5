//! The signals that stop or reload a running proxy.

use std::io;

use tokio::signal;
#[cfg(unix)]
use tokio::signal::unix::{self, SignalKind};

/// A command to the running proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// SIGHUP: read the settings and forms again.
    Reload,
    /// Ctrl-C, or SIGTERM from a service manager: stop.
    Stop,
}

/// Receives the signals that arrive after [`listen`](Self::listen).
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

/// Receives Ctrl-C, the only signal on systems other than Unix.
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

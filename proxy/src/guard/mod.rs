//! Who may send how much: what keeps one sender from taking the place of all others.

mod crowd;
mod rates;
mod sender;

use std::net::IpAddr;

pub(crate) use self::crowd::{Crowd, Full, Place};
use self::rates::Rates;
pub(crate) use self::sender::Sender;
use crate::config::{Config, Limits, Network};
use crate::refusal::Refusal;

/// Seconds after which somebody with too many submissions under way may try again.
const UPLOAD_SECONDS: u64 = 10;

/// Counts submissions by who sends them and for which form.
#[derive(Debug)]
pub(crate) struct Guard {
    rates: Rates,
    uploads: Crowd,
}

impl Guard {
    pub(crate) fn new(config: &Config) -> Self {
        Self { rates: Rates::new(&config.rates), uploads: Crowd::default() }
    }

    /// A place for a submission that is about to be read, or who has to wait.
    ///
    /// Where the sender is unknown, it is counted with everybody's alone: a reverse proxy that does
    /// not say for whom it asks shall not make all visitors one.
    pub(crate) fn admit(
        &self,
        form: &str,
        sender: Sender,
        limits: &Limits,
    ) -> Result<Place, Refusal> {
        let place = self.uploads.enter(sender, limits.uploads, limits.uploads_per_address);
        let place = place.map_err(|full| match full {
            Full::All => Refusal::Unavailable,
            Full::Each => Refusal::TooMany { seconds: UPLOAD_SECONDS },
        })?;
        self.rates.check(form, sender).map_err(|seconds| Refusal::TooMany { seconds })?;
        Ok(place)
    }
}

/// Whether the address is one of ours.
fn trusts(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

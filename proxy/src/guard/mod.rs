//! Who may send how much, and whether it is a person: what keeps one sender from taking the place of
//! all others, and programs from making deals.

mod brought;
mod captcha;
mod crowd;
mod form_rate;
mod person;
mod rates;
mod secret;
mod sender;
mod spare;
mod spent;
mod token;
mod uploads;
mod work;

use std::net::IpAddr;

use deal_contract::reference::Reference;

pub(crate) use self::brought::{Brought, LENGTH as BROUGHT_LENGTH, TOKEN, TRAP, is_brought};
pub use self::captcha::CaptchaError;

pub(crate) use self::crowd::Crowd;
use self::crowd::Full;
use self::person::Doorkeeper;
pub(crate) use self::person::{Sent, Ticket};
pub use self::person::{SetupError, Suspicion};
use self::rates::Rates;
pub use self::secret::SecretError;
pub(crate) use self::sender::Sender;
pub(crate) use self::uploads::Upload;
use self::uploads::Uploads;
use crate::config::{Captcha, Config, Limits, Network};
use crate::forms::{Form, Forms};
use crate::journal::Content;
use crate::refusal::Refusal;

/// Seconds after which somebody with too many submissions under way may try again.
const UPLOAD_SECONDS: u64 = 10;

/// Counts submissions by who sends them and for which form.
#[derive(Debug)]
pub(crate) struct Guard {
    rates: Rates,
    uploads: Uploads,
    doorkeeper: Doorkeeper,
}

impl Guard {
    /// # Errors
    /// A form that wants what is not set up, and secrets that are missing or too short.
    pub(crate) fn new(config: &Config, forms: &Forms) -> Result<Self, SetupError> {
        Self::with(config, forms, Uploads::default(), Doorkeeper::new(&config.captcha)?)
    }

    /// By other settings. Uploads under way go on counting, and so do the tokens of open pages and
    /// the proofs that were used up; only the rates begin anew.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) fn renewed(&self, config: &Config, forms: &Forms) -> Result<Self, SetupError> {
        let doorkeeper = self.doorkeeper.renewed(&config.captcha)?;
        Self::with(config, forms, self.uploads.clone(), doorkeeper)
    }

    /// How many submissions are being read.
    pub(crate) fn uploads(&self) -> usize {
        self.uploads.len()
    }

    fn with(
        config: &Config,
        forms: &Forms,
        uploads: Uploads,
        doorkeeper: Doorkeeper,
    ) -> Result<Self, SetupError> {
        if config.captcha.verify_url.url().is_none()
            && let Some(form) = forms.all().find(|form| form.definition.public.proof.captcha)
        {
            return Err(CaptchaError::NotSetUp(form.id.clone()).into());
        }
        Ok(Self { rates: Rates::new(&config.rates), uploads, doorkeeper })
    }

    /// A token for a page that is opened, where the form wants one.
    pub(crate) fn fresh_token(&self, form: &Form) -> Option<String> {
        self.doorkeeper.fresh_token(form)
    }

    /// A token for a page that comes back to somebody who has filled it in.
    pub(crate) fn ripe_token(&self, form: &Form) -> Option<String> {
        self.doorkeeper.ripe_token(form)
    }

    /// What the widget needs to send the form.
    pub(crate) fn ticket(
        &self,
        form: &Form,
        captcha: &Captcha,
    ) -> Result<Ticket, getrandom::Error> {
        self.doorkeeper.ticket(form, captcha)
    }

    /// Whether it seems to be a person who sent that.
    pub(crate) async fn vet(
        &self,
        form: &Form,
        brought: &Brought,
        sent: Option<Sent<'_>>,
    ) -> Result<(), Suspicion> {
        self.doorkeeper.vet(form, brought, sent).await
    }

    /// The references that a draft without one has: of this while, and of the one before, which it
    /// keeps when it was sent then.
    pub(crate) fn spare_references(&self, sender: Sender, content: Content) -> [Reference; 2] {
        spare::references(self.doorkeeper.secret(), sender, content, person::now())
    }

    /// A place for a submission that is about to be read, or who has to wait.
    ///
    /// Where the sender is unknown, it is counted with everybody's alone: a reverse proxy that does
    /// not say for whom it asks shall not make all visitors one.
    pub(crate) fn admit(&self, sender: Sender, limits: &Limits) -> Result<Upload, Refusal> {
        // First: whoever is given a place may have taken it from somebody.
        self.rates.sender(sender).map_err(|seconds| Refusal::TooMany { seconds })?;
        let (all, each) = (limits.uploads.get(), limits.uploads_per_address.get());
        self.uploads.enter(sender, all, each).map_err(|full| match full {
            Full::All => Refusal::Unavailable,
            Full::Each => Refusal::TooMany { seconds: UPLOAD_SECONDS },
        })
    }

    /// Counts a submission for its form: one that was read and vetted, so that junk leaves the form
    /// to those who fill it in.
    pub(crate) fn charge(&self, form: &Form, sender: Sender) -> Result<(), Refusal> {
        self.rates.form(&form.id, sender).map_err(|seconds| Refusal::TooMany { seconds })
    }
}

/// Whether the address is one of ours.
pub(crate) fn trusts(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}

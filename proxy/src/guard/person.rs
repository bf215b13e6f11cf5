//! Whether a person sent a form, as far as that can be told.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Serialize;

use super::brought::Brought;
use super::captcha::{Captcha, CaptchaError};
use super::secret::{Secret, SecretError};
use super::spent::Spent;
use super::work::Challenge;
use super::{token, work};
use crate::config;
use crate::forms::Form;
use crate::journal::Content;

/// Why a submission looks like a program's. It is refused in words that a person can act on, never
/// dropped: browsers fill in hidden fields too, and a lead that was answered with a yes and thrown
/// away would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// Something stands in the field that nobody sees.
    Trap,
    /// Faster than anybody fills in a form.
    Fast {
        /// After so many it is no longer too fast.
        seconds: u64,
    },
    /// No token, one of another form, draft or start of the proxy, or one that has grown too old.
    Stale,
    /// No work, or no answer of the captcha, or one that was brought before.
    Unproven,
}

/// What is sent, as far as a proof counts for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent<'a> {
    /// The name of what was filled in.
    pub(crate) draft: &'a str,
    /// What it says now.
    pub(crate) content: Content,
}

/// What tells persons from programs.
#[derive(Debug)]
pub(super) struct Doorkeeper {
    secret: Arc<Secret>,
    /// Of this start of the proxy alone, which knows what work was used up. The widget works anew
    /// where it worked for another.
    work_secret: Arc<Secret>,
    spent: Arc<Spent>,
    captcha: Option<Captcha>,
}

/// What a page needs to send the form, and has to bring back.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Ticket {
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// The seconds before which the token counts as too fast.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    captcha: Option<config::CaptchaSite>,
    #[serde(skip_serializing_if = "Option::is_none")]
    work: Option<Challenge>,
}

impl Doorkeeper {
    pub(super) fn new(config: &config::Captcha) -> Result<Self, SetupError> {
        Ok(Self {
            secret: Arc::new(Secret::from_env()?),
            work_secret: Arc::new(Secret::random()?),
            spent: Arc::default(),
            captcha: Captcha::new(config)?,
        })
    }

    /// With another captcha; what was signed and used up still is.
    pub(super) fn renewed(&self, config: &config::Captcha) -> Result<Self, SetupError> {
        Ok(Self {
            secret: Arc::clone(&self.secret),
            work_secret: Arc::clone(&self.work_secret),
            spent: Arc::clone(&self.spent),
            captcha: Captcha::new(config)?,
        })
    }

    /// What the proxy signs with.
    pub(super) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// A token for a page that a form is shown on again.
    pub(super) fn ripe_token(&self, form: &Form) -> Option<String> {
        self.token(form, token::ripe)
    }

    /// A token for a page that is opened.
    pub(super) fn fresh_token(&self, form: &Form) -> Option<String> {
        self.token(form, token::fresh)
    }

    /// Nothing where the form asks for none, and where the system has no random numbers.
    fn token(
        &self,
        form: &Form,
        write: fn(&Secret, &str, &str, Duration) -> String,
    ) -> Option<String> {
        if !form.definition.public.proof.token {
            return None;
        }
        let random = crate::random::hex::<8>().ok()?;
        Some(write(&self.secret, &form.id, &random, now()))
    }

    /// All that a page needs.
    pub(super) fn ticket(
        &self,
        form: &Form,
        captcha: &config::Captcha,
    ) -> Result<Ticket, getrandom::Error> {
        let proof = form.definition.public.proof;
        let mut ticket = Ticket { token: self.fresh_token(form), ..Ticket::default() };
        ticket.wait = ticket.token.as_ref().map(|_| token::seconds_at_least());
        ticket.captcha = proof.captcha.then(|| captcha.site());
        if proof.work {
            let (random, number) = (crate::random::hex::<16>()?, crate::random::number()?);
            let secret = &self.work_secret;
            ticket.work = Some(work::challenge(secret, &form.id, &random, number, now()));
        }
        Ok(ticket)
    }

    /// Whether it seems to be a person. What has no name is never the same draft again.
    pub(super) async fn vet(
        &self,
        form: &Form,
        brought: &Brought,
        sent: Option<Sent<'_>>,
    ) -> Result<(), Suspicion> {
        if brought.trapped {
            return Err(Suspicion::Trap);
        }
        let (asked, now) = (form.definition.public.proof, now());
        if asked.token {
            let token = brought.token.as_deref().unwrap_or_default();
            token::check(&self.secret, &form.id, token, now)?;
            // The page gets another one where it can, and sends again by itself.
            if !self.spent.spend(token, sent, now, token::AT_MOST) {
                return Err(Suspicion::Stale);
            }
        }
        if asked.work {
            let solution = brought.work.as_deref().unwrap_or_default();
            let challenge = work::solved(&self.work_secret, &form.id, solution, now);
            let challenge = challenge.ok_or(Suspicion::Unproven)?;
            if !self.spent.spend(&challenge, sent, now, work::LIFETIME) {
                return Err(Suspicion::Unproven);
            }
        }
        match &self.captcha {
            Some(captcha) if asked.captcha => self.vet_answer(captcha, brought, sent, now).await,
            _ => Ok(()),
        }
    }

    /// The service takes each answer once, so that of a draft which is sent again is remembered here.
    async fn vet_answer(
        &self,
        captcha: &Captcha,
        brought: &Brought,
        sent: Option<Sent<'_>>,
        now: Duration,
    ) -> Result<(), Suspicion> {
        let answer = brought.captcha.as_deref().filter(|answer| !answer.is_empty());
        let answer = answer.ok_or(Suspicion::Unproven)?;
        let counts = match self.spent.again(answer, sent, now) {
            Some(counts) => counts,
            None => {
                captcha.is_person(answer).await
                    && self.spent.spend(answer, sent, now, work::LIFETIME)
            }
        };
        if counts { Ok(()) } else { Err(Suspicion::Unproven) }
    }
}

/// Why persons cannot be told from programs as the settings say.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// What is signed with.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The captcha.
    #[error(transparent)]
    Captcha(#[from] CaptchaError),
}

/// Since 1970.
pub(super) fn now() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}

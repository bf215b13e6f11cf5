//! Checks whether a person sent a form, as far as that can be told.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use deal_contract::protocol::ProofRequest;
use deal_contract::reference::Reference;

use super::captcha::{Captcha, CaptchaError};
use super::derived_reference;
use super::draft_content::DraftContent;
use super::proof_fields::ProofFields;
use super::secret::{Secret, SecretError};
use super::suspicion::BotSuspicion;
use super::used_proofs::UsedProofs;
use super::{token, work};
use crate::limits::Sender;
use crate::settings::config::{self, Config};
use crate::settings::forms::{Form, Forms};
use crate::settings::random;
use crate::store::ContentDigest;

/// What tells persons from programs.
#[derive(Debug)]
pub(crate) struct BotCheck {
    secret: Arc<Secret>,
    /// Of this start of the proxy alone, which knows what work was used up. The widget works anew
    /// where it worked for another.
    work_secret: Arc<Secret>,
    used: Arc<UsedProofs>,
    captcha: Option<Captcha>,
}

impl BotCheck {
    /// # Errors
    /// A form that asks for a captcha without one in the settings; secrets that are missing or too
    /// short.
    pub(crate) fn new(config: &Config, forms: &Forms) -> Result<Self, SetupError> {
        Ok(Self {
            secret: Arc::new(Secret::from_env()?),
            work_secret: Arc::new(Secret::random()?),
            used: Arc::default(),
            captcha: captcha(config, forms)?,
        })
    }

    /// The check by other settings. The tokens of open pages still count, and used proofs stay used.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) fn renewed(&self, config: &Config, forms: &Forms) -> Result<Self, SetupError> {
        Ok(Self {
            secret: Arc::clone(&self.secret),
            work_secret: Arc::clone(&self.work_secret),
            used: Arc::clone(&self.used),
            captcha: captcha(config, forms)?,
        })
    }

    /// The references of a draft whose page made none: that of the current period, and that of the
    /// period before, which it keeps if it was sent then.
    pub(crate) fn derived_references(
        &self,
        sender: Sender,
        content: ContentDigest,
    ) -> [Reference; 2] {
        derived_reference::references(&self.secret, sender, content, now())
    }

    /// A token for a page that a form is shown on again.
    pub(crate) fn ripe_token(&self, form: &Form) -> Option<String> {
        self.token(form, token::ripe)
    }

    /// A token for a page that is opened.
    pub(crate) fn fresh_token(&self, form: &Form) -> Option<String> {
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
        let random = random::hex::<8>().ok()?;
        Some(write(&self.secret, &form.id, &random, now()))
    }

    /// All that a page needs.
    pub(crate) fn proof_request(
        &self,
        form: &Form,
        captcha: &config::Captcha,
    ) -> Result<ProofRequest, getrandom::Error> {
        let proof = form.definition.public.proof;
        let mut request = ProofRequest { token: self.fresh_token(form), ..ProofRequest::default() };
        request.wait = request.token.as_ref().map(|_| token::seconds_at_least());
        request.captcha = proof.captcha.then(|| captcha.site());
        if proof.work {
            let (random, number) = (random::hex::<16>()?, random::number()?);
            let secret = &self.work_secret;
            request.work = Some(work::challenge(secret, &form.id, &random, number, now()));
        }
        Ok(request)
    }

    /// Whether it seems to be a person. What has no name is never the same draft again.
    pub(crate) async fn check(
        &self,
        form: &Form,
        proof: &ProofFields,
        sent: Option<DraftContent<'_>>,
    ) -> Result<(), BotSuspicion> {
        if proof.trapped {
            return Err(BotSuspicion::Trap);
        }
        let (asked, now) = (form.definition.public.proof, now());
        if asked.token {
            let token = proof.token.as_deref().unwrap_or_default();
            token::check(&self.secret, &form.id, token, now)?;
            // The page gets another one where it can, and sends again by itself.
            if !self.used.spend(token, sent, now, token::AT_MOST) {
                return Err(BotSuspicion::Stale);
            }
        }
        if asked.work {
            let solution = proof.work.as_deref().unwrap_or_default();
            let challenge = work::solved(&self.work_secret, &form.id, solution, now);
            let challenge = challenge.ok_or(BotSuspicion::Unproven)?;
            if !self.used.spend(&challenge, sent, now, work::LIFETIME) {
                return Err(BotSuspicion::Unproven);
            }
        }
        match &self.captcha {
            Some(captcha) if asked.captcha => self.vet_answer(captcha, proof, sent, now).await,
            _ => Ok(()),
        }
    }

    /// The service takes each answer once, so that of a draft which is sent again is remembered here.
    async fn vet_answer(
        &self,
        captcha: &Captcha,
        proof: &ProofFields,
        sent: Option<DraftContent<'_>>,
        now: Duration,
    ) -> Result<(), BotSuspicion> {
        let answer = proof.captcha.as_deref().filter(|answer| !answer.is_empty());
        let answer = answer.ok_or(BotSuspicion::Unproven)?;
        let counts = match self.used.again(answer, sent, now) {
            Some(counts) => counts,
            None => {
                captcha.is_person(answer).await
                    && self.used.spend(answer, sent, now, work::LIFETIME)
            }
        };
        if counts { Ok(()) } else { Err(BotSuspicion::Unproven) }
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

/// The captcha of the settings, which a form may ask for.
fn captcha(config: &Config, forms: &Forms) -> Result<Option<Captcha>, SetupError> {
    let captcha = Captcha::new(&config.captcha)?;
    if captcha.is_none()
        && let Some(form) = forms.all().find(|form| form.definition.public.proof.captcha)
    {
        return Err(CaptchaError::NotSetUp(form.id.clone()).into());
    }
    Ok(captcha)
}

/// The time since 1970.
fn now() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}

//! Checks whether a person seems to have sent a form.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use deal_contract::protocol::ProofRequest;
use deal_contract::reference::Reference;

use super::captcha::{Captcha, CaptchaError};
use super::derived_reference;
use super::proof_fields::ProofFields;
use super::secret::{Secret, SecretError};
use super::suspicion::BotSuspicion;
use super::used_proofs::UsedProofs;
use super::{token, work};
use crate::limits::Sender;
use crate::settings::config::{self, Config};
use crate::settings::forms::{Form, Forms};
use crate::settings::random;
use crate::store::{ContentDigest, DraftContent, Store};

/// Checks submissions for signs of programs.
#[derive(Debug)]
pub(crate) struct BotCheck {
    secret: Arc<Secret>,
    /// The secret that signs challenges. A proxy with its own store generates a new secret at each start, because its
    /// used challenges are known only in this process. After a restart, the widget solves a new challenge.
    work_secret: Arc<Secret>,
    used: Arc<UsedProofs>,
    captcha: Option<Captcha>,
}

impl BotCheck {
    /// Sets up the checks.
    ///
    /// # Errors
    /// If a form requires a captcha and the settings have none, or if a secret is missing or too short.
    pub(crate) fn new(config: &Config, forms: &Forms) -> Result<Self, SetupError> {
        let (secret, work_secret) = if config.store.is_shared() {
            let secret = Secret::shared_from_env()?;
            let work_secret = secret.for_purpose("work");
            (secret, work_secret)
        } else {
            (Secret::from_env()?, Secret::random()?)
        };
        Ok(Self {
            secret: Arc::new(secret),
            work_secret: Arc::new(work_secret),
            used: Arc::default(),
            captcha: captcha(config, forms)?,
        })
    }

    /// Uses the used proofs in a store that several proxies share. With the store of one proxy, the used proofs stay in
    /// memory.
    pub(crate) fn with_store(self, store: &Store) -> Self {
        Self { used: Arc::new(UsedProofs::new(store.proofs())), ..self }
    }

    /// Checks that the settings have what the forms require, except for the secrets.
    ///
    /// # Errors
    /// A form requires a captcha and the settings have none.
    pub(crate) fn check_without_secrets(config: &Config, forms: &Forms) -> Result<(), SetupError> {
        let is_missing = config.captcha.verify_url.url().is_none();
        match forms.all().find(|form| is_missing && form.definition.public.proof.captcha) {
            Some(form) => Err(CaptchaError::NotSetUp(form.id.clone()).into()),
            None => Ok(()),
        }
    }

    /// Sets up the checks again with other settings. The tokens in open pages stay valid, and used proofs
    /// stay used.
    ///
    /// # Errors
    /// The same errors as [`new`](Self::new).
    pub(crate) fn with_config(&self, config: &Config, forms: &Forms) -> Result<Self, SetupError> {
        Ok(Self {
            secret: Arc::clone(&self.secret),
            work_secret: Arc::clone(&self.work_secret),
            used: Arc::clone(&self.used),
            captcha: captcha(config, forms)?,
        })
    }

    /// Returns the derived references for the current and the previous period. A submission that is already
    /// stored under the previous reference keeps this reference.
    pub(crate) fn derived_references(
        &self,
        sender: Sender,
        content: ContentDigest,
    ) -> [Reference; 2] {
        derived_reference::references(&self.secret, sender, content, now())
    }

    /// Creates a token for a form that was refused and is shown again.
    pub(crate) fn token_without_wait(&self, form: &Form) -> Option<String> {
        self.token(form, token::without_wait)
    }

    /// Creates a token for a page that is being opened.
    pub(crate) fn fresh_token(&self, form: &Form) -> Option<String> {
        self.token(form, token::fresh)
    }

    /// Creates a token. Returns `None` if the form requires no token or the system has no random numbers.
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

    /// Returns everything that a page needs for its proofs.
    pub(crate) fn proof_request(
        &self,
        form: &Form,
        captcha: &config::Captcha,
    ) -> Result<ProofRequest, getrandom::Error> {
        let proof = form.definition.public.proof;
        let mut request = ProofRequest { token: self.fresh_token(form), ..ProofRequest::default() };
        request.wait = request.token.as_ref().map(|_| token::min_seconds());
        request.captcha = proof.captcha.then(|| captcha.site());
        if proof.work {
            let (random, number) = (random::hex::<16>()?, random::number()?);
            let secret = &self.work_secret;
            request.work = Some(work::challenge(secret, &form.id, &random, number, now()));
        }
        Ok(request)
    }

    /// Checks the proofs in a submission. `sent` is `None` if the submission has no reference. Such a
    /// submission cannot use a proof a second time, because a used proof is valid only for its draft.
    pub(crate) async fn check(
        &self,
        form: &Form,
        proof: &ProofFields,
        sent: Option<DraftContent<'_>>,
    ) -> Result<(), BotSuspicion> {
        if proof.honeypot_filled {
            return Err(BotSuspicion::Trap);
        }
        let (required, now) = (form.definition.public.proof, now());
        if required.token {
            let token = proof.token.as_deref().unwrap_or_default();
            token::check(&self.secret, &form.id, token, now)?;
            // After this refusal, the widget gets a new token and sends the form again.
            if !self.used.spend(token, sent, now, token::MAX_AGE).await {
                return Err(BotSuspicion::TokenStale);
            }
        }
        if required.work {
            let solution = proof.work.as_deref().unwrap_or_default();
            let challenge = work::solved(&self.work_secret, &form.id, solution, now);
            let challenge = challenge.ok_or(BotSuspicion::NotProven)?;
            if !self.used.spend(&challenge, sent, now, work::LIFETIME).await {
                return Err(BotSuspicion::NotProven);
            }
        }
        match &self.captcha {
            Some(captcha) if required.captcha => {
                self.check_captcha(captcha, proof, sent, now).await
            }
            _ => Ok(()),
        }
    }

    /// Checks the captcha's answer. The service accepts each answer only once, so the proxy does not ask again
    /// about an answer that was used.
    async fn check_captcha(
        &self,
        captcha: &Captcha,
        proof: &ProofFields,
        sent: Option<DraftContent<'_>>,
        now: Duration,
    ) -> Result<(), BotSuspicion> {
        let answer = proof.captcha.as_deref().filter(|answer| !answer.is_empty());
        let answer = answer.ok_or(BotSuspicion::NotProven)?;
        let verified = self.used.is_used(answer, now).await || captcha.is_person(answer).await;
        let valid = verified && self.used.spend(answer, sent, now, work::LIFETIME).await;
        if valid { Ok(()) } else { Err(BotSuspicion::NotProven) }
    }
}

/// Why the bot checks could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The secret for signatures.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The captcha.
    #[error(transparent)]
    Captcha(#[from] CaptchaError),
}

/// Sets up the captcha in the settings. Fails if a form requires one and the settings have none.
fn captcha(config: &Config, forms: &Forms) -> Result<Option<Captcha>, SetupError> {
    BotCheck::check_without_secrets(config, forms)?;
    Ok(Captcha::new(&config.captcha)?)
}

/// Returns the time since 1970.
fn now() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}

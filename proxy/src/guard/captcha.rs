//! Asking a captcha's own service whether its answer is a person's: the `siteverify` that Turnstile,
//! hCaptcha and reCAPTCHA have in common.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use reqwest::{Client, redirect};
use serde::Deserialize;
use thiserror::Error;
use tracing::{error, warn};

use crate::config;

/// The environment variable that the service's secret comes from.
const VARIABLE: &str = "CAPTCHA_SECRET";

/// Nobody waits longer for the service.
const TIME: Duration = Duration::from_secs(5);

/// The service's answers have some hundred bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// A captcha's service.
pub(crate) struct Captcha {
    client: Client,
    url: reqwest::Url,
    secret: Box<str>,
}

/// Why the captcha cannot be asked.
#[derive(Debug, Error)]
pub enum CaptchaError {
    /// No secret.
    #[error(
        "the captcha's secret is missing: set the environment variable {VARIABLE} to the one that \
         its service gives you"
    )]
    Secret,
    /// A form wants a captcha, and none is set up.
    #[error(
        "the form `{0}` wants a captcha: name its service under [captcha], or remove `captcha`"
    )]
    NotSetUp(String),
    /// Connections.
    #[error("cannot prepare connections to the captcha's service: {0}")]
    Client(#[source] reqwest::Error),
}

#[derive(Debug, Deserialize)]
struct Verdict {
    success: bool,
    #[serde(default, rename = "error-codes")]
    errors: Vec<String>,
}

/// What the service says when our secret is missing or wrong: no visitor can help that.
const OUR_FAULTS: [&str; 2] = ["missing-input-secret", "invalid-input-secret"];

impl Captcha {
    /// The service, where one is set up.
    pub(super) fn new(config: &config::Captcha) -> Result<Option<Self>, CaptchaError> {
        let Some(url) = config.verify_url.url() else { return Ok(None) };
        let secret = std::env::var(VARIABLE).ok().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or(CaptchaError::Secret)?;
        Self::with_secret(url.clone(), &secret).map(Some)
    }

    fn with_secret(url: reqwest::Url, secret: &str) -> Result<Self, CaptchaError> {
        let client = crate::tls::client()
            .timeout(TIME)
            // The secret goes to the configured address and to no other.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(CaptchaError::Client)?;
        Ok(Self { client, url, secret: secret.into() })
    }

    /// Whether the answer is a person's. A service that cannot be reached or has a fault counts as a
    /// yes: a visitor can do nothing about it, and the other defences are still there. The visitor's
    /// address is not passed on.
    pub(super) async fn is_person(&self, answer: &str) -> bool {
        self.ask(answer).await.unwrap_or_else(|| {
            warn!("the captcha's service does not answer: nobody is refused for it");
            true
        })
    }

    async fn ask(&self, answer: &str) -> Option<bool> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("secret", &self.secret)
            .append_pair("response", answer)
            .finish();
        let request = self.client.post(self.url.clone());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let mut response = request.body(body).send().await.ok()?;
        let mut json = Vec::new();
        while let Some(bytes) = response.chunk().await.ok()? {
            json.extend_from_slice(&bytes);
            if json.len() > ANSWER_LIMIT {
                return None;
            }
        }
        let Verdict { success, errors } = serde_json::from_slice(&json).ok()?;
        let ours = errors.iter().find(|error| OUR_FAULTS.contains(&error.as_str()));
        if let Some(error) = ours {
            error!(error, "the captcha's service does not take the secret of {VARIABLE}");
            return None;
        }
        Some(success)
    }
}

impl Debug for Captcha {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captcha").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

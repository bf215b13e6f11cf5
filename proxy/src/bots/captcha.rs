//! Asking a captcha's own service whether its answer is a person's: the `siteverify` that Turnstile,
//! hCaptcha and reCAPTCHA have in common.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use reqwest::{Client, redirect};
use serde::Deserialize;
use thiserror::Error;
use tracing::{error, warn};

use crate::settings::config;

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
    /// The hosts whose pages an answer may come from; none where the service sees to that.
    hostnames: Vec<String>,
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
    /// The host of the page on which it was answered.
    #[serde(default)]
    hostname: Option<String>,
}

/// What the service says when our secret is missing or wrong: no visitor can help that.
const OUR_FAULTS: [&str; 2] = ["missing-input-secret", "invalid-input-secret"];

/// What it answers when the address is wrong, or something before it does not let us through.
const OUR_STATUSES: [u16; 4] = [401, 404, 405, 407];

impl Captcha {
    /// The service, where one is set up.
    pub(super) fn new(config: &config::Captcha) -> Result<Option<Self>, CaptchaError> {
        let Some(url) = config.verify_url.url() else { return Ok(None) };
        let secret = std::env::var(VARIABLE).ok().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or(CaptchaError::Secret)?;
        let client = crate::settings::tls::client()
            .timeout(TIME)
            // The secret goes to the configured address and to no other.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(CaptchaError::Client)?;
        let hostnames = config.hostnames.clone();
        Ok(Some(Self { client, url: url.clone(), secret: secret.into(), hostnames }))
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
        let status = response.status();
        let mut json = Vec::new();
        while let Some(bytes) = response.chunk().await.ok()? {
            json.extend_from_slice(&bytes);
            if json.len() > ANSWER_LIMIT {
                return None;
            }
        }
        let Ok(verdict) = serde_json::from_slice(&json) else {
            // Whoever floods the service, or writes what it does not take, is not let in by that.
            let theirs = status.is_client_error() && !OUR_STATUSES.contains(&status.as_u16());
            return theirs.then_some(false);
        };
        let Verdict { success, errors, hostname } = verdict;
        let ours = errors.iter().find(|error| OUR_FAULTS.contains(&error.as_str()));
        if let Some(error) = ours {
            error!(error, "the captcha's service does not take the secret of {VARIABLE}");
            return None;
        }
        let at_home = self.hostnames.is_empty() || hostname.is_some_and(|name| self.is_at(&name));
        Some(success && at_home)
    }

    fn is_at(&self, host: &str) -> bool {
        self.hostnames.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

impl Debug for Captcha {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captcha").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

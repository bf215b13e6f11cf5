//! Asks the captcha's service whether an answer is valid, with the `siteverify` API of Turnstile,
//! hCaptcha and reCAPTCHA.

use std::fmt::{self, Debug, Formatter};
use std::time::Duration;

use reqwest::{Client, redirect};
use serde::Deserialize;
use thiserror::Error;
use tracing::{error, warn};

use crate::settings::config;

/// The environment variable with the service's secret.
const VARIABLE: &str = "CAPTCHA_SECRET";

/// The maximum time for a request to the service.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The maximum size of the service's response. A response usually has a few hundred bytes.
const RESPONSE_LIMIT: usize = 64 * 1024;

/// The service that checks captcha answers.
pub(crate) struct Captcha {
    client: Client,
    url: reqwest::Url,
    secret: Box<str>,
    /// The hosts whose pages may send answers. If empty, the service checks the host.
    hostnames: Vec<String>,
}

/// Why the captcha could not be set up.
#[derive(Debug, Error)]
pub enum CaptchaError {
    /// The secret is missing.
    #[error(
        "the captcha's secret is missing: set the environment variable {VARIABLE} to the secret from \
         the captcha's service"
    )]
    Secret,
    /// A form requires a captcha, but the settings have none.
    #[error(
        "the form `{0}` requires a captcha: set its service under [captcha], or remove `captcha` from \
         the form"
    )]
    NotSetUp(String),
    /// The HTTP client could not be set up.
    #[error("cannot set up the HTTP client for the captcha's service: {0}")]
    Client(#[source] reqwest::Error),
}

#[derive(Debug, Deserialize)]
struct Verdict {
    success: bool,
    #[serde(default, rename = "error-codes")]
    errors: Vec<String>,
    /// The host of the page with the captcha.
    #[serde(default)]
    hostname: Option<String>,
}

/// The error codes for a missing or wrong secret. Visitors cannot correct the secret, so their
/// submissions are not refused.
const SECRET_ERRORS: [&str; 2] = ["missing-input-secret", "invalid-input-secret"];

/// The statuses that mean a wrong address, or a server in between that refuses the proxy's requests.
const SETUP_STATUSES: [u16; 4] = [401, 404, 405, 407];

impl Captcha {
    /// Sets up the captcha in the settings. Returns `None` if they have none.
    pub(super) fn new(config: &config::Captcha) -> Result<Option<Self>, CaptchaError> {
        let Some(url) = config.verify_url.url() else { return Ok(None) };
        let secret = std::env::var(VARIABLE).ok().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or(CaptchaError::Secret)?;
        let client = crate::settings::tls::client()
            .timeout(TIMEOUT)
            // Do not send the secret to another address.
            .redirect(redirect::Policy::none())
            .build()
            .map_err(CaptchaError::Client)?;
        let hostnames = config.hostnames.clone();
        Ok(Some(Self { client, url: url.clone(), secret: secret.into(), hostnames }))
    }

    /// Returns whether the answer is valid. If the service is not available, the answer counts as
    /// valid: visitors cannot correct this, and the other checks still apply. The request does not
    /// contain the visitor's address.
    pub(super) async fn is_person(&self, answer: &str) -> bool {
        self.verify(answer).await.unwrap_or_else(|| {
            warn!("the captcha's service is not available: the answer is accepted without a check");
            true
        })
    }

    /// Returns the service's verdict, or `None` if the service is not available or the setup is wrong.
    async fn verify(&self, answer: &str) -> Option<bool> {
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
            if json.len() > RESPONSE_LIMIT {
                return None;
            }
        }
        let Ok(verdict) = serde_json::from_slice(&json) else {
            // An invalid answer, or too many requests, must not disable the check.
            let invalid_request =
                status.is_client_error() && !SETUP_STATUSES.contains(&status.as_u16());
            return invalid_request.then_some(false);
        };
        let Verdict { success, errors, hostname } = verdict;
        let secret_error = errors.iter().find(|error| SECRET_ERRORS.contains(&error.as_str()));
        if let Some(error) = secret_error {
            error!(error, "the captcha's service refused the secret in {VARIABLE}: correct it");
            return None;
        }
        let from_allowed_host =
            self.hostnames.is_empty() || hostname.is_some_and(|name| self.allows_host(&name));
        Some(success && from_allowed_host)
    }

    fn allows_host(&self, host: &str) -> bool {
        self.hostnames.iter().any(|known| known.eq_ignore_ascii_case(host))
    }
}

impl Debug for Captcha {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captcha").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

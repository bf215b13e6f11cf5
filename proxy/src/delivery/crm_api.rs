//! The call to the CRM. No other module sends requests to the CRM's address or reveals the key.

use std::io;
use std::time::{Duration, SystemTime};

use deal_contract::json::Value;
use deal_contract::reply::{Deal, Reply};
use reqwest::{Client, Response, StatusCode, redirect};
use thiserror::Error;
use tokio::time::timeout;

use super::backoff::retry_after;
use super::idle_timeout::IdleTimeout;
use super::outgoing::Outgoing;
use crate::settings::config::{Config, CrmUrl};
use crate::settings::key::ApiKey;

/// The maximum size of a reply in bytes. The CRM's replies have a few hundred bytes.
const REPLY_LIMIT: usize = 256 * 1024;

/// The maximum number of braces that the parser tries as the beginning of a reply, from the last brace backwards.
const BRACE_LIMIT: usize = 32;

/// The maximum time for which an idle connection to the CRM is kept for reuse. Servers close idle connections after 5
/// seconds (Apache's default) or later; a call that is sent while the server closes the connection fails, and it is
/// uncertain whether the CRM has the deal.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(2);

/// The maximum number of characters of the CRM's message that are kept.
const MESSAGE_LIMIT: usize = 1_000;

/// The CRM's API.
#[derive(Debug)]
pub(crate) struct CrmApi {
    client: Client,
    url: CrmUrl,
    key: ApiKey,
    silence: Duration,
}

/// Why the HTTP client for the CRM cannot be set up.
#[derive(Debug, Error)]
#[error("cannot prepare connections to the CRM: {0}")]
pub struct CrmSetupError(#[source] reqwest::Error);

/// Why a call returned no deal. The messages do not contain visitors' answers.
#[derive(Debug, Error)]
pub(crate) enum CrmError {
    /// There was no connection, so the CRM does not have the deal.
    #[error("no connection to the CRM")]
    Unreachable(#[source] reqwest::Error),
    /// The connection broke after the request began: the CRM may have the deal.
    #[error("the connection to the CRM was interrupted")]
    Interrupted(#[source] reqwest::Error),
    /// No bytes were transferred for too long: the CRM may have the deal.
    #[error("the CRM stopped responding")]
    TimedOut,
    /// The CRM failed or is overloaded. The second value is the wait in its `Retry-After`.
    #[error("the CRM responded with status {0}")]
    Failed(StatusCode, Option<Duration>),
    /// The response is not a reply from `crm_add_deal`, for example HTML, or JSON in another format.
    #[error("the CRM responded with status {0}, but not with a reply from crm_add_deal")]
    Unreadable(StatusCode),
    /// The reply reports a success without a deal, or for another reference. The CRM may have the deal.
    #[error(
        "the CRM reports success, but confirms no deal: deal_id is missing, or external_reference_id is different"
    )]
    Unconfirmed,
    /// The server does not accept the address or the key; or a firewall in front of the CRM sends the same response
    /// because of a word in the deal.
    #[error("the CRM's address or the API key is wrong: the CRM responded with status {0}")]
    Misconfigured(StatusCode),
    /// The proxy no longer serves the form, so its presets are unknown.
    #[error("the proxy no longer serves the form")]
    FormGone,
    /// The CRM refused the deal with this message.
    #[error("the CRM refused the deal")]
    Refused(String),
    /// The claim on the submission ended before the request was complete, so the CRM ignores the request.
    #[error("the claim on the submission ended before everything was sent to the CRM")]
    ClaimEnded,
    /// The submission's files are missing.
    #[error("the files of the submission are missing")]
    FilesGone,
    /// A file cannot be read.
    #[error("cannot read a file from the spool")]
    Spool(#[source] io::Error),
}

impl CrmError {
    /// Returns whether the CRM may have the deal even though the call failed. A gateway responds with 502 if it cannot
    /// connect, and with 504 if it gets no response in time.
    pub(super) fn may_have_the_deal(&self) -> bool {
        match self {
            Self::Interrupted(_) | Self::TimedOut | Self::Unconfirmed => true,
            Self::Failed(status, _) => matches!(status.as_u16(), 500 | 504),
            Self::Unreadable(status) => status.is_success(),
            Self::Unreachable(_)
            | Self::Misconfigured(_)
            | Self::FormGone
            | Self::Refused(_)
            | Self::ClaimEnded
            | Self::FilesGone
            | Self::Spool(_) => false,
        }
    }
}

impl CrmApi {
    pub(crate) fn new(config: &Config, key: ApiKey) -> Result<Self, CrmSetupError> {
        let mut client = crate::settings::tls::client()
            .connect_timeout(config.timeouts.crm_connect.0)
            // The key is sent only to the configured address; also, a redirect may turn the POST into a GET.
            .redirect(redirect::Policy::none())
            .pool_idle_timeout(POOL_IDLE_TIMEOUT);
        if config.crm_url.is_loopback() {
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(CrmSetupError)?,
            url: config.crm_url.clone(),
            key,
            silence: config.timeouts.crm_silence.0,
        })
    }

    /// Calls `crm_add_deal`.
    ///
    /// # Errors
    /// If the CRM does not confirm the deal.
    pub(super) async fn add_deal(&self, deal: Outgoing<'_>) -> Result<Deal, CrmError> {
        let (idle, deadline) = (IdleTimeout::new(), deal.deadline.clone());
        let form = deal.into_form(self.key.expose(), &idle).await.map_err(|error| {
            let is_gone = error.kind() == io::ErrorKind::NotFound;
            if is_gone { CrmError::FilesGone } else { CrmError::Spool(error) }
        })?;
        // Opening the files may have taken a long time.
        deadline.check().map_err(|_| CrmError::ClaimEnded)?;
        let call = async {
            let request = self.client.post(self.url.url().clone()).multipart(form);
            let response = request.send().await.map_err(|error| {
                let error = error.without_url();
                if error.is_connect() {
                    CrmError::Unreachable(error)
                } else if deadline.was_reached() {
                    CrmError::ClaimEnded
                } else {
                    CrmError::Interrupted(error)
                }
            })?;
            idle.reset();
            // Limit the total time, because a reply that arrives byte by byte would block a delivery slot for hours.
            let reply = timeout(self.silence, self.read(response));
            reply.await.unwrap_or(Err(CrmError::TimedOut))
        };
        tokio::select! {
            result = call => result,
            () = idle.elapsed(self.silence) => Err(CrmError::TimedOut),
        }
    }

    async fn read(&self, mut response: Response) -> Result<Deal, CrmError> {
        let status = response.status();
        if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
            let retry_after = retry_after(response.headers(), SystemTime::now());
            return Err(CrmError::Failed(status, retry_after));
        }
        if status.is_redirection() || matches!(status.as_u16(), 401 | 403 | 404) {
            return Err(CrmError::Misconfigured(status));
        }
        let mut body = Vec::new();
        while let Some(bytes) =
            response.chunk().await.map_err(|error| CrmError::Interrupted(error.without_url()))?
        {
            if body.len() + bytes.len() > REPLY_LIMIT {
                return Err(CrmError::Unreadable(status));
            }
            body.extend_from_slice(&bytes);
        }
        match parse_reply(&body) {
            Some(Reply::Success(deal)) if status.is_success() => Ok(self.without_key(deal)),
            Some(Reply::Refused { error_message }) => {
                // Mask the key before shortening the message: part of a key would not be recognised.
                let message = self.key.mask_in(&error_message);
                Err(CrmError::Refused(message.chars().take(MESSAGE_LIMIT).collect()))
            }
            _ => Err(CrmError::Unreadable(status)),
        }
    }

    /// Masks the key in the deal, in case the CRM repeats the key: replies are stored and shown to visitors.
    fn without_key(&self, deal: Deal) -> Deal {
        let masked = |text: String| self.key.mask_in(&text);
        Deal {
            deal_id: masked(deal.deal_id),
            external_reference_id: masked(deal.external_reference_id),
            expected_closing_date: masked(deal.expected_closing_date),
            actual_closing_date: masked(deal.actual_closing_date),
            expected_closing_amount: masked(deal.expected_closing_amount),
            actual_closing_amount: masked(deal.actual_closing_amount),
            stage: masked(deal.stage),
            resolution: masked(deal.resolution),
        }
    }
}

/// Parses the body of a response. Returns `None` if the body is not a reply from the CRM.
fn parse_reply(body: &[u8]) -> Option<Reply> {
    // PHP sends a byte order mark if the script's file begins with one.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let read = |json: &[u8]| Reply::read(&serde_json::from_slice::<Value>(json).ok()?);
    // PHP may also print warnings before the reply. The reply is flat, but its strings may contain braces: the reply
    // begins at the last brace from which the rest is valid JSON.
    read(body).or_else(|| {
        let braces = memchr::memrchr_iter(b'{', body).take(BRACE_LIMIT);
        braces.filter_map(|at| body.get(at..)).find_map(read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_reply_after_the_warnings_of_php() {
        let success = br#"{"message":"success","deal_id":"5452","stage":"a {new} one"}"#;
        let expected = parse_reply(success).unwrap();
        assert!(matches!(&expected, Reply::Success(deal) if deal.deal_id == "5452"));
        let warning = b"<br />\n<b>Warning</b>: Undefined index {x} in deal.php\n".as_slice();
        assert_eq!(parse_reply(&[warning, success].concat()), Some(expected.clone()));
        let marked = [b"\xef\xbb\xbf".as_slice(), success, b"\n"].concat();
        assert_eq!(parse_reply(&marked), Some(expected));
        // JSON with text after it is not a reply.
        assert_eq!(parse_reply(&[success.as_slice(), b"<p>Hello</p>"].concat()), None);
        assert_eq!(parse_reply(b"<html>{\"message\":\"pending\"}"), None);
    }
}

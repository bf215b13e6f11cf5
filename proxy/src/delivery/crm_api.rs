//! The call to the CRM. Nothing else knows its address or the key.

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

/// The CRM's replies have a few hundred bytes; anything longer is not a reply.
const REPLY_LIMIT: usize = 256 * 1024;

/// The number of places at which a reply is looked for behind other text.
const BRACES: usize = 32;

/// How long a connection to the CRM may be idle before another call uses it. Servers close idle
/// connections after 5 seconds (Apache's default) or later; a call that is sent just then fails, and
/// the CRM may or may not have the deal.
const IDLE: Duration = Duration::from_secs(2);

/// The most characters of the CRM's own words that are passed on.
const WORDS_LIMIT: usize = 1_000;

/// The CRM's API.
#[derive(Debug)]
pub(crate) struct CrmApi {
    client: Client,
    url: CrmUrl,
    key: ApiKey,
    silence: Duration,
}

/// Why the CRM cannot be called at all.
#[derive(Debug, Error)]
#[error("cannot prepare connections to the CRM: {0}")]
pub struct CrmSetupError(#[source] reqwest::Error);

/// Why a call returned no deal. No message holds what a visitor wrote.
#[derive(Debug, Error)]
pub(crate) enum CrmError {
    /// No connection: the CRM does not have the deal.
    #[error("no connection to the CRM")]
    Unreachable(#[source] reqwest::Error),
    /// The connection broke after the request began: the CRM may have the deal.
    #[error("the connection to the CRM broke")]
    Cut(#[source] reqwest::Error),
    /// No byte moved for too long: the CRM may have the deal.
    #[error("the CRM fell silent")]
    Silent,
    /// The CRM says that it failed, or has no time; and when to come back, if it says so.
    #[error("the CRM answered with status {0}")]
    Failed(StatusCode, Option<Duration>),
    /// An answer that is not the CRM's: HTML, or other JSON.
    #[error("the answer with status {0} is not in the CRM's form")]
    Unreadable(StatusCode),
    /// A success without a deal, or for another reference. The CRM may have the deal.
    #[error(
        "the CRM reports success, but confirms no deal: deal_id is missing, or external_reference_id is another one"
    )]
    Unconfirmed,
    /// The server does not accept the address or the key; or a firewall before the CRM gives the same answer because it
    /// dislikes a word of the deal.
    #[error("the CRM's address or the key is wrong: it answered with status {0}")]
    Misconfigured(StatusCode),
    /// The form is no longer served, so its presets are unknown.
    #[error("the form is not among those that are served")]
    FormGone,
    /// The CRM refused the deal, in its own words.
    #[error("the CRM refused the deal")]
    Refused(String),
    /// The files of the submission are gone.
    #[error("its files are gone")]
    FilesGone,
    /// A file cannot be read back.
    #[error("the spool failed")]
    Spool(#[source] io::Error),
}

impl CrmError {
    /// Whether the CRM may have the deal although the call failed. A gateway answers 502 if it has no connection, and 504
    /// if it waited in vain.
    pub(super) fn may_have_the_deal(&self) -> bool {
        match self {
            Self::Cut(_) | Self::Silent | Self::Unconfirmed => true,
            Self::Failed(status, _) => matches!(status.as_u16(), 500 | 504),
            Self::Unreadable(status) => status.is_success(),
            Self::Unreachable(_)
            | Self::Misconfigured(_)
            | Self::FormGone
            | Self::Refused(_)
            | Self::FilesGone
            | Self::Spool(_) => false,
        }
    }
}

impl CrmApi {
    pub(crate) fn new(config: &Config, key: ApiKey) -> Result<Self, CrmSetupError> {
        let mut client = crate::settings::tls::client()
            .connect_timeout(config.timeouts.crm_connect.0)
            // The key goes to the configured address and to no other; and a redirected POST
            // becomes a GET.
            .redirect(redirect::Policy::none())
            .pool_idle_timeout(IDLE);
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

    /// `crm_add_deal`.
    ///
    /// # Errors
    /// If the CRM does not confirm the deal.
    pub(super) async fn add_deal(&self, deal: Outgoing<'_>) -> Result<Deal, CrmError> {
        let idle = IdleTimeout::new();
        let form = deal.into_form(self.key.expose(), &idle).await.map_err(|error| {
            let is_gone = error.kind() == io::ErrorKind::NotFound;
            if is_gone { CrmError::FilesGone } else { CrmError::Spool(error) }
        })?;
        let answer = async {
            let request = self.client.post(self.url.url().clone()).multipart(form);
            let response = request.send().await.map_err(|error| {
                let error = error.without_url();
                if error.is_connect() { CrmError::Unreachable(error) } else { CrmError::Cut(error) }
            })?;
            idle.reset();
            // A reply is short: one that arrives byte by byte would occupy a place for hours.
            let reply = timeout(self.silence, self.read(response));
            reply.await.unwrap_or(Err(CrmError::Silent))
        };
        tokio::select! {
            result = answer => result,
            () = idle.elapsed(self.silence) => Err(CrmError::Silent),
        }
    }

    async fn read(&self, mut response: Response) -> Result<Deal, CrmError> {
        let status = response.status();
        if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
            let asked = retry_after(response.headers(), SystemTime::now());
            return Err(CrmError::Failed(status, asked));
        }
        if status.is_redirection() || matches!(status.as_u16(), 401 | 403 | 404) {
            return Err(CrmError::Misconfigured(status));
        }
        let mut body = Vec::new();
        while let Some(bytes) =
            response.chunk().await.map_err(|error| CrmError::Cut(error.without_url()))?
        {
            if body.len() + bytes.len() > REPLY_LIMIT {
                return Err(CrmError::Unreadable(status));
            }
            body.extend_from_slice(&bytes);
        }
        match reply(&body) {
            Some(Reply::Success(deal)) if status.is_success() => Ok(self.without_key(deal)),
            Some(Reply::Refused { error_message }) => {
                // Masked before it is cut: half a key would not be recognised.
                let words = self.key.mask_in(&error_message);
                Err(CrmError::Refused(words.chars().take(WORDS_LIMIT).collect()))
            }
            _ => Err(CrmError::Unreadable(status)),
        }
    }

    /// The deal without the key, should the CRM have repeated it: replies are kept and shown.
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

/// The CRM's reply, if the body is one.
fn reply(body: &[u8]) -> Option<Reply> {
    // PHP puts a byte order mark there when a script was saved with one.
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let read = |json: &[u8]| Reply::read(&serde_json::from_slice::<Value>(json).ok()?);
    // It prints its warnings before the reply, too. The reply is flat: it begins with the last brace
    // that makes a whole of it, and some texts have braces.
    read(body).or_else(|| {
        let braces = memchr::memrchr_iter(b'{', body).take(BRACES);
        braces.filter_map(|at| body.get(at..)).find_map(read)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_found_behind_what_php_prints_before_it() {
        let success = br#"{"message":"success","deal_id":"5452","stage":"a {new} one"}"#;
        let expected = reply(success).unwrap();
        assert!(matches!(&expected, Reply::Success(deal) if deal.deal_id == "5452"));
        let warning = b"<br />\n<b>Warning</b>: Undefined index {x} in deal.php\n".as_slice();
        assert_eq!(reply(&[warning, success].concat()), Some(expected.clone()));
        assert_eq!(reply(&[b"\xef\xbb\xbf".as_slice(), success, b"\n"].concat()), Some(expected));
        // In the middle of something else it is not the CRM's.
        assert_eq!(reply(&[success.as_slice(), b"<p>Hello</p>"].concat()), None);
        assert_eq!(reply(b"<html>{\"message\":\"pending\"}"), None);
    }
}

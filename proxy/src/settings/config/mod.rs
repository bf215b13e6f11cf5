//! The proxy's settings: the keys of `deal-proxy.example.toml`, in its order.

mod address;
mod captcha;
mod network;
mod rate;
mod size;

use std::net::{Ipv4Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use serde::Deserialize;
use thiserror::Error;

pub use address::{AddressError, CrmUrl, Host, Origin};
pub use captcha::{Captcha, Service};
pub use network::{Network, NetworkError};
pub use rate::{Rate, RateError};
pub use size::{Size, Span, SpanError};

const MINUTE: Duration = Duration::from_secs(60);

/// All settings. The CRM's key is not among them: it comes from the environment alone.
///
/// ```
/// use deal_proxy::Config;
///
/// let config = Config::from_toml("forms = \"/etc/deal-proxy/forms\"")?;
/// assert_eq!(config.listen.port(), 8070);
/// # Ok::<(), deal_proxy::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the CRM takes deals.
    pub crm_url: CrmUrl,
    /// The origins whose pages may embed the forms.
    pub allowed_origins: Vec<Origin>,
    /// The hosts at which the proxy's own pages are. Empty: any that is no other site's in disguise.
    pub own_hosts: Vec<Host>,
    /// The reverse proxies in front, which are believed to say for whom they ask.
    pub trusted_proxies: Vec<Network>,
    /// The folder of form definitions: `quote.toml` there is `/forms/quote`.
    pub forms: PathBuf,
    /// The folder of the built widget and other files to serve.
    pub site: PathBuf,
    /// The folder for submissions on their way to the CRM, journal and files; the proxy makes it.
    pub spool: PathBuf,
    /// How much one submission may be, and how many at once.
    pub limits: Limits,
    /// How many submissions in a time.
    pub rates: Rates,
    /// The service that tells persons from programs.
    pub captcha: Captcha,
    /// How long things may take.
    pub timeouts: Timeouts,
    /// How submissions get to the CRM.
    pub delivery: DeliveryRules,
}

/// How much one submission may be, and how many there may be at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The whole request.
    pub body: Size,
    /// One text value.
    pub text_value: Size,
    /// Text values and files together.
    pub parts: usize,
    /// The header of one part: names of field and file.
    pub part_header: Size,
    /// What stays free on the spool's disk.
    pub disk_floor: Size,
    /// Connections at once.
    pub connections: NonZeroUsize,
    /// Submissions under way at once.
    pub uploads: NonZeroUsize,
    /// Submissions under way at once from one address.
    pub uploads_per_address: NonZeroUsize,
}

/// How many submissions in a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// From one address, whatever the form.
    pub per_address: Rate,
    /// For one form, whoever sends.
    pub per_form: Rate,
}

/// How long things may take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// Until the CRM takes the connection.
    pub crm_connect: Span,
    /// Without a byte to or from the CRM, its answer included.
    pub crm_silence: Span,
    /// Without a byte of a visitor's submission.
    pub body_silence: Span,
    /// For the first attempt to deliver, before a visitor is told that the proxy has it.
    pub first_attempt: Span,
    /// For what is under way when the proxy is told to stop.
    pub stop: Span,
}

/// How submissions get to the CRM, and how long they are remembered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeliveryRules {
    /// How many at a time. One of the places is left to submissions without files.
    pub at_once: usize,
    /// Until the second attempt; each later wait is twice the one before.
    pub retry_first: Span,
    /// The longest of these waits.
    pub retry_longest: Span,
    /// The waits together after which a submission is set aside as failed.
    pub give_up: Span,
    /// Between attempts while the CRM's answers say that address or key are wrong.
    pub probe: Span,
    /// How long the journal remembers what was delivered or refused.
    pub keep: Span,
    /// How much of what was refused or failed is kept, answers and files together.
    pub keep_refused: Size,
}

/// Why there are no settings.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// The file says something that is no setting; the message shows the line.
    #[error("{path}: {source}")]
    Parse {
        /// The file.
        path: String,
        /// What and where.
        source: toml::de::Error,
    },
}

impl Config {
    /// Reads the settings from text; what it does not name has its usual value.
    ///
    /// # Errors
    /// An unknown key, a wrong value, and broken TOML, each with its line.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::parse(text, "configuration")
    }

    /// Reads the settings from a file.
    ///
    /// # Errors
    /// A file that cannot be read, and what [`Config::from_toml`] refuses.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let shown = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &shown),
            Err(source) => Err(ConfigError::Read { path: shown, source }),
        }
    }

    fn parse(text: &str, path: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|source| ConfigError::Parse { path: path.to_owned(), source })
    }
}

impl Default for Config {
    #[expect(clippy::expect_used, reason = "literal addresses, proven by every test")]
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8070)),
            crm_url: "https://hubbucs.com/site/api/crm_add_deal".parse().expect("a web address"),
            allowed_origins: Vec::new(),
            own_hosts: Vec::new(),
            trusted_proxies: ["127.0.0.0/8", "::1"]
                .map(|network| network.parse().expect("a network"))
                .into(),
            forms: "forms".into(),
            site: "dist".into(),
            spool: "data/spool".into(),
            limits: Limits::default(),
            rates: Rates::default(),
            captcha: Captcha::default(),
            timeouts: Timeouts::default(),
            delivery: DeliveryRules::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let count = |count: usize| NonZeroUsize::MIN.saturating_add(count - 1);
        Self {
            body: Size(102_000_000),
            text_value: Size(128_000),
            parts: 200,
            part_header: Size(8_000),
            disk_floor: Size(500_000_000),
            connections: count(1_024),
            uploads: count(256),
            uploads_per_address: count(16),
        }
    }
}

impl Default for Rates {
    fn default() -> Self {
        let per_minute =
            |times: u32| Rate { times: NonZeroU32::MIN.saturating_add(times - 1), within: MINUTE };
        Self { per_address: per_minute(30), per_form: per_minute(600) }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = |seconds| Span(Duration::from_secs(seconds));
        Self {
            crm_connect: seconds(10),
            crm_silence: seconds(60),
            body_silence: seconds(30),
            first_attempt: seconds(20),
            stop: seconds(30),
        }
    }
}

impl Default for DeliveryRules {
    fn default() -> Self {
        const HOUR: u64 = 60 * 60;
        let seconds = |seconds| Span(Duration::from_secs(seconds));
        Self {
            at_once: 8,
            retry_first: seconds(2),
            retry_longest: seconds(15 * 60),
            give_up: seconds(3 * 24 * HOUR),
            probe: seconds(60),
            keep: seconds(30 * 24 * HOUR),
            keep_refused: Size(2_000_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../../deal-proxy.example.toml");

    #[test]
    fn the_example_shows_the_usual_values() {
        assert_eq!(Config::from_toml(EXAMPLE).unwrap(), Config::default());
        assert_eq!(Config::from_toml("").unwrap(), Config::default());
    }

    #[test]
    fn the_example_names_every_key_in_the_order_of_the_struct() {
        // `Debug` of the defaults lists the fields; the example has to list the same.
        let debug = format!("{:#?}", Config::default());
        let fields: Vec<&str> = debug
            .lines()
            .filter_map(|line| line.trim().split_once(": "))
            .map(|(name, _)| name)
            .filter(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            .filter(|name| !INNER_FIELDS.contains(name))
            .collect();
        let keys: Vec<&str> = EXAMPLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| match line.split_once(" = ") {
                Some((key, _)) => Some(key),
                None => line.strip_prefix('[')?.strip_suffix(']'),
            })
            .collect();
        assert_eq!(keys, fields);
        assert!(keys.len() > 12, "{keys:?}");
    }

    /// What the `Debug` of `Url` and `Rate` lists.
    const INNER_FIELDS: [&str; 11] = [
        "scheme",
        "cannot_be_a_base",
        "username",
        "password",
        "host",
        "port",
        "path",
        "query",
        "fragment",
        "times",
        "within",
    ];

    #[track_caller]
    fn check(text: &str, line: usize, message: &str) {
        let error = Config::from_toml(text).unwrap_err().to_string();
        assert!(error.contains(&format!("line {line},")), "{error}");
        assert!(error.contains(message), "{error}");
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        check("listen = \"127.0.0.1:0\"\nfroms = \"x\"", 2, "unknown field `froms`");
        check("[limits]\n\nbody = \"8 KiB\"", 3, "“8 KiB” is no size");
        check("[timeouts]\nstop = \"soon\"", 2, "“soon” is no length of time");
        check("trusted_proxies = [\"10.0.0.0/99\"]", 1, "is no address and no network");
        check("[rates]\nper_form = \"5 per day\"", 2, "“5 per day” is no rate");
        check("allowed_origins = [\"https://a.example/\"]", 1, "write “https://a.example”");
        check("key = \"4711\"", 1, "unknown field `key`");
    }
}

//! The proxy's settings, in the order of `deal-proxy.example.toml`.

mod address;
mod captcha;
mod log;
mod network;
mod rate;
mod size;
mod store;

use std::net::{Ipv4Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

use serde::Deserialize;
use thiserror::Error;

pub use address::{AddressError, CrmUrl, Host, Origin};
pub use captcha::{Captcha, ServiceUrl};
pub use log::{Log, LogFormat};
pub use network::{Network, NetworkError};
pub use rate::{Rate, RateError};
pub use size::{Size, Span, SpanError};
pub use store::{StoreKind, StoreSettings, StoreSettingsError};

const MINUTE: Duration = Duration::from_secs(60);

/// All settings. The CRM's key is not a setting: the environment contains it, or names its file.
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
    /// The address to listen on. With port 0, the system chooses a free port.
    pub listen: SocketAddr,
    /// The address of the CRM's API.
    pub crm_url: CrmUrl,
    /// The origins whose pages may embed the forms.
    pub allowed_origins: Vec<Origin>,
    /// The hosts of the proxy's own pages. If empty, the proxy accepts the host of a request if this host can be
    /// trusted.
    pub own_hosts: Vec<Host>,
    /// The reverse proxies in front whose `X-Forwarded-For` header is trusted.
    pub trusted_proxies: Vec<Network>,
    /// The folder with the form files. A file `quote.toml` is served at `/forms/quote`.
    pub forms: PathBuf,
    /// The folder with the built widget and other files to serve.
    pub site: PathBuf,
    /// The folder for the journal and the files of submissions; the proxy creates it.
    pub spool: PathBuf,
    /// The store of submissions and their files.
    pub store: StoreSettings,
    /// The limits for the size of a submission and for the number of submissions at the same time.
    pub limits: Limits,
    /// Rate limits for submissions.
    pub rates: Rates,
    /// The captcha service.
    pub captcha: Captcha,
    /// Time limits.
    pub timeouts: Timeouts,
    /// How submissions are delivered to the CRM.
    pub delivery: DeliveryRules,
    /// The proxy's log.
    pub log: Log,
}

/// The limits for the size of a submission and for the number of submissions at the same time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The maximum size of the whole request.
    pub body: Size,
    /// The maximum size of one text value.
    pub text_value: Size,
    /// The maximum number of text values and files together.
    pub parts: usize,
    /// The maximum size of the headers of one part, with the names of the field and the file.
    pub part_header: Size,
    /// The space that uploads leave free on the spool's disk. Small submissions may use half of it.
    pub disk_floor: Size,
    /// The maximum number of connections at the same time.
    pub connections: NonZeroUsize,
    /// The maximum number of submissions that are read at the same time.
    pub uploads: NonZeroUsize,
    /// The maximum number of submissions that are read at the same time from one address.
    pub uploads_per_address: NonZeroUsize,
}

/// Rate limits for submissions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// The maximum rate of submissions from one address, across all forms.
    pub per_address: Rate,
    /// The maximum rate of submissions to one form, across all senders.
    pub per_form: Rate,
}

/// Time limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Timeouts {
    /// The time in which the CRM must accept the connection.
    pub crm_connect: Span,
    /// The longest time without a byte to or from the CRM, including the wait for its response.
    pub crm_silence: Span,
    /// The longest time without a byte from a visitor's submission.
    pub body_silence: Span,
    /// The time for the first attempt to deliver. After this time, the visitor gets 202.
    pub first_attempt: Span,
    /// The time that running requests and deliveries have to finish when the proxy stops.
    pub stop: Span,
}

/// How submissions are delivered to the CRM, and how long the journal keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeliveryRules {
    /// The maximum number of deliveries at the same time. One of them is reserved for submissions without files.
    pub at_once: usize,
    /// The wait before the second attempt; each later wait is twice the one before.
    pub retry_first: Span,
    /// The longest of these waits. If the CRM may already have the deal, the waits can become longer.
    pub retry_longest: Span,
    /// The total wait after which the proxy gives up on a submission.
    pub give_up: Span,
    /// The time between attempts while the CRM's responses say that its address or the key is wrong.
    pub probe: Span,
    /// How long the journal keeps delivered submissions, and refused ones whose visitors have seen the refusal.
    pub keep: Span,
    /// The maximum disk space for refused and failed submissions, including answers and files.
    pub keep_refused: Size,
}

/// Why the settings could not be read.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the settings file {path}: {source}")]
    Read {
        /// The path of the file.
        path: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The file has a mistake; the message shows its line.
    #[error("{path}: {source}")]
    Parse {
        /// The path of the file.
        path: String,
        /// The mistake with its line.
        source: toml::de::Error,
    },
}

impl Config {
    /// Parses settings. Settings that are not in the text have their defaults.
    ///
    /// # Errors
    /// An unknown key, an invalid value or invalid TOML, with its line.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Self::parse(text, "settings")
    }

    /// Reads the settings from a file.
    ///
    /// # Errors
    /// If the file cannot be read, and the errors from [`Config::from_toml`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let shown = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &shown),
            Err(source) => Err(ConfigError::Read { path: shown, source }),
        }
    }

    /// Checks the settings of a shared store.
    ///
    /// # Errors
    /// If a setting is missing or wrong.
    pub fn check_store(&self) -> Result<(), StoreSettingsError> {
        self.store.check(self.timeouts.crm_silence.0)
    }

    /// Returns warnings about settings that are valid but are probably a mistake.
    pub fn warnings(&self) -> Vec<String> {
        let site = self.site.display();
        let warnings = [
            (!self.site.is_dir()).then(|| {
                format!(
                    "the site folder {site} does not exist: the proxy does not serve the widget"
                )
            }),
            (!self.crm_url.is_loopback() && self.crm_url.is_unencrypted()).then(|| {
                "the CRM's address is not https: the API key crosses the network unencrypted"
                    .to_owned()
            }),
        ];
        warnings.into_iter().flatten().collect()
    }

    fn parse(text: &str, path: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|source| ConfigError::Parse { path: path.to_owned(), source })
    }
}

impl Default for Config {
    #[expect(clippy::expect_used, reason = "the literals are valid, as each test shows")]
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
            store: StoreSettings::default(),
            limits: Limits::default(),
            rates: Rates::default(),
            captcha: Captcha::default(),
            timeouts: Timeouts::default(),
            delivery: DeliveryRules::default(),
            log: Log::default(),
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
    fn the_example_shows_the_defaults() {
        assert_eq!(Config::from_toml(EXAMPLE).unwrap(), Config::default());
        assert_eq!(Config::from_toml("").unwrap(), Config::default());
    }

    #[test]
    fn the_example_names_every_key_in_the_order_of_the_struct() {
        // `Debug` of the defaults lists all fields.
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

    /// The fields in the `Debug` output of `Url` and `Rate`.
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
    fn reports_a_mistake_with_its_line() {
        check("listen = \"127.0.0.1:0\"\nfroms = \"x\"", 2, "unknown field `froms`");
        check("[limits]\n\nbody = \"8 KiB\"", 3, "“8 KiB” is not a size");
        check("[timeouts]\nstop = \"soon\"", 2, "“soon” is not a duration");
        check("trusted_proxies = [\"10.0.0.0/99\"]", 1, "is neither an address nor a network");
        check("[rates]\nper_form = \"5 per day\"", 2, "“5 per day” is not a rate");
        check("allowed_origins = [\"https://a.example/\"]", 1, "write “https://a.example”");
        check("key = \"4711\"", 1, "unknown field `key`");
    }

    #[cfg(feature = "shared")]
    #[track_caller]
    fn check_shared(settings: &str, expected: &str) {
        let config = Config::from_toml(settings).unwrap();
        let message = config.check_store().err().map(|error| error.to_string());
        let message = message.unwrap_or_default();
        assert!(
            message.starts_with(expected) && message.is_empty() == expected.is_empty(),
            "{message}"
        );
    }

    #[cfg(feature = "shared")]
    #[test]
    fn names_each_missing_or_wrong_setting_of_a_shared_store() {
        check_shared("", "");
        check_shared("timeouts.crm_silence = '1 h'", "");
        check_shared(
            "store.kind = 'shared'",
            "store.kind is \"shared\", but store.bucket is empty",
        );
        let shared = "store.kind = 'shared'\nstore.bucket = 'leads'\n";
        check_shared(shared, "");
        check_shared(&format!("{shared}store.endpoint = 'http://127.0.0.1:9000'"), "");
        check_shared(&format!("{shared}store.endpoint = 'https://s3.example'"), "");
        check_shared(
            &format!("{shared}store.endpoint = 'http://s3.example'"),
            "store.endpoint is an http",
        );
        check_shared(
            &format!("{shared}timeouts.crm_silence = '121 s'"),
            "timeouts.crm_silence is longer",
        );
        check_shared(&format!("{shared}timeouts.crm_silence = '2 min'"), "");
    }
}

//! The address of the database.

use std::env;
use std::fmt::{self, Debug, Formatter};
use std::net::IpAddr;
use std::time::Duration;

use thiserror::Error;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// The environment variable with the address.
const VARIABLE: &str = "DEAL_PROXY_DATABASE_URL";

/// How long to wait until a server accepts a connection, unless the address has a `connect_timeout`.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a connection may be idle before the system asks whether the server is still there, how long it waits for each
/// response, and how often it asks. A connection that was cut off, such as by a failover, is closed after 30 seconds.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(15), Duration::from_secs(5), 3);

/// The address of a PostgreSQL database, with the password. This type does not implement `Display`, and its `Debug`
/// hides the address.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(Config);

/// Why the address of the database cannot be used. The messages do not contain the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DatabaseUrlError {
    /// The variable is not set, or is empty.
    #[error(
        "store.kind is \"shared\", but the address of the database is missing: set the environment variable \
         {VARIABLE} to postgres://USER:PASSWORD@HOST/DATABASE"
    )]
    Missing,
    /// The value is not the address of a PostgreSQL database.
    #[error(
        "{VARIABLE} is not the address of a PostgreSQL database: write postgres://USER:PASSWORD@HOST/DATABASE, with \
         special characters of the password as %40 for @, %2F for / and %3A for :; after ? it may have sslmode, \
         connect_timeout, keepalives_idle, tcp_user_timeout and target_session_attrs"
    )]
    Invalid,
    /// The address has no host, user or database.
    #[error("{VARIABLE} has no {0}: write postgres://USER:PASSWORD@HOST/DATABASE")]
    Incomplete(&'static str),
}

impl DatabaseUrl {
    /// Reads the address from `DEAL_PROXY_DATABASE_URL`.
    ///
    /// # Errors
    /// If the variable is not set, or its value is not the complete address of a database.
    pub(crate) fn from_env() -> Result<Self, DatabaseUrlError> {
        match env::var_os(VARIABLE) {
            Some(text) if text.is_empty() => Err(DatabaseUrlError::Missing),
            Some(text) => Self::new(text.to_str().ok_or(DatabaseUrlError::Invalid)?),
            None => Err(DatabaseUrlError::Missing),
        }
    }

    /// Parses the address. Without `sslmode`, the connection uses TLS, unless the server is on this machine. With
    /// `sslmode=disable`, it never uses TLS.
    ///
    /// # Errors
    /// [`DatabaseUrlError::Invalid`] for `mysql://localhost/leads` and unknown parameters;
    /// [`DatabaseUrlError::Incomplete`] for `postgres://host/`.
    pub(crate) fn new(text: &str) -> Result<Self, DatabaseUrlError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(DatabaseUrlError::Invalid);
        }
        // rustls always verifies the certificate and the host, as these modes of other programs do.
        let text = text
            .replace("sslmode=verify-full", "sslmode=require")
            .replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config = text.parse().map_err(|_| DatabaseUrlError::Invalid)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(DatabaseUrlError::Incomplete("host"));
        }
        if config.get_user().is_none_or(str::is_empty) {
            return Err(DatabaseUrlError::Incomplete("user"));
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(DatabaseUrlError::Incomplete("database"));
        }
        // With `prefer`, which is also the parser's default, an attacker could turn TLS off.
        if config.get_ssl_mode() == SslMode::Prefer {
            let is_local = config.get_hosts().iter().all(is_local)
                && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
            config.ssl_mode(if is_local { SslMode::Disable } else { SslMode::Require });
        }
        set_timeouts(&mut config);
        config.application_name("deal-proxy");
        let has_standby = config.get_hosts().len() > 1 || config.get_hostaddrs().len() > 1;
        if has_standby && config.get_target_session_attrs() == TargetSessionAttrs::Any {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(Self(config))
    }

    /// Returns the address with its parameters, to connect.
    pub(crate) fn expose(&self) -> &Config {
        &self.0
    }
}

/// Makes a connection that was cut off fail within seconds, unless the address has other times.
fn set_timeouts(config: &mut Config) {
    let (idle, interval, retries) = KEEPALIVE;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    // The parser's default is the one of Linux.
    if config.get_keepalives_idle() == Duration::from_secs(2 * 60 * 60) {
        config.keepalives_idle(idle);
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(interval);
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(retries);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(idle.saturating_add(interval.saturating_mul(retries)));
    }
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<SslMode, DatabaseUrlError>) {
        let mode = DatabaseUrl::new(text).map(|url| url.expose().get_ssl_mode());
        assert_eq!(mode, expected, "{text}");
    }

    #[test]
    fn requires_tls_unless_the_server_is_on_this_machine_or_tls_is_disabled() {
        check("postgres://me:pw@db.example/leads", Ok(SslMode::Require));
        check("postgres://me:pw@db.example/leads?sslmode=prefer", Ok(SslMode::Require));
        check("postgres://me:pw@db.example/leads?sslmode=verify-full", Ok(SslMode::Require));
        check("postgres://me:pw@db.example/leads?sslmode=disable", Ok(SslMode::Disable));
        check("postgres://me@127.0.0.1:5433/leads", Ok(SslMode::Disable));
        check("postgresql://me@localhost/leads?sslmode=require", Ok(SslMode::Require));
        check("postgres://me@localhost,db.example/leads", Ok(SslMode::Require));
        check("postgres://me@%2Fvar%2Frun%2Fpostgresql/leads", Ok(SslMode::Disable));
    }

    #[test]
    fn names_the_missing_part_of_an_address() {
        check("mysql://me@db.example/leads", Err(DatabaseUrlError::Invalid));
        check("postgres://me@db.example/leads?sslmode=maybe", Err(DatabaseUrlError::Invalid));
        check("postgres://me@db.example/", Err(DatabaseUrlError::Incomplete("database")));
        check("postgres://db.example/leads", Err(DatabaseUrlError::Incomplete("user")));
        check("postgres://me@/leads", Err(DatabaseUrlError::Incomplete("host")));
    }

    #[test]
    fn debug_output_and_errors_hide_the_address() {
        let url = DatabaseUrl::new("postgres://me:pass@db.example/leads").unwrap();
        assert_eq!(format!("{url:?}"), "DatabaseUrl(hidden)");
        let error = DatabaseUrl::new("postgres://me:pass@db.example/leads?pass=4711").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("4711"), "{error:?}");
    }
}

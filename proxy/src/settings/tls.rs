//! The HTTP client for outgoing requests, with TLS by rustls and root certificates.

use reqwest::{Certificate, Client, ClientBuilder};
use tracing::warn;

/// Returns the settings for TLS connections that are not HTTP. They trust the same root certificates as [`client`].
#[cfg(feature = "shared")]
pub(crate) fn client_config() -> rustls::ClientConfig {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut roots = rustls::RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    let (valid, _) = roots.add_parsable_certificates(found.certs);
    if valid == 0 {
        warn!("the system has no root certificates: the proxy uses Mozilla's list from its build");
        roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    }
    rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

/// Creates a client that trusts the system's root certificates. If the system has none, as in an
/// empty container, it trusts Mozilla's list from the time of the build.
///
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` can set other root certificates.
pub(crate) fn client() -> ClientBuilder {
    // This fails if the process already has a provider. That provider works too.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().user_agent(concat!("deal-proxy/", env!("CARGO_PKG_VERSION")));
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        return client;
    }
    warn!("the system has no root certificates: the proxy uses Mozilla's list from its build");
    let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
    client.tls_certs_only(bundled.iter().filter_map(|root| Certificate::from_der(root).ok()))
}

//! Calls that go out: over TLS with rustls, and with roots to trust.

use reqwest::{Certificate, Client, ClientBuilder};
use tracing::warn;

/// A client that trusts what the system trusts; where the system has no roots at all, as in an empty
/// container, what browsers trust (Mozilla's list, as of this build).
///
/// `SSL_CERT_FILE` and `SSL_CERT_DIR` name other roots.
pub(crate) fn client() -> ClientBuilder {
    // The first caller's choice stands for the process; any of them will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().user_agent(concat!("deal-proxy/", env!("CARGO_PKG_VERSION")));
    let found = rustls_native_certs::load_native_certs();
    if !found.certs.is_empty() {
        return client;
    }
    warn!("the system has no root certificates: those of this build are used");
    let bundled = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
    client.tls_certs_only(bundled.iter().filter_map(|root| Certificate::from_der(root).ok()))
}

//! TLS connections to the CRM.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Process, callback, example_forms};

/// A CRM with TLS. Only these tests know its certificate authority.
struct Tls {
    url: String,
    authority: String,
}

async fn crm() -> Tls {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let server_key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let server = server.signed_by(&server_key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![server.der().clone()],
            PrivateKeyDer::try_from(server_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/site/api/crm_add_deal", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not trust the certificate closes the connection.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = Vec::new();
            while !request.ends_with(b"--\r\n") && stream.read_buf(&mut request).await.unwrap() > 0
            {
            }
            let body = "{\"message\":\"success\",\"deal_id\":\"1\"}";
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            stream.write_all((head + body).as_bytes()).await.unwrap();
            let _ = stream.shutdown().await;
        }
    });
    Tls { url, authority: authority.pem() }
}

fn start(folder: &Path, crm: &Tls, roots: &Path) -> Process {
    Process::configured(folder, &crm.url, |command| {
        command.arg("--forms").arg(example_forms());
        command.env("SSL_CERT_FILE", roots).env("SSL_CERT_DIR", folder.join("nothing"));
    })
}

#[tokio::test]
async fn trusts_a_crm_whose_authority_is_a_system_root() {
    let (crm, folder) = (crm().await, tempfile::tempdir().unwrap());
    let roots = folder.path().join("roots.pem");
    fs::write(&roots, &crm.authority).unwrap();
    let process = start(folder.path(), &crm, &roots);
    let (status, json) = process.submit("callback", callback()).await;
    assert_eq!((status, json["deal_id"].as_str()), (200, Some("1")), "{json}");
}

#[tokio::test]
async fn sends_nothing_to_a_crm_with_an_untrusted_certificate() {
    let (crm, folder) = (crm().await, tempfile::tempdir().unwrap());
    let other = self::crm().await;
    let roots = folder.path().join("roots.pem");
    fs::write(&roots, &other.authority).unwrap();
    let process = start(folder.path(), &crm, &roots);
    assert_eq!(process.submit("callback", callback()).await.0, 202);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("invalid peer certificate: "), "{log}");
}

/// A container that contains only the program has no system roots.
#[tokio::test]
async fn uses_the_built_in_roots_on_a_system_without_roots() {
    let (crm, folder) = (crm().await, tempfile::tempdir().unwrap());
    let process = start(folder.path(), &crm, &folder.path().join("nothing.pem"));
    assert_eq!(process.submit("callback", callback()).await.0, 202);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("the proxy uses Mozilla's list from its build"), "{log}");
    assert!(log.contains("invalid peer certificate: UnknownIssuer"), "{log}");
}

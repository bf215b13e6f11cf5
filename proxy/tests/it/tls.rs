//! The way to the CRM over TLS.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Process, answer, callback, client};

/// A CRM that speaks TLS, with a certificate of an authority that only these tests know.
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
            // A client that does not trust us hangs up.
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
    Process::shaped(folder, &crm.url, |command| {
        command.arg("--forms").arg(crate::support::example_forms());
        command.env("SSL_CERT_FILE", roots).env("SSL_CERT_DIR", folder.join("nothing"));
    })
}

async fn send(process: &Process) -> (u16, serde_json::Value) {
    let (content_type, body) = callback().finish();
    let url = format!("http://{}/forms/callback", process.addr);
    answer(client().post(url).header("content-type", content_type).body(body).send().await.unwrap())
        .await
}

#[tokio::test]
async fn the_crm_is_trusted_if_the_system_s_roots_vouch_for_it() {
    let (crm, folder) = (crm().await, tempfile::tempdir().unwrap());
    let roots = folder.path().join("roots.pem");
    fs::write(&roots, &crm.authority).unwrap();
    let process = start(folder.path(), &crm, &roots);
    let (status, json) = send(&process).await;
    assert_eq!((status, json["deal_id"].as_str()), (200, Some("1")), "{json}");
}

#[tokio::test]
async fn a_crm_that_nobody_vouches_for_gets_neither_deal_nor_key() {
    let (crm, folder) = (crm().await, tempfile::tempdir().unwrap());
    let other = self::crm().await;
    let roots = folder.path().join("roots.pem");
    fs::write(&roots, &other.authority).unwrap();
    let process = start(folder.path(), &crm, &roots);
    assert_eq!(send(&process).await.0, 202);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("invalid peer certificate: "), "{log}");
}

/// As in a container with nothing but the program: there are roots all the same, and they vouch for
/// nobody whom browsers would not trust.
#[tokio::test]
async fn a_system_without_roots_has_those_of_the_build() {
    let (crm, folder) = (crm().await, tempfile::tempdir().unwrap());
    let process = start(folder.path(), &crm, &folder.path().join("nothing.pem"));
    assert_eq!(send(&process).await.0, 202);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("those of this build are used"), "{log}");
    assert!(log.contains("invalid peer certificate: UnknownIssuer"), "{log}");
}

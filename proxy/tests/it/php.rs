//! Replaces the CRM with a PHP script, because the CRM runs on PHP. The script returns its `$_POST`
//! and `$_FILES`. Without php on the `PATH`, the test is skipped.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{ExternalServer, Multipart, World, skip};

/// A script that replies as the CRM does, and returns the whole request in `stage`.
const SCRIPT: &str = r"<?php
$files = [];
foreach ($_FILES['attachments']['name'] ?? [] as $i => $name) {
    $path = $_FILES['attachments']['tmp_name'][$i];
    $files[] = [$name, $_FILES['attachments']['type'][$i], $_FILES['attachments']['error'][$i],
        hash_file('sha256', $path)];
}
$got = ['get' => $_GET, 'post' => $_POST, 'files' => $files,
    'length' => isset($_SERVER['CONTENT_LENGTH'])];
header('Content-Type: application/json');
echo json_encode(['message' => 'success', 'deal_id' => 1, 'stage' => json_encode($got)]);
";

#[tokio::test]
async fn delivers_fields_and_files_that_php_reads_correctly() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("crm.php");
    std::fs::write(&script, SCRIPT).unwrap();
    let php = ExternalServer::start(|address| {
        let mut command = Command::new("php");
        command.args(["-S", &address.to_string()]).arg(script);
        command
    });
    let Some(php) = php.await else {
        return skip("how PHP reads a delivery: php is not on the PATH");
    };
    let url = format!("http://{}/site/api/crm_add_deal", php.address);
    let world = World::with_config(|config| config.crm_url = url.parse().unwrap()).await;
    let files: [(&str, &str, &str, Vec<u8>); 5] = [
        (
            "Größe & Maß Ä.PDF",
            "Größe & Maß Ä.PDF",
            "application/pdf",
            b"%PDF-\0\r\n--\xff".to_vec(),
        ),
        ("the \"best\" offer.pdf", "the -best- offer.pdf", "application/pdf", b"%PDF-".to_vec()),
        ("50%; name=\u{20ac}.csv", "50%; name=\u{20ac}.csv", "text/csv", vec![b'a'; 200_000]),
        ("日本語 (1).txt", "日本語 (1).txt", "text/plain", b"\xef\xbb\xbftext".to_vec()),
        (
            "it's.zip",
            "it's.zip",
            "application/zip",
            [&b"PK\x03\x04"[..], &vec![2; 70_000]].concat(),
        ),
    ];
    let note = "Zeile eins\r\nZeile \"zwei\" \\ %22 \u{1f680} <b>&amp;</b>";
    let mut body = Multipart::new()
        .text("name", "Ein Ängebot; filename=\"x\"")
        .text("note", note)
        .text("expected_closing_amount", "1 250,00")
        .text("create_new_stage", "2")
        .text("external_reference_id", "web-00112233445566778899aabbccddeeff");
    for (name, _, media_type, bytes) in &files {
        body = body.file(name, media_type, bytes);
    }
    let (status, reply) = world.submit("everything", body).await;
    assert_eq!(status, 200, "{reply}");
    let got: Value = serde_json::from_str(reply["stage"].as_str().unwrap()).unwrap();
    assert_eq!(got["get"], json!([]));
    // The request is not chunked, because PHP behind FastCGI often cannot read chunked requests.
    assert_eq!(got["length"], true);
    assert_eq!(
        got["post"],
        json!({
            // This shows that PHP got the correct key: the proxy masks only its own key in replies.
            "key": "…",
            "name": "Ein Ängebot; filename=\"x\"",
            "note": note,
            "expected_closing_amount": "1 250,00",
            "send_email_to_contact": "2",
            "create_new_stage": "2",
            "newsletter": "2",
            "auto_create_custom_fields": "2",
            "funnel": "Partners",
            "note_title": "Everything",
            "external_reference_id": "web-00112233445566778899aabbccddeeff",
        })
    );
    let expected: Vec<Value> = files
        .iter()
        .map(|(_, name, media_type, bytes)| {
            let hex = Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
                write!(hex, "{byte:02x}").unwrap();
                hex
            });
            json!([name, media_type, 0, hex])
        })
        .collect();
    assert_eq!(got["files"], Value::Array(expected));
}

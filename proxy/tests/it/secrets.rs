//! Secrets and personal data stay out of logs and responses, and memory and disk stay bounded.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::raw::{Raw, post_head};
use crate::support::{
    DEADLINE, KEY, Multipart, Process, World, age_files, client, quote, reference, spooled,
    wait_until,
};

const NAME: &str = "Cerberus-Name";
const NOTE: &str = "Cerberus-Note";
const FILE: &str = "Cerberus-File.pdf";
const CONTENT: &[u8] = b"%PDF-1.7 Cerberus-Content";

/// Sends a submission of the quote form and returns headers and body of the response.
async fn post(process: &Process, body: Multipart, accept: &str) -> String {
    let request = process.post("quote?query=Cerberus-Query", body).header("accept", accept);
    let response = request.send().await.unwrap();
    format!("{:?}\n{}", response.headers().clone(), response.text().await.unwrap())
}

#[cfg(unix)]
#[tokio::test]
async fn keeps_the_spool_unreadable_for_other_users_even_in_an_existing_folder() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::with_config(|config| {
        std::fs::create_dir(&config.spool).unwrap();
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&config.spool, open).unwrap();
        // Simulate a journal that other users can read.
        std::fs::write(config.spool.join("journal.sqlite"), "").unwrap();
    })
    .await;
    let (status, _) = world.submit("quote", quote()).await;
    assert_eq!(status, 200);
    let spool = std::fs::read_dir(world.folder.path().join("spool")).unwrap();
    let files: Vec<_> = spool.map(|file| file.unwrap()).collect();
    assert!(
        files.len() >= 4,
        "expected the journal, its two companion files and the lock: {files:?}"
    );
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}: {mode:o}", file.file_name());
    }
}

#[tokio::test]
async fn keeps_the_key_and_visitors_data_out_of_the_log_and_the_key_out_of_responses() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "trace");
    let body = || {
        Multipart::new()
            .text("contact_name", NAME)
            .text("contact_email", "cerberus@example.com")
            .text("project_type", "shop")
            .text("note", NOTE)
            .file(FILE, "application/pdf", CONTENT)
    };
    let mut responses = Vec::new();
    for fault in [
        json!([]),
        json!({"kind": "refuse", "error_message": format!("Invalid key {KEY} for {NAME}")}),
        json!({"kind": "status", "code": 500}),
        json!({"kind": "html"}),
        json!({"kind": "drop"}),
    ] {
        world.set_faults(fault).await;
        for accept in ["application/json", "text/html"] {
            responses.push(post(&process, body(), accept).await);
        }
    }
    // Submissions with invalid names, file names and multipart syntax.
    let wrong = body().text("key", KEY).text("Cerberus-Parameter", "x").file(
        "Cerberus.png",
        "image/png",
        CONTENT,
    );
    post(&process, wrong, "application/json").await;
    let broken =
        body().part("Content-Disposition: form-data; name=\"note\"; name=\"Cerberus\"", b"x");
    responses.push(post(&process, broken, "application/json").await);
    for path in ["forms/quote", "forms/Cerberus-Form", "Cerberus-Path", "?key=Cerberus-Query"] {
        let url = format!("http://{}/{path}", process.addr);
        let response = client().get(url).send().await.unwrap();
        responses.push(format!(
            "{:?}\n{}",
            response.headers().clone(),
            response.text().await.unwrap()
        ));
    }
    for response in &responses {
        assert!(!response.contains(KEY), "{response}");
    }
    // The spool still contains visitors' data, but not the key.
    let kept = read_all(&folder.path().join("spool"));
    let contains = |word: &str| kept.windows(word.len()).any(|bytes| bytes == word.as_bytes());
    assert!(contains(NAME) && !contains(KEY), "the key is in the spool");
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("delivered") && log.contains("TRACE"), "the log is incomplete:\n{log}");
    assert!(!log.contains(KEY), "the key is in the log");
    // A complete reference grants access to the CRM's reply and to corrections, so logs shorten it.
    let shortened = log.matches("web-").count();
    assert!(shortened > 3, "{log}");
    let whole = log
        .split("web-")
        .skip(1)
        .find(|rest| rest.bytes().take(9).filter(u8::is_ascii_hexdigit).count() > 8);
    assert_eq!(whole, None, "a complete reference is in the log");
    let lower = log.to_lowercase();
    for line in lower.lines() {
        assert!(!line.contains("cerberus"), "a visitor's data is in the log: {line}");
    }
}

#[tokio::test]
async fn removes_the_key_from_a_long_message_of_the_crm_before_shortening_it() {
    let world = World::start().await;
    for (number, before) in (1..).zip([980, 990, 995, 999]) {
        let words = format!("{}{KEY}", "x".repeat(before));
        world.set_faults(json!({"kind": "refuse", "error_message": words})).await;
        let draft = quote().text("external_reference_id", &reference(number));
        let (status, json) = world.submit("quote", draft).await;
        let message = json["error_message"].as_str().unwrap();
        assert_eq!((status, message), (422, &*format!("{}…", "x".repeat(before))));
    }
}

/// Returns the content of all files in a folder and its subfolders.
fn read_all(folder: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A delivery may remove files during the walk.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            bytes.extend(read_all(&path));
        } else {
            bytes.extend(std::fs::read(path).unwrap_or_default());
        }
    }
    bytes
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn uses_little_memory_for_a_90_mb_upload() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let zip = [&b"PK\x03\x04"[..], &vec![7; 89_999_996]].concat();
    let body = quote().file("big.zip", "application/zip", &zip);
    let response = post(&process, body, "application/json").await;
    assert!(response.contains("\"success\""), "{response}");
    let attachment = &world.deal().await["attachments"][0];
    assert_eq!(attachment["size"], 90_000_000);
    let peak = process.peak_memory();
    assert!(peak <= 48_000, "{peak} kB");
}

/// Sends endless part headers, preambles and epilogues, and endlessly many parts.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn uses_little_memory_for_endless_requests() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let before = process.peak_memory();
    let content_type = Multipart::content_type();
    let boundary = content_type.split_once('=').unwrap().1;
    let part = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n");
    for start in [
        format!("--{boundary}\r\nContent-Disposition: form-data; name=\""),
        "preamble".to_owned(),
        format!("--{boundary}--\r\n"),
        part.repeat(10_000),
    ] {
        let mut raw = Raw::connect(process.addr).await;
        raw.send(post_head("quote", "Content-Length: 60000000") + &start).await;
        let rest = vec![b'x'; 1_000_000];
        for _ in 0..59 {
            raw.send(&rest).await;
        }
        let (status, _) = raw.read_json().await;
        assert!(status == 400 || status == 413, "{status}");
    }
    let more = process.peak_memory().saturating_sub(before);
    assert!(more <= 4_000, "{more} kB more");
}

#[tokio::test]
async fn removes_the_files_of_a_killed_proxy_after_an_hour() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let spool = folder.path().join("spool");
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let mut raw = Raw::connect(process.addr).await;
    raw.send(post_head("quote", "Content-Length: 9000000")).await;
    raw.send(quote().file("a.pdf", "application/pdf", &vec![1; 1_000_000]).unfinished()).await;
    wait_until("the file is being spooled", async || !spooled(&spool).is_empty()).await;
    // Dropping kills the proxy.
    drop(process);
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(DEADLINE, raw.0.read_to_end(&mut rest)).await;
    let _ = raw.0.shutdown().await;
    assert_eq!(spooled(&spool).len(), 1);
    // The proxy does not remove them immediately, because they may belong to an earlier journal that
    // the operator restores.
    let again = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    assert_eq!(spooled(&spool).len(), 1);
    drop(again);
    age_files(&spool);
    let _again = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    assert_eq!(spooled(&spool).len(), 0);
}

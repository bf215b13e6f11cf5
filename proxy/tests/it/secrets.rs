//! What nobody may see, and what nobody may fill up.

use std::net::SocketAddr;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::raw::Raw;
use crate::support::{
    KEY, Multipart, PATIENCE, Process, World, age_files, client, eventually, quote, reference,
    spooled,
};

const NAME: &str = "Zerberus-Name";
const NOTE: &str = "Zerberus-Note";
const FILE: &str = "Zerberus-File.pdf";
const CONTENT: &[u8] = b"%PDF-1.7 Zerberus-Content";

async fn post(addr: SocketAddr, form: &str, body: Multipart, accept: &str) -> String {
    let (content_type, body) = body.finish();
    let url = format!("http://{addr}/forms/{form}?query=Zerberus-Query");
    let request = client().post(url).header("content-type", content_type).header("accept", accept);
    let response = request.body(body).send().await.unwrap();
    format!("{:?}\n{}", response.headers().clone(), response.text().await.unwrap())
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_the_journal_in_a_folder_that_somebody_made() {
    use std::os::unix::fs::PermissionsExt;

    let world = World::with(|config| {
        std::fs::create_dir(&config.spool).unwrap();
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&config.spool, open).unwrap();
        // As an earlier proxy began it.
        std::fs::write(config.spool.join("journal.sqlite"), "").unwrap();
    })
    .await;
    let (status, _) = world.submit("quote", quote()).await;
    assert_eq!(status, 200);
    let spool = std::fs::read_dir(world.folder.path().join("spool")).unwrap();
    let files: Vec<_> = spool.map(|file| file.unwrap()).collect();
    assert!(files.len() >= 4, "journal, its two companions and the lock: {files:?}");
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?}: {mode:o}", file.file_name());
    }
}

#[tokio::test]
async fn neither_the_key_nor_a_visitor_s_words_are_logged_and_no_answer_has_the_key() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "trace");
    let body = || {
        Multipart::new()
            .text("contact_name", NAME)
            .text("contact_email", "zerberus@example.com")
            .text("project_type", "shop")
            .text("note", NOTE)
            .file(FILE, "application/pdf", CONTENT)
    };
    let mut answers = Vec::new();
    for fault in [
        json!([]),
        json!({"kind": "refuse", "error_message": format!("Invalid key {KEY} for {NAME}")}),
        json!({"kind": "status", "code": 500}),
        json!({"kind": "html"}),
        json!({"kind": "drop"}),
    ] {
        world.fault(fault).await;
        for accept in ["application/json", "text/html"] {
            answers.push(post(process.addr, "quote", body(), accept).await);
        }
    }
    // Wrong in every way: values, names, file names, framing.
    let wrong = body().text("key", KEY).text("Zerberus-Parameter", "x").file(
        "Zerberus.png",
        "image/png",
        CONTENT,
    );
    post(process.addr, "quote", wrong, "application/json").await;
    let broken =
        body().part("Content-Disposition: form-data; name=\"note\"; name=\"Zerberus\"", b"x");
    answers.push(post(process.addr, "quote", broken, "application/json").await);
    for path in ["forms/quote", "forms/Zerberus-Form", "Zerberus-Path", "?key=Zerberus-Query"] {
        let url = format!("http://{}/{path}", process.addr);
        let response = client().get(url).send().await.unwrap();
        answers.push(format!(
            "{:?}\n{}",
            response.headers().clone(),
            response.text().await.unwrap()
        ));
    }
    for answer in &answers {
        assert!(!answer.contains(KEY), "{answer}");
    }
    // Some of it is still in the journal and its files; the key never was.
    let kept = everything_in(&folder.path().join("spool"));
    let contains = |word: &str| kept.windows(word.len()).any(|bytes| bytes == word.as_bytes());
    assert!(contains(NAME) && !contains(KEY), "the key is in the spool");
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("delivered") && log.contains("TRACE"), "nothing was logged:\n{log}");
    assert!(!log.contains(KEY), "the key is in the log");
    // Whoever knows all of a reference may ask for the CRM's reply, and change the deal.
    let begun = log.matches("web-").count();
    assert!(begun > 3, "{log}");
    let whole = log
        .split("web-")
        .skip(1)
        .find(|rest| rest.bytes().take(9).filter(u8::is_ascii_hexdigit).count() > 8);
    assert_eq!(whole, None, "a whole reference is in the log");
    let lower = log.to_lowercase();
    for line in lower.lines() {
        assert!(!line.contains("zerberus"), "a visitor's word is in the log: {line}");
    }
}

#[tokio::test]
async fn no_half_of_the_key_is_left_where_the_crm_s_words_end() {
    let world = World::start().await;
    for (number, before) in (1..).zip([980, 990, 995, 999]) {
        let words = format!("{}{KEY}", "x".repeat(before));
        world.fault(json!({"kind": "refuse", "error_message": words})).await;
        let draft = quote().text("external_reference_id", &reference(number));
        let (status, json) = world.submit("quote", draft).await;
        let said = json["error_message"].as_str().unwrap();
        assert_eq!((status, said), (422, &*format!("{}…", "x".repeat(before))));
    }
}

/// The bytes of all files in the folder and below it.
fn everything_in(folder: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What is delivered meanwhile goes.
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            bytes.extend(everything_in(&path));
        } else {
            bytes.extend(std::fs::read(path).unwrap_or_default());
        }
    }
    bytes
}

/// Ninety megabytes in, and the same out, while memory stays small.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_small_with_a_large_upload() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let zip = [&b"PK\x03\x04"[..], &vec![7; 89_999_996]].concat();
    let body = quote().file("big.zip", "application/zip", &zip);
    let answer = post(process.addr, "quote", body, "application/json").await;
    assert!(answer.contains("\"success\""), "{answer}");
    let attachment = &world.deal().await["attachments"][0];
    assert_eq!(attachment["size"], 90_000_000);
    let peak = process.peak_memory();
    assert!(peak <= 48_000, "{peak} kB");
}

/// A part header, a preamble and an epilogue without end, and parts without number.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_small_whatever_never_ends() {
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
        raw.send(format!(
            "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: 60000000\r\n\r\n{start}"
        ))
        .await;
        let rest = vec![b'x'; 1_000_000];
        for _ in 0..59 {
            raw.send(&rest).await;
        }
        let (status, _) = raw.json().await;
        assert!(status == 400 || status == 413, "{status}");
    }
    let more = process.peak_memory().saturating_sub(before);
    assert!(more <= 4_000, "{more} kB more");
}

#[tokio::test]
async fn the_files_of_a_killed_proxy_are_removed_after_an_hour() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let spool = folder.path().join("spool");
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let mut raw = Raw::connect(process.addr).await;
    raw.send(format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: 9000000\r\n\r\n",
        Multipart::content_type()
    ))
    .await;
    raw.send(quote().file("a.pdf", "application/pdf", &vec![1; 1_000_000]).unfinished()).await;
    eventually("the file is being spooled", || !spooled(&spool).is_empty()).await;
    // Killed, not stopped.
    drop(process);
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(PATIENCE, raw.0.read_to_end(&mut rest)).await;
    let _ = raw.0.shutdown().await;
    assert_eq!(spooled(&spool).len(), 1);
    // Not at once: the rows may not be those that belong to the files.
    let again = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    assert_eq!(spooled(&spool).len(), 1);
    drop(again);
    age_files(&spool);
    let _again = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    assert_eq!(spooled(&spool).len(), 0);
}

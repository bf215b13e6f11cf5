//! The memory that submissions take while they are read.

use std::fs;
use std::time::Duration;

use crate::support::raw::Raw;
use crate::support::{Multipart, Process, World, eventually, pdf, spooled};

/// The most memory, in kB, that a submission to the form `quote` may take. The guide states this
/// figure.
const WORST: u64 = 1_000;

/// Submissions at once.
const MANY: u64 = 40;

/// The longest names of the form that are read, and how many bytes of each value are.
const VALUES: [(&str, usize); 18] = [
    ("contact_name", 8 * 100),
    ("contact_email", 8 * 1_000),
    ("contact_phone", 8 * 1_000),
    ("company_name", 8 * 100),
    ("project_type", 8 * 1_000),
    ("expected_closing_date", 8 * 1_000),
    ("expected_closing_amount", 8 * 1_000),
    ("budget_range", 8 * 1_000),
    ("note", 8 * 5_000),
    ("tags", 8 * 200),
    ("send_email_to_contact", 8 * 1_000),
    ("utm_source", 0),
    ("utm_medium", 0),
    ("utm_campaign", 0),
    ("external_reference_id", 0),
    ("df-token", 0),
    ("df-captcha", 0),
    ("df-work", 0),
];

/// All that a stranger can have kept: each value as long as it is read, names of fields and files as long
/// as a part's header may be, and a file that is being written.
fn worst() -> Vec<u8> {
    let mut body = Multipart::new();
    for (name, more) in VALUES {
        let read = if name.starts_with("df-") { 8_000 } else { 8_192 + more };
        body = body.text(name, &"x".repeat(read));
    }
    for number in 0..170 {
        body = body.text(&format!("{number}{}", "ä".repeat(3_900)), "x");
    }
    for number in 0..9 {
        let name = format!("{number}{}.pdf", "ä".repeat(3_500));
        body = body.file(&name, "application/pdf", b"%PDF-");
    }
    let mut bytes = body.file("last.pdf", "application/pdf", &pdf(600_000)).unfinished();
    // Without the line break that would end the file's content.
    bytes.truncate(bytes.len() - 2);
    bytes
}

#[tokio::test]
async fn a_submission_takes_no_more_memory_than_the_guide_says() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let (body, content_type) = (worst(), Multipart::content_type());
    let before = process.peak_memory();
    let mut uploads = Vec::new();
    for number in 0..MANY {
        let mut raw = Raw::connect(process.addr).await;
        raw.send(format!(
            "POST /forms/quote HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.{number}\r\n\
             Content-Type: {content_type}\r\nContent-Length: 90000000\r\n\r\n"
        ))
        .await;
        raw.send(&body).await;
        uploads.push(raw);
    }
    let files = || {
        let folders = spooled(&folder.path().join("spool"));
        let files = folders.into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        let is_large = |file: &fs::DirEntry| file.metadata().is_ok_and(|file| file.len() > 400_000);
        files.filter(|file| is_large(file.as_ref().unwrap())).count()
    };
    eventually("all have come", || u64::try_from(files()).unwrap() == MANY).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let each = (process.peak_memory() - before) / MANY;
    assert!(each <= WORST, "{each} kB");
    let guide = include_str!("../../../docs/guide/src/run.md");
    assert!(guide.contains("never more than 1 MB"), "the guide has another figure");
}

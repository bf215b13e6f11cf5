//! The memory that the proxy uses while it reads submissions.

use std::fs;
use std::time::Duration;

use crate::support::raw::{Raw, post_head};
use crate::support::{Multipart, Process, World, pdf, spooled, wait_until};

/// The maximum memory, in kB, that a submission to the form `quote` may use. The guide states this figure.
const MAX_MEMORY: u64 = 1_000;

/// The number of simultaneous submissions.
const SUBMISSIONS: u64 = 40;

/// The parameters of the form, and how many bytes of each value the proxy reads in addition to 8 KiB.
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

/// Returns the submission that uses the most memory: values, field names and file names of the greatest
/// length that the proxy reads, and an incomplete file.
fn largest_submission() -> Vec<u8> {
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
    // Remove the line break that ends the file.
    bytes.truncate(bytes.len() - 2);
    bytes
}

#[tokio::test]
async fn uses_no_more_memory_for_a_submission_than_the_guide_states() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "warn");
    let body = largest_submission();
    let before = process.peak_memory();
    let mut uploads = Vec::new();
    for number in 0..SUBMISSIONS {
        let mut raw = Raw::connect(process.addr).await;
        let headers = format!("X-Forwarded-For: 192.0.2.{number}\r\nContent-Length: 90000000");
        raw.send(post_head("quote", &headers)).await;
        raw.send(&body).await;
        uploads.push(raw);
    }
    let files = || {
        let folders = spooled(&folder.path().join("spool"));
        let files = folders.into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
        let is_large = |file: &fs::DirEntry| file.metadata().is_ok_and(|file| file.len() > 400_000);
        files.filter(|file| is_large(file.as_ref().unwrap())).count()
    };
    wait_until("all files are spooled", async || u64::try_from(files()).unwrap() == SUBMISSIONS)
        .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let each = (process.peak_memory() - before) / SUBMISSIONS;
    assert!(each <= MAX_MEMORY, "{each} kB");
    let guide = include_str!("../../../docs/guide/src/run.md");
    assert!(guide.contains("never more than 1 MB"), "the guide states a different figure");
}

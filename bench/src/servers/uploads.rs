//! Sends several large files at once.
//!
//! This module writes the same buffer to all sockets. This needs less processor time than an HTTP client, and
//! so leaves more processor time for the servers.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::target::Target;

const BOUNDARY: &str = "----WebKitFormBoundaryAbCdEfGhIjKlMnOp";

/// How many submissions have been sent.
static VISITORS: AtomicUsize = AtomicUsize::new(0);

const ANSWERS: [(&str, &str); 5] = [
    ("contact_name", "Ana Gross"),
    ("contact_email", "ana@example.com"),
    ("town", "Berlin"),
    ("work", "repair"),
    ("note", "Slate, of 1911, with two dormers."),
];

/// Creates a file of this size that starts as a PDF does.
pub(super) fn file(bytes: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.resize(bytes, 0);
    file
}

/// Sends the file several times at once, and returns the time until the last response.
pub(super) fn send_at_once(number: usize, target: &Target, file: &[u8]) -> Duration {
    let started = Instant::now();
    thread::scope(|scope| {
        for _ in 0..number {
            scope.spawn(|| send(target, file));
        }
    });
    started.elapsed()
}

fn send(target: &Target, file: &[u8]) {
    let (host, path) = target.parts();
    let (before, after) = around_file(target);
    let length = before.len() + file.len() + after.len();
    let mut connection = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
    );
    for bytes in [head.as_bytes(), before.as_bytes(), file, after.as_bytes()] {
        connection.write_all(bytes).unwrap();
    }
    let mut response = String::new();
    connection.read_to_string(&mut response).unwrap();
    let is_success = response.starts_with("HTTP/1.1 200 ") && response.contains("success");
    assert!(is_success, "{}: {response}", target.name);
}

/// Returns the parts of the body before and after the file's bytes.
fn around_file(target: &Target) -> (String, String) {
    let mut before = String::new();
    // Use different answers, because the proxy creates only one deal from identical submissions.
    let visitor = VISITORS.fetch_add(1, Ordering::Relaxed);
    let company = [("company_name", &*format!("Roof {visitor}"))];
    for (name, value) in ANSWERS.iter().chain(&company).chain(&target.added) {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        write!(before, "{head}\r\n\r\n{value}\r\n").unwrap();
    }
    write!(
        before,
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"attachments[]\"; \
         filename=\"plans.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
    )
    .unwrap();
    (before, format!("\r\n--{BOUNDARY}--\r\n"))
}

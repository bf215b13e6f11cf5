//! Large files, several at once.
//!
//! Written to the sockets from one piece of memory: of the processor, whose time the servers need, that
//! takes less than a client of HTTP would.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::target::Target;

const BOUNDARY: &str = "----WebKitFormBoundaryAbCdEfGhIjKlMnOp";

/// How many have sent something.
static VISITORS: AtomicUsize = AtomicUsize::new(0);

const ANSWERS: [(&str, &str); 5] = [
    ("contact_name", "Ana Gross"),
    ("contact_email", "ana@example.com"),
    ("town", "Berlin"),
    ("work", "repair"),
    ("note", "Slate, of 1911, with two dormers."),
];

/// A PDF of that many bytes, by its first ones.
pub(super) fn file(bytes: usize) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    file.resize(bytes, 0);
    file
}

/// Sends the file so many times at once, and gives the time until the last one has its answer.
pub(super) fn at_once(number: usize, target: &Target, file: &[u8]) -> Duration {
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..number {
            scope.spawn(|| send(target, file));
        }
    });
    begun.elapsed()
}

fn send(target: &Target, file: &[u8]) {
    let (host, path) = target.parts();
    let (before, behind) = around_file(target);
    let length = before.len() + file.len() + behind.len();
    let mut connection = TcpStream::connect(host).unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {length}\r\n\r\n"
    );
    for bytes in [head.as_bytes(), before.as_bytes(), file, behind.as_bytes()] {
        connection.write_all(bytes).unwrap();
    }
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let taken = answer.starts_with("HTTP/1.1 200 ") && answer.contains("success");
    assert!(taken, "{}: {answer}", target.name);
}

/// What comes before the file's bytes, and what behind them.
fn around_file(target: &Target) -> (String, String) {
    let mut before = String::new();
    // Of submissions that are the same in all, the proxy makes one deal, for a while.
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

//! Measures how fast a submission is read: by the multipart reader alone, and with its files written to disk.
#![expect(clippy::unwrap_used, reason = "a measurement fails loudly")]

use std::hint::black_box;
use std::path::Path;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use deal_proxy::testing::{Intake, content_bytes};
use tokio::runtime::Runtime;

/// The sizes of the pieces in which a body arrives: a TLS record, and the maximum that hyper reads in one
/// call from a sender that is faster than the proxy.
const PIECES: [(&str, usize); 2] = [("16 kB", 16_384), ("400 kB", 409_600)];

/// The boundary of all bodies.
const BOUNDARY: &str = "----WebKitFormBoundaryAbCdEfGhIjKlMnOp";

/// A form whose files may be as large as the CRM accepts.
const FORM: &str = "quote";

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let texts: Vec<_> = (0..199)
        .map(|number| (format!("question_{number}"), "the quick brown fox".to_owned()))
        .collect();
    parse(&mut criterion, "199 short texts", &body(&texts, &[]));
    for megabytes in [10, 99] {
        let file = file(megabytes * 1_000_000);
        let submission = body(&[], &[("plan.pdf", &file)]);
        parse(&mut criterion, &format!("a file of {megabytes} MB"), &submission);
        spool(&mut criterion, &format!("a file of {megabytes} MB"), &submission);
    }
    criterion.final_summary();
}

/// Measures the multipart reader alone.
fn parse(criterion: &mut Criterion, name: &str, submission: &Bytes) {
    let mut group = criterion.benchmark_group(format!("multipart/{name}"));
    group.throughput(Throughput::Bytes(submission.len().try_into().unwrap())).sample_size(20);
    for (title, piece) in PIECES {
        group.bench_function(format!("in pieces of {title}"), |bencher| {
            bencher.iter(|| content_bytes(BOUNDARY, black_box(submission).clone(), piece).unwrap());
        });
    }
    group.finish();
}

/// Measures the time until all files are synced to the disk, and then removes the files.
fn spool(criterion: &mut Criterion, name: &str, submission: &Bytes) {
    let folder = tempfile::tempdir().unwrap();
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/forms");
    let runtime = Runtime::new().unwrap();
    let intake = runtime.block_on(Intake::new(&forms, folder.path())).unwrap();
    let mut group = criterion.benchmark_group(format!("spool/{name}"));
    group.throughput(Throughput::Bytes(submission.len().try_into().unwrap())).sample_size(10);
    for (title, piece) in PIECES {
        group.bench_function(format!("in pieces of {title}"), |bencher| {
            bencher.iter(|| {
                let received = intake.receive(FORM, BOUNDARY, submission.clone(), piece);
                assert!(runtime.block_on(received).unwrap() > 0);
            });
        });
    }
    group.finish();
}

/// Creates a PDF file of this size. Its bytes have all values, including line breaks and hyphens, as in compressed
/// files.
fn file(bytes: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize_with(bytes, || random.u8(..));
    content
}

/// Writes a body as a browser does: text values and named files.
fn body(texts: &[(String, String)], files: &[(&str, &[u8])]) -> Bytes {
    let mut body = Vec::new();
    for (name, value) in texts {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
    }
    for (name, content) in files {
        let head = "Content-Disposition: form-data; name=\"attachments[]\"; filename";
        let head = format!("--{BOUNDARY}\r\n{head}=\"{name}\"\r\nContent-Type: application/pdf");
        body.extend_from_slice(format!("{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body.into()
}

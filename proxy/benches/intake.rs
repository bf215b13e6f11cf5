//! How fast a submission is read: taken apart, and with its files on disk.
#![expect(clippy::unwrap_used, reason = "a measurement fails loudly")]

use std::hint::black_box;
use std::path::Path;

use bytes::Bytes;
use criterion::{Criterion, Throughput};
use deal_proxy::measured::{Intake, body, take_apart};
use tokio::runtime::Runtime;

/// What a connection gives at a time: a record of TLS, and as much as hyper reads at once from a sender
/// that is faster than we are.
const PIECES: [(&str, usize); 2] = [("16 kB", 16_384), ("400 kB", 409_600)];

/// A form whose files may be as large as the CRM takes them.
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

/// The reader alone.
fn parse(criterion: &mut Criterion, name: &str, submission: &Bytes) {
    let mut group = criterion.benchmark_group(format!("multipart/{name}"));
    group.throughput(Throughput::Bytes(submission.len().try_into().unwrap())).sample_size(20);
    for (title, piece) in PIECES {
        group.bench_function(format!("in pieces of {title}"), |bencher| {
            bencher.iter(|| take_apart(black_box(submission).clone(), piece).unwrap());
        });
    }
    group.finish();
}

/// All that is done until the files are on disk, their syncs included; then they are removed.
fn spool(criterion: &mut Criterion, name: &str, submission: &Bytes) {
    let folder = tempfile::tempdir().unwrap();
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/forms");
    let runtime = Runtime::new().unwrap();
    let intake = Intake::new(&forms, folder.path()).unwrap();
    let mut group = criterion.benchmark_group(format!("spool/{name}"));
    group.throughput(Throughput::Bytes(submission.len().try_into().unwrap())).sample_size(10);
    for (title, piece) in PIECES {
        group.bench_function(format!("in pieces of {title}"), |bencher| {
            bencher.iter(|| {
                let received = intake.receive(FORM, submission.clone(), piece);
                assert!(runtime.block_on(received).unwrap() > 0);
            });
        });
    }
    group.finish();
}

/// Bytes of every value, among them line breaks and hyphens, as compressed files have them.
fn file(bytes: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(1);
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize_with(bytes, || random.u8(..));
    content
}

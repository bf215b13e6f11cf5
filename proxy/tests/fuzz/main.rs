//! The entries of `fuzz/` with its corpora, and with mutations of them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail loudly"
)]

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use deal_contract::definition::FormDefinition;

use self::entries::{BOUNDARY, form, multipart, read, reply};

#[expect(unreachable_pub, reason = "it is the library of the fuzz targets")]
#[path = "../../../fuzz/src/lib.rs"]
mod entries;

/// Mutations of each corpus in one run; a few seconds for all.
const MUTATIONS: u32 = 20_000;

fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    assert!(files.len() >= 4, "the corpus is too small");
    files
}

/// Random numbers that one number begins (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below.max(1)
    }
}

/// Cut, doubled, joined with another, or with other bytes in it.
fn mutate(dice: &mut Dice, data: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=dice.throw(4) {
        let at = dice.throw(data.len());
        let end = at + dice.throw(data.len() - at.min(data.len()) + 1).min(64);
        match dice.throw(6) {
            0 => data.truncate(at),
            1 => drop(data.splice(at..at, data.get(at..end).unwrap_or_default().to_vec())),
            2 => drop(data.splice(at..end.min(data.len()), [])),
            3 => {
                let from = dice.throw(other.len());
                let piece = &other[from..other.len().min(from + dice.throw(64))];
                drop(data.splice(at..at, piece.to_vec()));
            }
            4 if at < data.len() => data[at] = u8::try_from(dice.throw(256)).unwrap(),
            _ => {
                let bytes = b"\r\n-\":;=[]{}'#\\\0\xff, b1";
                data.insert(at.min(data.len()), bytes[dice.throw(bytes.len())]);
            }
        }
        data.truncate(4_096);
    }
}

/// A failure names the seed that repeats it: `FUZZ_SEED=… cargo test --test fuzz`.
fn run(name: &str, entry: impl Fn(&[u8])) {
    let corpus = corpus(name);
    for (path, data) in &corpus {
        let result = panic::catch_unwind(AssertUnwindSafe(|| entry(data)));
        assert!(result.is_ok(), "{}", path.display());
    }
    let seed = std::env::var("FUZZ_SEED").map_or_else(
        |_| getrandom::u64().unwrap(),
        |seed| seed.parse().expect("FUZZ_SEED is a number"),
    );
    let mut dice = Dice(seed | 1);
    for _ in 0..MUTATIONS {
        let mut data = corpus[dice.throw(corpus.len())].1.clone();
        let other = &corpus[dice.throw(corpus.len())].1;
        mutate(&mut dice, &mut data, other);
        let result = panic::catch_unwind(AssertUnwindSafe(|| entry(&data)));
        assert!(result.is_ok(), "FUZZ_SEED={seed}: {:?}", String::from_utf8_lossy(&data));
    }
}

#[test]
fn reads_any_body_the_same_in_any_pieces() {
    run("multipart", multipart);
}

/// For any body that the proxy accepts, multer finds the same contents or refuses it, so that no later reader sees another
/// submission. It reads names differently, and accepts much that the proxy refuses.
#[test]
fn a_body_that_is_accepted_is_the_same_to_another_reader() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let compared = std::cell::Cell::new(0);
    run("multipart", |data| {
        let Some((_, body)) = data.split_first() else { return };
        let Some(parts) = read(body, body.len().max(1)) else { return };
        let stream = axum::body::Body::from(body.to_vec()).into_data_stream();
        let theirs = runtime.block_on(async {
            let mut contents = Vec::new();
            let mut multipart = multer::Multipart::new(stream, BOUNDARY);
            while let Some(field) = multipart.next_field().await? {
                contents.push(field.bytes().await?.to_vec());
            }
            Ok::<_, multer::Error>(contents)
        });
        let Ok(theirs) = theirs else { return };
        let ours: Vec<Vec<u8>> = parts.into_iter().map(|part| part.content).collect();
        assert_eq!(ours, theirs);
        compared.set(compared.get() + 1);
    });
    assert!(compared.get() > 100, "only {} bodies were taken", compared.get());
}

#[test]
fn any_form_file_is_a_form_or_has_mistakes_with_their_places() {
    run("form", form);
}

#[test]
fn any_answer_is_a_reply_or_none() {
    run("reply", reply);
}

/// A corpus without valid input would prove nothing.
#[test]
fn the_corpora_hold_valid_and_invalid_input() {
    let bodies = corpus("multipart");
    let whole = |(_, data): &(PathBuf, Vec<u8>)| read(&data[1..], 4_096).is_some();
    assert!(bodies.iter().any(whole) && !bodies.iter().all(whole));
    let forms = corpus("form");
    let good = |(_, data): &(PathBuf, Vec<u8>)| {
        FormDefinition::from_toml(std::str::from_utf8(data).unwrap()).is_ok()
    };
    assert!(forms.iter().any(good) && !forms.iter().all(good));
}

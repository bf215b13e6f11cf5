//! Runs the fuzz targets of `fuzz/` on their corpora and on random mutations of them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a panic in a helper fails the test"
)]

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};

use deal_contract::definition::FormDefinition;

use self::entries::{BOUNDARY, form, multipart, read, reply};

#[expect(unreachable_pub, reason = "the fuzz targets use this file as a library")]
#[path = "../../../fuzz/src/lib.rs"]
mod entries;

/// The number of mutations of each corpus. All mutations together take a few seconds.
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

/// A random number generator with a seed (xorshift, Marsaglia 2003).
struct Rng(u64);

impl Rng {
    /// Returns a random number that is less than the limit.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit.max(1)
    }
}

/// Truncates, repeats, removes or changes parts of the data, or inserts bytes from another input.
fn mutate(rng: &mut Rng, data: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=rng.below(4) {
        let at = rng.below(data.len());
        let end = at + rng.below(data.len() - at.min(data.len()) + 1).min(64);
        match rng.below(6) {
            0 => data.truncate(at),
            1 => drop(data.splice(at..at, data.get(at..end).unwrap_or_default().to_vec())),
            2 => drop(data.splice(at..end.min(data.len()), [])),
            3 => {
                let from = rng.below(other.len());
                let piece = &other[from..other.len().min(from + rng.below(64))];
                drop(data.splice(at..at, piece.to_vec()));
            }
            4 if at < data.len() => data[at] = u8::try_from(rng.below(256)).unwrap(),
            _ => {
                let bytes = b"\r\n-\":;=[]{}'#\\\0\xff, b1";
                data.insert(at.min(data.len()), bytes[rng.below(bytes.len())]);
            }
        }
        data.truncate(4_096);
    }
}

/// Runs a fuzz target. If a mutation fails, the message names the seed that repeats the failure: `FUZZ_SEED=… cargo
/// test --test fuzz`.
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
    let mut rng = Rng(seed | 1);
    for _ in 0..MUTATIONS {
        let mut data = corpus[rng.below(corpus.len())].1.clone();
        let other = &corpus[rng.below(corpus.len())].1;
        mutate(&mut rng, &mut data, other);
        let result = panic::catch_unwind(AssertUnwindSafe(|| entry(&data)));
        assert!(result.is_ok(), "FUZZ_SEED={seed}: {:?}", String::from_utf8_lossy(&data));
    }
}

#[test]
fn reads_a_body_the_same_regardless_of_its_chunks() {
    run("multipart", multipart);
}

/// For each body that the proxy accepts, multer finds parts with the same content or refuses the body. Names are not
/// compared, because multer reads them differently. multer also accepts many bodies that the proxy refuses.
#[test]
fn agrees_with_another_multipart_reader_on_accepted_bodies() {
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
    assert!(compared.get() > 100, "only {} bodies were accepted", compared.get());
}

#[test]
fn reports_the_position_of_each_mistake_in_any_form_file() {
    run("form", form);
}

#[test]
fn reads_any_response_body_of_the_crm_without_a_panic() {
    run("reply", reply);
}

/// A corpus with only valid or only invalid input would prove little.
#[test]
fn the_corpora_of_bodies_and_forms_contain_valid_and_invalid_input() {
    let bodies = corpus("multipart");
    let is_valid_body = |(_, data): &(PathBuf, Vec<u8>)| read(&data[1..], 4_096).is_some();
    assert!(bodies.iter().any(is_valid_body) && !bodies.iter().all(is_valid_body));
    let forms = corpus("form");
    let is_valid_form = |(_, data): &(PathBuf, Vec<u8>)| {
        FormDefinition::from_toml(std::str::from_utf8(data).unwrap()).is_ok()
    };
    assert!(forms.iter().any(is_valid_form) && !forms.iter().all(is_valid_form));
}

//! Where bytes of strangers come in, for fuzzers: each entry takes any bytes and fails if a promise
//! is broken. `fuzz/` runs them for as long as anybody likes; the tests here run its corpora and
//! mutations of them with every `cargo test`.

use deal_contract::check::{Submission, Today, check};
use deal_contract::definition::{FormDefinition, PublicDefinition};
use deal_contract::json::Value;
use deal_contract::reply::Reply;

use crate::intake::{Boundary, Part, parts};
use crate::settings::clock;

/// The boundary of all bodies here.
const BOUNDARY: &str = "b";

const HEADER_LIMIT: usize = 300;

/// A body. The first byte says in how large pieces it comes.
///
/// # Panics
/// If it is read differently in pieces, or if what was read and written again is not the same.
pub fn multipart(data: &[u8]) {
    let Some((&first, body)) = data.split_first() else { return };
    let whole = read(body, body.len().max(1));
    assert_eq!(read(body, usize::from(first).max(1)), whole, "it reads differently in pieces");
    if let Some(whole) = whole {
        let written = write(&whole);
        assert_eq!(
            read(&written, written.len()).as_ref(),
            Some(&whole),
            "written again it differs"
        );
    }
}

fn read(body: &[u8], piece: usize) -> Option<Vec<Part>> {
    let boundary = Boundary::from_parameters(&format!("; boundary={BOUNDARY}")).ok()?;
    parts(&boundary, HEADER_LIMIT, body.chunks(piece)).ok()
}

/// As a browser would.
fn write(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for (head, content) in parts {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data").into_bytes());
        body.extend(format!("; name=\"{}\"", head.name).into_bytes());
        if let Some(file_name) = &head.file_name {
            body.extend(format!("; filename=\"{file_name}\"").into_bytes());
        }
        if !head.media_type.is_empty() {
            body.extend(format!("\r\nContent-Type: {}", head.media_type).into_bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    body
}

/// A form's file.
///
/// # Panics
/// If a mistake has no place in the file, or if the page would read the form differently.
pub fn form(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let form = match FormDefinition::from_toml(text) {
        Ok(form) => form,
        Err(mistakes) => {
            assert!(!mistakes.0.is_empty(), "refused without a word");
            let lines = text.matches('\n').count() + 1;
            for mistake in &mistakes.0 {
                assert!(mistake.line.is_none_or(|line| (1..=lines).contains(&line)), "{mistake}");
            }
            return;
        }
    };
    let json = serde_json::to_string(&form.public).unwrap_or_default();
    assert_eq!(serde_json::from_str::<PublicDefinition>(&json).ok().as_ref(), Some(&form.public));
    // Whatever the form, somebody can be told what is wrong with their answers.
    let values = form.public.fields.iter().map(|field| (field.parameter.as_str(), text));
    let today = Today::somewhere(clock::utc_day());
    let submission = Submission { values: values.collect(), files: Vec::new(), today };
    for problem in check(&form.public, &submission) {
        assert!(!problem.sentence().is_empty(), "a problem without a word");
    }
}

/// An answer of the CRM, or a definition that a page was given.
///
/// # Panics
/// If what was read and written again is not the same.
pub fn reply(data: &[u8]) {
    let Ok(json) = serde_json::from_slice::<Value>(data) else { return };
    if let Some(reply) = Reply::read(&json) {
        let written = serde_json::to_string(&reply).unwrap_or_default();
        let again = serde_json::from_str::<Value>(&written).ok();
        assert_eq!(again.and_then(|json| Reply::read(&json)), Some(reply));
    }
    if let Ok(form) = PublicDefinition::read(&json) {
        let written = serde_json::to_string(&form).unwrap_or_default();
        assert_eq!(serde_json::from_str::<PublicDefinition>(&written).ok(), Some(form));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::panic::{self, AssertUnwindSafe};
    use std::path::{Path, PathBuf};

    use super::*;

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
        assert!(files.len() >= 4, "no corpus to speak of");
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

    /// A failure names the number that leads to it again: `FUZZ_SEED=… cargo test fuzz`.
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
    fn any_body_is_read_the_same_in_any_pieces() {
        run("multipart", multipart);
    }

    /// Whatever we take, multer finds the same contents in it or takes it not at all: nobody behind us
    /// sees another submission. Of names it has ideas of its own, and it takes much that we do not.
    #[test]
    fn a_body_that_we_take_is_the_same_to_another_reader() {
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
            let ours: Vec<Vec<u8>> = parts.into_iter().map(|(_, content)| content).collect();
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

    /// A corpus in which nothing can be read would prove nothing.
    #[test]
    fn the_corpora_hold_what_is_good_and_what_is_not() {
        let bodies = corpus("multipart");
        let whole = |(_, data): &(PathBuf, Vec<u8>)| read(&data[1..], 4_096).is_some();
        assert!(bodies.iter().any(whole) && !bodies.iter().all(whole));
        let forms = corpus("form");
        let good = |(_, data): &(PathBuf, Vec<u8>)| {
            FormDefinition::from_toml(std::str::from_utf8(data).unwrap()).is_ok()
        };
        assert!(forms.iter().any(good) && !forms.iter().all(good));
    }
}

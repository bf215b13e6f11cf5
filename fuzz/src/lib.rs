//! Where bytes of strangers come in: each entry takes any bytes, and panics if a promise is broken.
//!
//! The fuzz targets run the entries for as long as one likes. The tests of the proxy include this file, and run the
//! corpora and mutations of them with every `cargo test`.

use deal_contract::check::{Submission, check};
use deal_contract::definition::{FormDefinition, PublicDefinition};
use deal_contract::json::Value;
use deal_contract::reply::Reply;

use deal_proxy::testing::{Part, parts, today};

/// The boundary of all bodies here.
pub const BOUNDARY: &str = "b";

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

/// Reads a body that comes in pieces of that many bytes; none if it is not a form's.
pub fn read(body: &[u8], piece: usize) -> Option<Vec<Part>> {
    parts(BOUNDARY, HEADER_LIMIT, body.chunks(piece))
}

/// As a browser would.
fn write(parts: &[Part]) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data").into_bytes());
        body.extend(format!("; name=\"{}\"", part.name).into_bytes());
        if let Some(file_name) = &part.file_name {
            body.extend(format!("; filename=\"{file_name}\"").into_bytes());
        }
        if !part.media_type.is_empty() {
            body.extend(format!("\r\nContent-Type: {}", part.media_type).into_bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(&part.content);
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
    let submission = Submission { values: values.collect(), files: Vec::new(), today: today() };
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

//! The functions that the fuzz targets call. Each function takes any bytes, and panics if an invariant is
//! broken.
//!
//! The proxy's tests include this file, and run the corpora and their mutations with each `cargo test`.

use deal_contract::check::{Submission, check};
use deal_contract::definition::{FormDefinition, PublicDefinition};
use deal_contract::json::Value;
use deal_contract::reply::Reply;

use deal_proxy::testing::{Part, parts, today};

/// The boundary in all bodies.
pub const BOUNDARY: &str = "b";

const HEADER_LIMIT: usize = 300;

/// Reads a body. The first byte sets the size of the pieces in which the body arrives.
///
/// # Panics
/// If the result depends on the size of the pieces, or if it changes when it is written and read again.
pub fn multipart(data: &[u8]) {
    let Some((&first, body)) = data.split_first() else { return };
    let whole = read(body, body.len().max(1));
    assert_eq!(read(body, usize::from(first).max(1)), whole, "the result depends on the pieces");
    if let Some(whole) = whole {
        let written = write(&whole);
        assert_eq!(
            read(&written, written.len()).as_ref(),
            Some(&whole),
            "the result changes when it is written and read again"
        );
    }
}

/// Reads a body that arrives in pieces of this size. Returns none if the body is not a valid form.
pub fn read(body: &[u8], piece: usize) -> Option<Vec<Part>> {
    parts(BOUNDARY, HEADER_LIMIT, body.chunks(piece))
}

/// Writes a body as a browser does.
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

/// Reads a form file.
///
/// # Panics
/// If a mistake has a line number outside the file, or if the form's JSON is read as a different form.
pub fn form(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let form = match FormDefinition::from_toml(text) {
        Ok(form) => form,
        Err(mistakes) => {
            assert!(!mistakes.0.is_empty(), "an error without a mistake");
            let lines = text.matches('\n').count() + 1;
            for mistake in &mistakes.0 {
                assert!(mistake.line.is_none_or(|line| (1..=lines).contains(&line)), "{mistake}");
            }
            return;
        }
    };
    let json = serde_json::to_string(&form.public).unwrap_or_default();
    assert_eq!(serde_json::from_str::<PublicDefinition>(&json).ok().as_ref(), Some(&form.public));
    // Every problem has a sentence in every form.
    let values = form.public.fields.iter().map(|field| (field.parameter.as_str(), text));
    let submission = Submission { values: values.collect(), files: Vec::new(), today: today() };
    for problem in check(&form.public, &submission) {
        assert!(!problem.sentence().is_empty(), "a problem without a sentence");
    }
}

/// Reads a reply from the CRM, and a definition as a page receives it.
///
/// # Panics
/// If the result changes when it is written and read again.
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

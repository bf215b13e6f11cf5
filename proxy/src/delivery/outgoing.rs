//! A deal as `multipart/form-data`, with files that are streamed from the store.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};

use super::idle_timeout::IdleTimeout;
use super::send_deadline::{SendDeadline, UntilDeadline};
use crate::store::{FileSetId, FileStream, Store, StoredFile};

/// A deal that is being sent: text parameters, then files.
pub(super) struct Outgoing<'a> {
    pub(super) texts: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) files: &'a [StoredFile],
    pub(super) set: Option<&'a FileSetId>,
    pub(super) store: &'a Store,
    pub(super) deadline: &'a SendDeadline,
}

impl Outgoing<'_> {
    /// Opens the files and builds the body. Each chunk of a file that is sent resets the timeout.
    pub(super) async fn into_form(self, key: &str, idle: &IdleTimeout) -> io::Result<Form> {
        // With encoding, reqwest writes a name with a space or an umlaut as `name*=`, which PHP drops; its encoding
        // "attr-chars" does this even to `attachments[]`. The contract allows no quotation mark or line break in a
        // parameter's name, so no encoding is needed.
        let mut form = Form::new().percent_encode_noop().text("key", key.to_owned());
        let deadline = self.deadline;
        let mut texts = self.texts;
        let last = texts.pop();
        for (name, value) in texts {
            form = form.text(name.to_owned(), value.into_owned());
        }
        // Without files, this is the last part of the body, so the request is complete only before the deadline.
        if let Some((name, value)) = last {
            form = form.part(name.to_owned(), until_deadline(value.into_owned(), deadline));
        }
        for file in self.files {
            let set = self.set.ok_or(io::ErrorKind::NotFound)?;
            let bytes = self.store.open_file(set, &file.file).await?;
            let bytes = UntilDeadline { bytes, deadline: deadline.clone() };
            let chunks = Chunks { bytes, idle: idle.clone() };
            let part = Part::stream_with_length(Body::wrap_stream(chunks), file.bytes)
                .file_name(escape_name(&file.name));
            let part = with_media_type(part, &file.media_type);
            form = form.part(deal_contract::attachments::PART, part);
        }
        Ok(form)
    }
}

/// Escapes a file's name as browsers do (WHATWG HTML 4.10.21.8). reqwest escapes names differently, and servers
/// interpret its escapes in different ways. The contract allows no backslash in a name.
fn escape_name(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Sets the media type of the file's kind, or `application/octet-stream` if it is not valid.
fn with_media_type(part: Part, media_type: &str) -> Part {
    const UNKNOWN: &str = "application/octet-stream";
    // `mime_str` consumes the part even if it fails, so test it with another part.
    let is_valid = Part::text("").mime_str(media_type).is_ok();
    let media_type = if is_valid { media_type } else { UNKNOWN };
    part.mime_str(media_type).unwrap_or_else(|_| Part::text(""))
}

/// Returns a text part that is sent only before the deadline.
fn until_deadline(text: String, deadline: &SendDeadline) -> Part {
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let bytes = futures_util::stream::iter([Ok(Bytes::from(text))]);
    let bytes = UntilDeadline { bytes, deadline: deadline.clone() };
    Part::stream_with_length(Body::wrap_stream(bytes), length)
}

/// The bytes of a file. Each chunk that is sent resets the timeout.
struct Chunks {
    bytes: UntilDeadline<FileStream>,
    idle: IdleTimeout,
}

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = Pin::new(&mut self.bytes).poll_next(context);
        if next.is_ready() {
            self.idle.reset();
        }
        next
    }
}

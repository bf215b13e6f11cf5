//! A deal as the CRM reads it: `multipart/form-data`, with files that are streamed from the store.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};

use super::idle_timeout::IdleTimeout;
use crate::store::{FileSetId, FileStream, Store, StoredFile};

/// A deal that is being sent: text parameters, then files.
pub(super) struct Outgoing<'a> {
    pub(super) texts: Vec<(&'a str, &'a str)>,
    pub(super) files: &'a [StoredFile],
    pub(super) set: Option<&'a FileSetId>,
    pub(super) store: &'a Store,
}

impl Outgoing<'_> {
    /// The body, with its files open. Every piece of a file that is sent resets the timeout.
    pub(super) async fn into_form(self, key: &str, idle: &IdleTimeout) -> io::Result<Form> {
        // reqwest writes any name with a space or an umlaut as `name*=`, which PHP drops, and with
        // its "attr-chars" encoding even `attachments[]`; without encoding, names stay as they
        // are. The contract lets no quotation mark or line break into a parameter's name.
        let mut form = Form::new().percent_encode_noop().text("key", key.to_owned());
        for (name, value) in self.texts {
            form = form.text(name.to_owned(), value.to_owned());
        }
        for file in self.files {
            let set = self.set.ok_or(io::ErrorKind::NotFound)?;
            let bytes = self.store.open_file(set, &file.file).await?;
            let pieces = Pieces { bytes, idle: idle.clone() };
            let part = Part::stream_with_length(Body::wrap_stream(pieces), file.bytes)
                .file_name(safe_name(&file.name));
            form = form.part(deal_contract::attachments::PART, typed(part, &file.media_type));
        }
        Ok(form)
    }
}

/// The file's name as browsers write it (WHATWG HTML 4.10.21.8): the CRM gets what it would get
/// from the browser itself. Names come that way already; here it keeps reqwest from escapes of its
/// own, which others read in different ways. A backslash does not get past the contract.
fn safe_name(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// The media type that the browser declared, or the one that claims nothing.
fn typed(part: Part, media_type: &str) -> Part {
    const UNKNOWN: &str = "application/octet-stream";
    // Whether it is one can only be tried, and trying takes the part.
    let valid = Part::text("").mime_str(media_type).is_ok();
    let media_type = if valid { media_type } else { UNKNOWN };
    part.mime_str(media_type).unwrap_or_else(|_| Part::text(""))
}

/// The bytes of a file. Every piece that is sent resets the timeout.
struct Pieces {
    bytes: FileStream,
    idle: IdleTimeout,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.bytes.as_mut().poll_next(context);
        if next.is_ready() {
            self.idle.reset();
        }
        next
    }
}

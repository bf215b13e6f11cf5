//! A deal as the CRM reads it: `multipart/form-data`, files streamed from disk.

use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use tokio::fs;
use tokio::task::{JoinHandle, spawn_blocking};

use super::pulse::Pulse;
use crate::store::journal::StoredFile;
use crate::store::spool::{FolderName, Spool};

/// What is read from disk at a time.
const READ_BYTES: usize = 128 * 1024;

/// A deal on its way: text parameters, then files.
pub(super) struct Outgoing<'a> {
    pub(super) texts: Vec<(&'a str, &'a str)>,
    pub(super) files: &'a [StoredFile],
    pub(super) folder: Option<&'a FolderName>,
    pub(super) spool: &'a Spool,
}

impl Outgoing<'_> {
    /// The body, with its files open. Every piece of a file that goes out beats the pulse.
    pub(super) async fn into_form(self, key: &str, pulse: &Pulse) -> io::Result<Form> {
        // reqwest writes any name with a space or an umlaut as `name*=`, which PHP drops, and with
        // its "attr-chars" encoding even `attachments[]`; without encoding, names stay as they
        // are. The contract lets no quotation mark or line break into a parameter's name.
        let mut form = Form::new().percent_encode_noop().text("key", key.to_owned());
        for (name, value) in self.texts {
            form = form.text(name.to_owned(), value.to_owned());
        }
        for file in self.files {
            let folder = self.folder.ok_or(io::ErrorKind::NotFound)?;
            let open = fs::File::open(self.spool.file(folder, &file.file)).await?.into_std().await;
            let pieces = Pieces { next: Next::Unread(open), pulse: pulse.clone() };
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

/// The bytes of a file. The next piece is read while the last one is on its way.
struct Pieces {
    next: Next,
    pulse: Pulse,
}

/// The file's next piece.
enum Next {
    /// Nobody has asked for the first one.
    Unread(File),
    Coming(JoinHandle<io::Result<(File, Bytes)>>),
    /// There is none.
    End,
}

/// Begins to read the file's next piece, which is empty at the end. Its memory comes from this
/// thread: those that wait for the disk are many, and the allocator keeps something for each.
fn read(mut file: File) -> JoinHandle<io::Result<(File, Bytes)>> {
    let mut piece = vec![0; READ_BYTES];
    spawn_blocking(move || {
        let length = file.read(&mut piece)?;
        piece.truncate(length);
        Ok((file, piece.into()))
    })
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut coming = match mem::replace(&mut self.next, Next::End) {
            Next::Unread(file) => read(file),
            Next::Coming(coming) => coming,
            Next::End => return Poll::Ready(None),
        };
        let Poll::Ready(ended) = Pin::new(&mut coming).poll(context) else {
            self.next = Next::Coming(coming);
            return Poll::Pending;
        };
        self.pulse.beat();
        let (file, piece) = ended??;
        if piece.is_empty() {
            return Poll::Ready(None);
        }
        self.next = Next::Coming(read(file));
        Poll::Ready(Some(Ok(piece)))
    }
}

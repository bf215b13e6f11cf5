//! The intake without a server, for the fuzz targets in `fuzz/` and the benches in `benches/`.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use deal_contract::check::Today;
use hyper::body::Frame;

use crate::StartError;
use crate::intake::{Boundary, Event, Reader, RequestBody, read, whole};
use crate::settings::clock::{self, Clock};
use crate::settings::config::Limits;
use crate::settings::forms::Forms;
use crate::store::Store;

/// One part of a multipart body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, if the part is a file.
    pub file_name: Option<String>,
    /// The declared media type; empty if there is none.
    pub media_type: String,
    /// The content.
    pub content: Vec<u8>,
}

/// Reads a body that arrives in pieces. Returns `None` if it is not a valid form body.
pub fn parts<'p>(
    boundary: &str,
    header_limit: usize,
    pieces: impl IntoIterator<Item = &'p [u8]>,
) -> Option<Vec<Part>> {
    let boundary = Boundary::from_parameters(&format!("; boundary={boundary}")).ok()?;
    let parts = whole::parts(&boundary, header_limit, pieces).ok()?;
    let part = |(head, content): whole::Part| Part {
        name: head.name,
        file_name: head.file_name,
        media_type: head.media_type,
        content,
    };
    Some(parts.into_iter().map(part).collect())
}

/// Reads a body in pieces of `piece` bytes, and stores nothing. Returns the total size of all parts
/// in bytes, or `None` if it is not a valid form body.
pub fn content_bytes(boundary: &str, mut body: Bytes, piece: usize) -> Option<usize> {
    let boundary = Boundary::from_parameters(&format!("; boundary={boundary}")).ok()?;
    let mut reader = Reader::new(&boundary, Limits::default().part_header.as_usize());
    let mut bytes = 0;
    while !body.is_empty() {
        reader.feed(body.split_to(piece.min(body.len())));
        while let Some(event) = reader.next().ok()? {
            if let Event::Content(content) = event {
                bytes += content.len();
            }
        }
    }
    reader.finish().ok()?;
    Some(bytes)
}

/// Returns the dates that are today in any time zone.
pub fn today() -> Today {
    Today::in_any_time_zone(clock::utc_day())
}

/// Forms and a store for the files of submissions.
#[derive(Debug)]
pub struct Intake {
    forms: Forms,
    store: Store,
}

impl Intake {
    /// Loads the forms from one folder, and opens a store in another folder.
    ///
    /// # Errors
    /// If a form has mistakes, or the store cannot be opened.
    pub async fn new(forms: &Path, spool: &Path) -> Result<Self, StartError> {
        let store = Store::open(spool, 0, Clock::system()).await?;
        Ok(Self { forms: Forms::load(forms)?, store })
    }

    /// Reads a submission in pieces of `piece` bytes, stores its files, and discards them. Returns the
    /// number of bytes in all files, or `None` if the submission is refused.
    pub async fn receive(
        &self,
        form: &str,
        boundary: &str,
        body: Bytes,
        piece: usize,
    ) -> Option<u64> {
        let form = self.forms.get(form)?;
        let boundary = Boundary::from_parameters(&format!("; boundary={boundary}")).ok()?;
        let timeout = Duration::from_secs(30);
        let mut body_reader = RequestBody::new(Body::new(Pieces { rest: body, piece }), timeout);
        let limits = Limits::default();
        let read = read(&mut body_reader, &boundary, &form.own, &limits, &self.store, |_| Ok(()));
        let (received, files) = read.await.ok()?;
        if let Some(files) = files {
            files.discard().await;
        }
        Some(received.file_bytes())
    }
}

/// A body in memory that arrives in pieces.
struct Pieces {
    rest: Bytes,
    piece: usize,
}

impl hyper::body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let length = self.piece.min(self.rest.len());
        let piece = self.rest.split_to(length);
        Poll::Ready((length > 0).then(|| Ok(Frame::data(piece))))
    }
}

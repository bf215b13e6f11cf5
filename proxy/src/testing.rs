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
use crate::intake::{Boundary, Event, Incoming, Reader, read, whole};
use crate::settings::clock::{self, Clock};
use crate::settings::config::Limits;
use crate::settings::forms::Forms;
use crate::store::Store;

/// A part of a multipart body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the field.
    pub name: String,
    /// The name of the file, if it is one.
    pub file_name: Option<String>,
    /// The declared media type, or nothing.
    pub media_type: String,
    /// The bytes.
    pub content: Vec<u8>,
}

/// Reads a body that comes in pieces; none if it is not the body of a form.
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

/// Reads a body that comes in pieces of that many bytes, and keeps nothing. Returns the bytes of all contents; none if it
/// is not the body of a form.
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

/// Today, in any time zone.
pub fn today() -> Today {
    Today::in_any_time_zone(clock::utc_day())
}

/// Forms, and a store for the files of submissions.
#[derive(Debug)]
pub struct Intake {
    forms: Forms,
    store: Store,
}

impl Intake {
    /// The forms of one folder, with a store in another one.
    ///
    /// # Errors
    /// If a form has mistakes, or the store cannot be opened.
    pub async fn new(forms: &Path, spool: &Path) -> Result<Self, StartError> {
        let store = Store::open(spool, 0, Clock::system()).await?;
        Ok(Self { forms: Forms::load(forms)?, store })
    }

    /// Reads a submission of a form that comes in pieces of that many bytes, stores its files, and discards them.
    /// Returns the bytes of all files; none if the submission is refused.
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
        let mut incoming = Incoming::new(Body::new(Pieces { rest: body, piece }), timeout);
        let limits = Limits::default();
        let read = read(&mut incoming, &boundary, form, &limits, &self.store, |_| Ok(()));
        let (received, files) = read.await.ok()?;
        if let Some(files) = files {
            files.discard().await;
        }
        Some(received.file_bytes())
    }
}

/// A body in memory, piece by piece.
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

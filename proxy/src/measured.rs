//! The intake by itself, for `benches/`.

use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use hyper::body::Frame;

use crate::StartError;
use crate::intake::{Boundary, Event, Incoming, Reader, read};
use crate::settings::config::Limits;
use crate::settings::forms::Forms;
use crate::store::spool::Spool;

/// The boundary of all bodies here.
const BOUNDARY: &str = "----WebKitFormBoundaryAbCdEfGhIjKlMnOp";

/// Writes a body as a browser does: text values, and files by their names.
pub fn body(texts: &[(String, String)], files: &[(&str, &[u8])]) -> Bytes {
    let mut body = Vec::new();
    for (name, value) in texts {
        let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        body.extend_from_slice(format!("{head}\r\n\r\n{value}\r\n").as_bytes());
    }
    for (name, content) in files {
        let head = "Content-Disposition: form-data; name=\"attachments[]\"; filename";
        let head = format!("--{BOUNDARY}\r\n{head}=\"{name}\"\r\nContent-Type: application/pdf");
        body.extend_from_slice(format!("{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body.into()
}

/// Takes a body apart that comes in pieces of that many bytes, and keeps nothing. Gives the bytes of
/// all contents; none for a body that no browser sends.
pub fn take_apart(mut body: Bytes, piece: usize) -> Option<usize> {
    let mut reader = Reader::new(&boundary()?, Limits::default().part_header.as_usize());
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

/// A form, and a folder for its files.
#[derive(Debug)]
pub struct Intake {
    forms: Forms,
    spool: Spool,
}

impl Intake {
    /// The forms of one folder, with files in another one.
    ///
    /// # Errors
    /// Forms with mistakes; a folder that another proxy uses, or that cannot be made.
    pub fn new(forms: &Path, spool: &Path) -> Result<Self, StartError> {
        Ok(Self { forms: Forms::load(forms)?, spool: Spool::open(spool, 0)? })
    }

    /// Reads a submission of that form which comes in pieces of that many bytes, with its files on disk
    /// at the end, and drops it. Gives the bytes of all files; none if it is refused.
    pub async fn receive(&self, form: &str, body: Bytes, piece: usize) -> Option<u64> {
        let form = self.forms.get(form)?;
        let silence = Duration::from_secs(30);
        let mut incoming = Incoming::new(Body::new(Pieces { rest: body, piece }), silence);
        let limits = Limits::default();
        let arrived = |_| Ok(());
        let received = read(&mut incoming, &boundary()?, form, &limits, &self.spool, arrived).await;
        Some(received.ok()?.file_bytes())
    }
}

fn boundary() -> Option<Boundary> {
    Boundary::from_parameters(&format!("; boundary={BOUNDARY}")).ok()
}

/// A body that is here already, and is handed on a piece at a time.
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

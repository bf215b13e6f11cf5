//! Reads a request as PHP does: parameters from the query and the body, and files, which it writes directly to disk.

mod attachments;
mod disposition;

use std::path::Path;

use axum::body::to_bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::TempPath;
use thiserror::Error;
use tokio::io::{AsyncWriteExt, BufWriter};

use self::attachments::{RemainingSize, is_allowed};
use self::disposition::Disposition;
use crate::parameters::Parameters;

/// The maximum size of a URL-encoded body, and of one text value in a multipart body: PHP's default `post_max_size`.
const MEMORY_LIMIT: usize = 8 * 1024 * 1024;

/// The content of one request.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) parameters: Parameters,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) summary: RequestSummary,
}

/// The names of all parameters and the sizes of all files, but no values.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct RequestSummary {
    /// The names of the parameters in the URL, unchanged and in the order in which they were sent.
    pub(crate) query: Vec<String>,
    /// The names of the text parameters in the body, unchanged and in the order in which they were
    /// sent.
    pub(crate) body: Vec<String>,
    pub(crate) files: Vec<FileSummary>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct FileSummary {
    pub(crate) field: String,
    pub(crate) size: u64,
    /// Whether the CRM accepts the file. The CRM drops other files without a message.
    pub(crate) kept: bool,
}

/// A file on disk that is not attached to a deal yet. It is deleted on drop.
#[derive(Debug)]
pub(crate) struct Upload {
    pub(crate) path: TempPath,
    pub(crate) name: String,
    pub(crate) media_type: Option<String>,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

#[derive(Debug, Error)]
pub(crate) enum IntakeError {
    #[error("the form data is malformed or incomplete")]
    Multipart(#[from] MultipartError),
    #[error("the body is incomplete or too large")]
    Body,
    #[error("cannot write an attachment")]
    Disk(#[from] std::io::Error),
}

/// Reads requests, with a folder and a size limit for their files.
#[derive(Debug)]
pub(crate) struct Intake<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) attachment_limit: u64,
}

impl Intake<'_> {
    pub(crate) async fn read(&self, request: Request) -> Result<Received, IntakeError> {
        let mut received = Received::default();
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            received.summary.query.push(name.to_string());
            received.parameters.insert(&name, value.into_owned());
        }
        if request.method() != Method::POST {
            return Ok(received);
        }
        match media_type(request.headers()).unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/x-www-form-urlencoded" => {
                let body = to_bytes(request.into_body(), MEMORY_LIMIT)
                    .await
                    .map_err(|_| IntakeError::Body)?;
                for (name, value) in form_urlencoded::parse(&body) {
                    received.summary.body.push(name.to_string());
                    received.parameters.insert(&name, value.into_owned());
                }
            }
            "multipart/form-data" => {
                let Ok(multipart) = Multipart::from_request(request, &()).await else {
                    return Err(IntakeError::Body);
                };
                self.read_multipart(multipart, &mut received).await?;
            }
            // PHP does not parse a body with any other type.
            _ => {}
        }
        Ok(received)
    }

    async fn read_multipart(
        &self,
        mut multipart: Multipart,
        received: &mut Received,
    ) -> Result<(), IntakeError> {
        let mut remaining = RemainingSize(self.attachment_limit);
        while let Some(field) = multipart.next_field().await? {
            let disposition = field
                .headers()
                .get(CONTENT_DISPOSITION)
                .map(|header| Disposition::parse(header.as_bytes()))
                .unwrap_or_default();
            let Some(name) = disposition.name else {
                discard(field).await?;
                continue;
            };
            match disposition.file_name {
                None => {
                    let value = read_text(field).await?;
                    received.parameters.insert(&name, value);
                    received.summary.body.push(name);
                }
                Some(file_name) => {
                    let upload = if name == "attachments[]" && is_allowed(&file_name) {
                        self.spool(field, file_name, remaining).await?
                    } else {
                        Spooled::Dropped(discard(field).await?)
                    };
                    let (size, kept) = match upload {
                        Spooled::Kept(upload) => {
                            let size = upload.size;
                            remaining.subtract(size);
                            received.uploads.push(upload);
                            (size, true)
                        }
                        Spooled::Dropped(size) => (size, false),
                    };
                    received.summary.files.push(FileSummary { field: name, size, kept });
                }
            }
        }
        Ok(())
    }

    /// Writes a file to disk while it arrives, and drops it once it reaches the remaining size.
    async fn spool(
        &self,
        mut field: Field<'_>,
        name: String,
        remaining: RemainingSize,
    ) -> Result<Spooled, IntakeError> {
        let media_type = field.content_type().map(str::to_owned);
        let (file, path) = tempfile::NamedTempFile::new_in(self.folder)?.into_parts();
        let mut file = BufWriter::with_capacity(256 * 1024, tokio::fs::File::from_std(file));
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        while let Some(chunk) = field.chunk().await? {
            size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if !remaining.fits(size) {
                return Ok(Spooled::Dropped(size.saturating_add(discard(field).await?)));
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        if !remaining.fits(size) {
            return Ok(Spooled::Dropped(size));
        }
        file.flush().await?;
        file.get_ref().sync_all().await?;
        let sha256 = hex(&hash.finalize());
        Ok(Spooled::Kept(Upload { path, name, media_type, size, sha256 }))
    }
}

enum Spooled {
    Kept(Upload),
    /// The size of the dropped file.
    Dropped(u64),
}

/// Returns the media type from `Content-Type`, without its parameters, or `None` if the header is missing.
pub(crate) fn media_type(headers: &HeaderMap) -> Option<String> {
    let essence = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?;
    Some(essence.trim().to_owned())
}

/// Reads a part to its end without keeping it, and returns its size.
async fn discard(mut field: Field<'_>) -> Result<u64, MultipartError> {
    let mut size = 0_u64;
    while let Some(chunk) = field.chunk().await? {
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
    }
    Ok(size)
}

async fn read_text(mut field: Field<'_>) -> Result<String, IntakeError> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if text.len().saturating_add(chunk.len()) > MEMORY_LIMIT {
            return Err(IntakeError::Body);
        }
        text.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

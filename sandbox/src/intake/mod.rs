//! Takes a request apart as PHP does: parameters from query and body, files to disk as they come.

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

use self::attachments::{Room, is_allowed};
use self::disposition::Disposition;
use crate::parameters::Parameters;

/// PHP's default `post_max_size`, for bodies that are read into memory.
const URLENCODED_LIMIT: usize = 8 * 1024 * 1024;
/// The same for one text in a multipart body.
const TEXT_LIMIT: usize = 8 * 1024 * 1024;

/// All that one request brought.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) parameters: Parameters,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) heard: Heard,
}

/// What arrived, without the values.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Heard {
    /// Names in the URL, in order, as sent.
    pub(crate) query: Vec<String>,
    /// Names of the texts in the body, in order, as sent.
    pub(crate) body: Vec<String>,
    pub(crate) files: Vec<HeardFile>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct HeardFile {
    pub(crate) field: String,
    pub(crate) size: u64,
    /// Whether it passed the CRM's criteria. The others are dropped without a word.
    pub(crate) kept: bool,
}

/// A file on disk that belongs to no deal yet. Dropping it deletes it.
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
    #[error("the form data is broken or was cut off")]
    Multipart(#[from] MultipartError),
    #[error("the body was cut off or is too long")]
    Body,
    #[error("an attachment could not be written")]
    Disk(#[from] std::io::Error),
}

/// Where files go while they are read, and how many bytes a call may bring.
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
            received.heard.query.push(name.to_string());
            received.parameters.insert(&name, value.into_owned());
        }
        if request.method() != Method::POST {
            return Ok(received);
        }
        match essence(request.headers()).as_str() {
            "application/x-www-form-urlencoded" => {
                let body = to_bytes(request.into_body(), URLENCODED_LIMIT)
                    .await
                    .map_err(|_| IntakeError::Body)?;
                for (name, value) in form_urlencoded::parse(&body) {
                    received.heard.body.push(name.to_string());
                    received.parameters.insert(&name, value.into_owned());
                }
            }
            "multipart/form-data" => {
                let Ok(multipart) = Multipart::from_request(request, &()).await else {
                    return Err(IntakeError::Body);
                };
                self.read_multipart(multipart, &mut received).await?;
            }
            // PHP fills `$_POST` from no other type.
            _ => {}
        }
        Ok(received)
    }

    async fn read_multipart(
        &self,
        mut multipart: Multipart,
        received: &mut Received,
    ) -> Result<(), IntakeError> {
        let mut room = Room(self.attachment_limit);
        while let Some(field) = multipart.next_field().await? {
            let disposition = field
                .headers()
                .get(CONTENT_DISPOSITION)
                .map(|header| Disposition::parse(header.as_bytes()))
                .unwrap_or_default();
            let Some(name) = disposition.name else {
                measure(field).await?;
                continue;
            };
            match disposition.file_name {
                None => {
                    let value = read_text(field).await?;
                    received.parameters.insert(&name, value);
                    received.heard.body.push(name);
                }
                Some(file_name) => {
                    let upload = if name == "attachments[]" && is_allowed(&file_name) {
                        self.spool(field, file_name, room).await?
                    } else {
                        Spooled::Dropped(measure(field).await?)
                    };
                    let (size, kept) = match upload {
                        Spooled::Kept(upload) => {
                            let size = upload.size;
                            room.take(size);
                            received.uploads.push(upload);
                            (size, true)
                        }
                        Spooled::Dropped(size) => (size, false),
                    };
                    received.heard.files.push(HeardFile { field: name, size, kept });
                }
            }
        }
        Ok(())
    }

    /// Writes a file to disk while it arrives, and gives it up once it does not fit.
    async fn spool(
        &self,
        mut field: Field<'_>,
        name: String,
        room: Room,
    ) -> Result<Spooled, IntakeError> {
        let media_type = field.content_type().map(str::to_owned);
        let (file, path) = tempfile::NamedTempFile::new_in(self.folder)?.into_parts();
        let mut file = BufWriter::with_capacity(256 * 1024, tokio::fs::File::from_std(file));
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        while let Some(chunk) = field.chunk().await? {
            size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
            if !room.holds(size) {
                return Ok(Spooled::Dropped(size.saturating_add(measure(field).await?)));
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        if !room.holds(size) {
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
    /// Its size.
    Dropped(u64),
}

/// The media type of a body without its parameters.
fn essence(headers: &HeaderMap) -> String {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

/// Reads a part to its end, keeping nothing.
async fn measure(mut field: Field<'_>) -> Result<u64, MultipartError> {
    let mut size = 0_u64;
    while let Some(chunk) = field.chunk().await? {
        size = size.saturating_add(u64::try_from(chunk.len()).unwrap_or(u64::MAX));
    }
    Ok(size)
}

async fn read_text(mut field: Field<'_>) -> Result<String, IntakeError> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if text.len().saturating_add(chunk.len()) > TEXT_LIMIT {
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

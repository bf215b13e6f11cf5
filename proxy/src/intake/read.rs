//! Reads a submission: values into memory, and files into the spool. Enforces limits while reading.

use std::io;

use deal_contract::attachments::{self, FileInfo};
use deal_contract::definition::Field;
use deal_contract::normalize::add_value;
use deal_contract::protocol::field;
use deal_contract::reference;

use super::body::{BodyError, RequestBody};
use super::content;
use super::error::{IntakeError, TooLarge};
use super::malformed::Malformed;
use super::multipart::{Boundary, Event, Reader};
use super::normalize::file_name;
use super::part_head::PartHead;
use super::received::{Received, ReceivedFile};
use super::unknown::Unknown;
use crate::bots::{PROOF_FIELD_LIMIT, is_proof_field};
use crate::settings::config::{Limits, Size};
use crate::settings::forms::LocalizedForm;
use crate::store::{FileUpload, PendingFiles, Store};

/// The maximum size of a reference, a revision or a hidden value, in bytes.
const SHORT_LIMIT: usize = 8 * 1024;

/// The maximum number of bytes to read for each allowed character: twice the four bytes of UTF-8. So
/// the message can state the length of an answer that has up to twice the allowed length.
const BYTES_PER_CHARACTER: usize = 2 * 4;

/// The number of characters that are kept from the beginning and the end of a file name that is longer
/// than any file system allows.
const FILE_NAME_ENDS: [usize; 2] = [256, 64];

/// The maximum length of a media type (RFC 6838 4.2 allows 127 characters for each of its two names).
const MEDIA_TYPE_LIMIT: usize = 255;

/// Reads a whole submission, and stores its files. `arrived` gets the number of bytes so far; if it
/// returns an error, reading ends.
pub(crate) async fn read(
    body: &mut RequestBody,
    boundary: &Boundary,
    form: &LocalizedForm,
    limits: &Limits,
    store: &Store,
    arrived: impl FnMut(u64) -> io::Result<()>,
) -> Result<(Received, Option<PendingFiles>), IntakeError> {
    let mut parts = Parts::new(form, limits, store);
    match read_parts(body, boundary, limits, &mut parts, arrived).await {
        Ok(()) => Ok((parts.received, parts.pending)),
        Err(error) => {
            parts.discard().await;
            Err(error)
        }
    }
}

async fn read_parts(
    body: &mut RequestBody,
    boundary: &Boundary,
    limits: &Limits,
    parts: &mut Parts<'_>,
    mut arrived: impl FnMut(u64) -> io::Result<()>,
) -> Result<(), IntakeError> {
    let form = parts.form;
    let body_limit = form.body_limit(limits);
    let mut reader = Reader::new(boundary, limits.part_header.as_usize());
    while let Some(bytes) = body.next().await.map_err(|error| match error {
        BodyError::TooSlow => IntakeError::TooSlow,
        BodyError::Aborted => Malformed::Aborted.into(),
    })? {
        if body.bytes() > body_limit {
            return Err(TooLarge::Body(Size(body_limit)).into());
        }
        arrived(body.bytes())?;
        reader.feed(bytes);
        while let Some(event) = reader.next()? {
            match event {
                Event::Part(head) => parts.begin_part(head).await?,
                Event::Content(bytes) => parts.write(&bytes).await?,
                Event::PartEnd => parts.end_part().await?,
            }
        }
    }
    reader.finish()?;
    Ok(())
}

/// The parts of one submission that were read so far.
struct Parts<'a> {
    form: &'a LocalizedForm,
    /// The question for files, if the form has one.
    files: Option<&'a Field>,
    limits: &'a Limits,
    store: &'a Store,
    count: usize,
    file_bytes: u64,
    current: Current,
    received: Received,
    /// The files that were stored so far.
    pending: Option<PendingFiles>,
}

/// What happens to the content of the current part.
enum Current {
    /// The part is skipped, because the form does not have this field.
    Skip,
    /// A text value.
    Text { name: String, limit: usize, bytes: Vec<u8> },
    /// A file. Without an upload, only its bytes are counted.
    File { file: ReceivedFile, upload: Option<FileUpload> },
}

impl<'a> Parts<'a> {
    fn new(form: &'a LocalizedForm, limits: &'a Limits, store: &'a Store) -> Self {
        let mut fields = form.public.fields.iter();
        Self {
            form,
            files: fields.find(|field| field.takes_files()),
            limits,
            store,
            count: 0,
            file_bytes: 0,
            current: Current::Skip,
            received: Received::default(),
            pending: None,
        }
    }

    async fn begin_part(&mut self, head: PartHead) -> Result<(), IntakeError> {
        self.count += 1;
        if self.count > self.limits.parts {
            return Err(TooLarge::Parts(self.limits.parts).into());
        }
        self.current = match (head.file_name, self.files) {
            (Some(name), Some(field)) if head.name == attachments::PART => {
                let name = shorten(file_name(&name));
                let media_type = media_type(&head.media_type)?;
                let file =
                    ReceivedFile { name, media_type, bytes: 0, mislabelled: false, stored: None };
                let upload = self.upload(field, &file).await?;
                Current::File { file, upload }
            }
            // No file was chosen, so the field can be dropped.
            (Some(name), _) if name.is_empty() => self.unknown(Unknown::text(&head.name)),
            (Some(_), _) => self.unknown(Unknown::file(&head.name)),
            (None, _) => self.text(head.name),
        };
        Ok(())
    }

    /// Begins to store the file. Returns `None` if the form certainly refuses the file.
    async fn upload(
        &mut self,
        field: &Field,
        file: &ReceivedFile,
    ) -> io::Result<Option<FileUpload>> {
        let info = FileInfo { bytes: 1, ..file.info() };
        if attachments::check_file(info).is_err()
            || self.received.files.len() >= field.kind.count_limit()
            || self.file_bytes >= field.kind.total_limit()
        {
            return Ok(None);
        }
        let pending = match &mut self.pending {
            Some(pending) => pending,
            empty => empty.insert(self.store.begin_files().await?),
        };
        pending.create().await.map(Some)
    }

    /// Removes the files that were stored so far.
    async fn discard(&mut self) {
        if let Some(pending) = self.pending.take() {
            pending.discard().await;
        }
    }

    fn unknown(&mut self, unknown: Unknown) -> Current {
        if !self.received.unknown.contains(&unknown) {
            self.received.unknown.push(unknown);
        }
        Current::Skip
    }

    /// Begins a text value. If a name is sent twice, the second value is empty, unless the question
    /// accepts several values.
    fn text(&mut self, name: String) -> Current {
        if is_proof_field(&name) {
            return Current::Text { name, limit: PROOF_FIELD_LIMIT, bytes: Vec::new() };
        }
        if name == field::REVISION {
            return Current::Text { name, limit: SHORT_LIMIT, bytes: Vec::new() };
        }
        let is_known = name == reference::PARAMETER || self.form.public.takes_text(&name);
        if !is_known {
            return self.unknown(Unknown::text(&name));
        }
        let field = self.form.public.field(&name);
        let earlier = self.received.values.iter().find(|(known, _)| *known == name);
        if earlier.is_some() && !field.is_some_and(|field| field.kind.has_several_values()) {
            self.received.values.push((name, String::new()));
            return Current::Skip;
        }
        let max = field.map_or(SHORT_LIMIT, |field| {
            BYTES_PER_CHARACTER * field.kind.length_limit() + SHORT_LIMIT
        });
        let limit = self.limits.text_value.as_usize().min(max);
        // The limit is for all values of a question together.
        let limit = limit.saturating_sub(earlier.map_or(0, |(_, value)| value.len()));
        Current::Text { name, limit, bytes: Vec::new() }
    }

    /// Appends a value to the question's earlier values, if there are any.
    fn add_value(&mut self, name: String, value: String) {
        let field = self.form.public.field(&name);
        let earlier = self.received.values.iter_mut().find(|(known, _)| *known == name);
        match (field, earlier) {
            (Some(field), Some((_, answer))) => add_value(&field.kind, answer, &value),
            _ => self.received.values.push((name, value)),
        }
    }

    async fn write(&mut self, more: &[u8]) -> Result<(), IntakeError> {
        match &mut self.current {
            Current::Skip => {}
            Current::Text { name, limit, bytes } => {
                if bytes.len() + more.len() > *limit {
                    let field = self.form.public.field(name);
                    let label = field.map_or(name.clone(), |field| field.label.to_string());
                    return Err(TooLarge::Text(label).into());
                }
                bytes.extend_from_slice(more);
            }
            Current::File { file, upload } => {
                let length = u64::try_from(more.len()).unwrap_or(u64::MAX);
                file.bytes = file.bytes.saturating_add(length);
                self.file_bytes = self.file_bytes.saturating_add(length);
                let limit = self.files.map_or(0, |files| files.kind.total_limit());
                if self.file_bytes >= limit {
                    // The files are too large. Count the rest for the message, but do not store it.
                    *upload = None;
                    self.discard().await;
                } else if let Some(upload) = upload {
                    upload.write(more).await?;
                }
            }
        }
        Ok(())
    }

    async fn end_part(&mut self) -> Result<(), IntakeError> {
        match std::mem::replace(&mut self.current, Current::Skip) {
            Current::Skip => {}
            Current::Text { name, bytes, .. } => {
                let value = String::from_utf8(bytes).map_err(|_| Malformed::Utf8)?;
                if is_proof_field(&name) {
                    self.received.proof.take(&name, value);
                } else if name == field::REVISION {
                    let revision = value.parse().map_err(|_| Malformed::Revision)?;
                    self.received.revision.get_or_insert(revision);
                } else {
                    self.add_value(name, value);
                }
            }
            // An empty file input sends an empty name and no bytes (WHATWG HTML 4.10.21.4).
            Current::File { file, .. } if file.name.is_empty() && file.bytes == 0 => {}
            Current::File { mut file, upload } => {
                if let Some(upload) = upload {
                    let stored = upload.finish().await?;
                    if let Some(pending) = &self.pending {
                        let bytes = pending.inspect(&stored).await?;
                        file.mislabelled = !content::matches_name(&file.name, bytes).await?;
                    }
                    file.stored = Some(stored);
                }
                self.received.files.push(file);
            }
        }
        Ok(())
    }
}

/// Keeps only the beginning and the end of a name that is too long for any file. The result is still
/// too long, so the name is refused.
fn shorten(name: String) -> String {
    let [start, end] = FILE_NAME_ENDS;
    let Some(left_out) = name.chars().count().checked_sub(start + end + 1) else { return name };
    let end = name.chars().skip(start + left_out + 1);
    name.chars().take(start).chain(end).collect()
}

/// Returns the media type without its parameters.
fn media_type(declared: &str) -> Result<String, Malformed> {
    let essence = declared.split(';').next().unwrap_or_default().trim();
    if essence.len() > MEDIA_TYPE_LIMIT { Err(Malformed::Header) } else { Ok(essence.to_owned()) }
}

//! Reads a submission: values into memory, files into the spool, limits enforced while reading.

use std::io;

use deal_contract::attachments::{self, FileFacts};
use deal_contract::definition::Field;
use deal_contract::protocol::field;
use deal_contract::reference;

use super::body::{BodyError, Incoming};
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
use crate::settings::forms::Form;
use crate::store::spool::{Spool, SpoolWriter};

/// The bytes of a reference, or of what a page gives: no more is read of one.
const SHORT: usize = 8 * 1024;

/// The bytes of a character, with room for an answer that is twice as long as its question takes: so
/// much is read before its visitor is told how much too long it is.
const CHARACTER: usize = 2 * 4;

/// How many characters are kept of the beginning and of the end of a file name that is longer than
/// any file system allows.
const FILE_NAME: [usize; 2] = [256, 64];

/// The longest media type (RFC 6838 4.2 allows 127 characters for each of its two names).
const MEDIA_TYPE: usize = 255;

/// Reads a whole submission. `arrived` hears how many bytes have come so far, and may end it.
pub(crate) async fn read(
    body: &mut Incoming,
    boundary: &Boundary,
    form: &Form,
    limits: &Limits,
    spool: &Spool,
    mut arrived: impl FnMut(u64) -> io::Result<()>,
) -> Result<Received, IntakeError> {
    let body_limit = form.body_limit(limits);
    let mut reader = Reader::new(boundary, limits.part_header.as_usize());
    let mut parts = Parts::new(form, limits, spool);
    while let Some(bytes) = body.next().await.map_err(|error| match error {
        BodyError::Silent => IntakeError::Silent,
        BodyError::Cut => Malformed::Cut.into(),
    })? {
        if body.bytes() > body_limit {
            return Err(TooLarge::Body(Size(body_limit)).into());
        }
        arrived(body.bytes())?;
        reader.feed(bytes);
        while let Some(event) = reader.next()? {
            match event {
                Event::Part(head) => parts.begin(head)?,
                Event::Content(bytes) => parts.content(&bytes).await?,
                Event::PartEnd => parts.end().await?,
            }
        }
    }
    reader.finish()?;
    Ok(parts.received)
}

/// The parts of one submission as they come.
struct Parts<'a> {
    form: &'a Form,
    /// The question for files, if the form has one.
    files: Option<&'a Field>,
    limits: &'a Limits,
    spool: &'a Spool,
    count: usize,
    file_bytes: u64,
    current: Current,
    received: Received,
}

/// Where the content of the current part goes.
enum Current {
    /// Nowhere: the form does not ask for it.
    Nowhere,
    /// A text value.
    Text { name: String, limit: usize, bytes: Vec<u8> },
    /// A file; without a writer it is only measured.
    File { file: ReceivedFile, writer: Option<Box<SpoolWriter>> },
}

impl<'a> Parts<'a> {
    fn new(form: &'a Form, limits: &'a Limits, spool: &'a Spool) -> Self {
        let mut fields = form.definition.public.fields.iter();
        Self {
            form,
            files: fields.find(|field| field.takes_files()),
            limits,
            spool,
            count: 0,
            file_bytes: 0,
            current: Current::Nowhere,
            received: Received::default(),
        }
    }

    fn begin(&mut self, head: PartHead) -> Result<(), IntakeError> {
        self.count += 1;
        if self.count > self.limits.parts {
            return Err(TooLarge::Parts(self.limits.parts).into());
        }
        self.current = match (head.file_name, self.files) {
            (Some(name), Some(field)) if head.name == attachments::PART => {
                let name = bounded(file_name(&name));
                let media_type = media_type(&head.media_type)?;
                let file =
                    ReceivedFile { name, media_type, bytes: 0, mislabelled: false, written: None };
                let writer = self.writer(field, &file)?;
                Current::File { file, writer }
            }
            // No file was chosen, so nothing is lost.
            (Some(name), _) if name.is_empty() => self.unknown(Unknown::text(&head.name)),
            (Some(_), _) => self.unknown(Unknown::file(&head.name)),
            (None, _) => self.text(head.name),
        };
        Ok(())
    }

    /// A place on disk for the file, unless the form cannot take it for all that is known now.
    fn writer(
        &mut self,
        field: &Field,
        file: &ReceivedFile,
    ) -> io::Result<Option<Box<SpoolWriter>>> {
        let facts = FileFacts { bytes: 1, ..file.facts() };
        if attachments::check_file(facts).is_err()
            || self.received.files.len() >= field.kind.count_limit()
            || self.file_bytes >= field.kind.total_limit()
        {
            return Ok(None);
        }
        let folder = match &mut self.received.folder {
            Some(folder) => folder,
            none => none.insert(self.spool.folder()?),
        };
        folder.file().map(|writer| Some(Box::new(writer)))
    }

    fn unknown(&mut self, unknown: Unknown) -> Current {
        if !self.received.unknown.contains(&unknown) {
            self.received.unknown.push(unknown);
        }
        Current::Nowhere
    }

    /// A text value. If it is sent twice, only its name is noted the second time.
    fn text(&mut self, name: String) -> Current {
        if is_proof_field(&name) {
            return Current::Text { name, limit: PROOF_FIELD_LIMIT, bytes: Vec::new() };
        }
        if name == field::REVISION {
            return Current::Text { name, limit: SHORT, bytes: Vec::new() };
        }
        let asked = name == reference::PARAMETER || self.form.definition.public.takes_text(&name);
        if !asked {
            return self.unknown(Unknown::text(&name));
        }
        let again = self.received.values.iter().any(|(known, _)| *known == name);
        if again {
            self.received.values.push((name, String::new()));
            Current::Nowhere
        } else {
            let field = self.form.definition.public.field(&name);
            let most = field.map_or(SHORT, |field| CHARACTER * field.kind.length_limit() + SHORT);
            let limit = self.limits.text_value.as_usize().min(most);
            Current::Text { name, limit, bytes: Vec::new() }
        }
    }

    async fn content(&mut self, more: &[u8]) -> Result<(), IntakeError> {
        match &mut self.current {
            Current::Nowhere => {}
            Current::Text { name, limit, bytes } => {
                if bytes.len() + more.len() > *limit {
                    let field = self.form.definition.public.field(name);
                    let label = field.map_or(name.clone(), |field| field.label.clone());
                    return Err(TooLarge::Text(label).into());
                }
                bytes.extend_from_slice(more);
            }
            Current::File { file, writer } => {
                let length = u64::try_from(more.len()).unwrap_or(u64::MAX);
                file.bytes = file.bytes.saturating_add(length);
                self.file_bytes = self.file_bytes.saturating_add(length);
                let limit = self.files.map_or(0, |files| files.kind.total_limit());
                if self.file_bytes >= limit {
                    // Too much already. The rest is measured, for the sentence to the visitor,
                    // and no longer kept.
                    *writer = None;
                    self.received.folder = None;
                } else if let Some(writer) = writer {
                    writer.write(more).await?;
                }
            }
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), IntakeError> {
        match std::mem::replace(&mut self.current, Current::Nowhere) {
            Current::Nowhere => {}
            Current::Text { name, bytes, .. } => {
                let value = String::from_utf8(bytes).map_err(|_| Malformed::Utf8)?;
                if is_proof_field(&name) {
                    self.received.proof.take(&name, value);
                } else if name == field::REVISION {
                    let revision = value.parse().map_err(|_| Malformed::Revision)?;
                    self.received.revision.get_or_insert(revision);
                } else {
                    self.received.values.push((name, value));
                }
            }
            // An empty file input sends an empty name and no bytes (WHATWG HTML 4.10.21.4).
            Current::File { file, .. } if file.name.is_empty() && file.bytes == 0 => {}
            Current::File { mut file, writer } => {
                if let Some(writer) = writer {
                    let written = writer.finish().await?;
                    if let Some(folder) = &self.received.folder {
                        let path = folder.path(&written);
                        file.mislabelled = !content::agrees(&file.name, &path).await?;
                    }
                    file.written = Some(written);
                }
                self.received.files.push(file);
            }
        }
        Ok(())
    }
}

/// The name. A name that is too long for any file is cut to its beginning and its end, which are
/// still too long and therefore refused.
fn bounded(name: String) -> String {
    let [start, end] = FILE_NAME;
    let Some(left_out) = name.chars().count().checked_sub(start + end + 1) else { return name };
    let end = name.chars().skip(start + left_out + 1);
    name.chars().take(start).chain(end).collect()
}

/// The media type without its parameters, which say nothing about a file.
fn media_type(declared: &str) -> Result<String, Malformed> {
    let essence = declared.split(';').next().unwrap_or_default().trim();
    if essence.len() > MEDIA_TYPE { Err(Malformed::Header) } else { Ok(essence.to_owned()) }
}

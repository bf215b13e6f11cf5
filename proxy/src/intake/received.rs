use deal_contract::attachments::FileInfo;
use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::problem::{Code, Problem, Subject};
use deal_contract::reference::Reference;
use deal_contract::revision::Revision;

use super::unknown::Unknown;
use crate::bots::ProofFields;
use crate::store::{ContentDigest, UploadedFile};

/// The content of a request before it is checked. This type does not implement `Debug`, so that the log
/// cannot contain visitors' answers.
#[derive(Default)]
pub(crate) struct Received {
    /// The text values of known fields, in the order in which they were sent. If a name that
    /// takes only one value was sent twice, its second value is empty.
    pub(crate) values: Vec<(String, String)>,
    /// The files, in the order in which they were sent.
    pub(crate) files: Vec<ReceivedFile>,
    /// The proofs that the page sent with the answers.
    pub(crate) proof: ProofFields,
    /// The revision of the request, if the page numbers its requests.
    pub(crate) revision: Option<Revision>,
    /// The fields that the form does not have, without duplicates.
    pub(super) unknown: Vec<Unknown>,
}

/// One file.
pub(crate) struct ReceivedFile {
    /// The visitor's name for the file, normalized.
    pub(crate) name: String,
    /// The declared media type; empty if there is none.
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    /// Whether the file's content does not match its name.
    pub(super) mislabelled: bool,
    /// The stored file; `None` if the form certainly refuses it.
    pub(super) stored: Option<UploadedFile>,
}

impl Received {
    /// Drops the unknown fields that the page's scripts may have added to a plain form, and returns
    /// their number. Fields that must be refused stay.
    pub(crate) fn drop_unknown(&mut self) -> usize {
        let before = self.unknown.len();
        self.unknown.retain(|unknown| unknown.refused);
        before - self.unknown.len()
    }

    /// Returns the problems with unknown fields.
    pub(super) fn unknown_problems(&self) -> impl Iterator<Item = Problem> {
        self.unknown.iter().map(|Unknown { shown, .. }| {
            Problem::new(Code::ParameterUnknown, shown, "")
                .with_subject(Subject::Text(shown.clone()))
        })
    }

    /// Returns the problems with files whose content does not match their names. The content was
    /// checked only for files that were stored.
    pub(crate) fn mislabelled_problems(&self, form: &PublicDefinition) -> Vec<Problem> {
        let question = form.fields.iter().find(|field| field.takes_files());
        let Some(Field { parameter, label, .. }) = question else { return Vec::new() };
        let wrong = self.files.iter().filter(|file| file.mislabelled && file.bytes > 0);
        wrong
            .map(|file| {
                let problem = Problem::new(Code::FileMismatch, parameter, label);
                problem.with_subject(Subject::Text(file.name.clone()))
            })
            .collect()
    }

    /// Returns the digest of the content before it is checked.
    pub(crate) fn digest(&self, form: &str, reference: &Reference) -> ContentDigest {
        let values = self.values.iter().map(|(name, value)| (&**name, &**value));
        let file_digest = |file: &'_ ReceivedFile| file.stored.as_ref().map(|file| file.digest);
        let files: Vec<_> = self
            .files
            .iter()
            .map(|file| (&*file.name, file_digest(file).unwrap_or_default()))
            .collect();
        let files = files.iter().map(|(name, digest)| (*name, digest));
        ContentDigest::of(form, Some(reference), values, files)
    }

    /// Returns the size of all files together.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.files.iter().fold(0, |total, file| total.saturating_add(file.bytes))
    }
}

impl ReceivedFile {
    pub(super) fn info(&self) -> FileInfo<'_> {
        FileInfo { name: &self.name, media_type: &self.media_type, bytes: self.bytes }
    }
}

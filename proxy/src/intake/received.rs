use deal_contract::attachments::FileInfo;
use deal_contract::definition::{Field, PublicDefinition};
use deal_contract::problem::{Code, Problem, Subject};
use deal_contract::reference::Reference;
use deal_contract::revision::Revision;

use super::unknown::Unknown;
use crate::bots::ProofFields;
use crate::store::{ContentDigest, UploadedFile};

/// What a request contains, before it is checked. It has no `Debug`, so that nobody logs what a
/// visitor wrote.
#[derive(Default)]
pub(crate) struct Received {
    /// The text values that the form asks for, in their order. A value that is sent twice is here a
    /// second time with its name only.
    pub(crate) values: Vec<(String, String)>,
    /// The files, in their order.
    pub(crate) files: Vec<ReceivedFile>,
    /// What the page brought beside the answers.
    pub(crate) proof: ProofFields,
    /// The number that the page gave the request, if it numbers them.
    pub(crate) revision: Option<Revision>,
    /// The fields that the form does not ask for, each name once.
    pub(super) unknown: Vec<Unknown>,
}

/// One file.
pub(crate) struct ReceivedFile {
    /// The visitor's name for it, normalized.
    pub(crate) name: String,
    /// The declared media type, or nothing.
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
    /// Whether its bytes are not what its name says.
    pub(super) mislabelled: bool,
    /// The stored file; none if the form cannot take it.
    pub(super) stored: Option<UploadedFile>,
}

impl Received {
    /// Drops unknown fields, and returns their number. Scripts of the page may have added some to a
    /// plain form. Fields that must be refused stay.
    pub(crate) fn drop_unknown(&mut self) -> usize {
        let before = self.unknown.len();
        self.unknown.retain(|unknown| unknown.refused);
        before - self.unknown.len()
    }

    /// The problems with unknown fields.
    pub(super) fn unlisted(&self) -> impl Iterator<Item = Problem> {
        self.unknown.iter().map(|Unknown { shown, .. }| {
            Problem::new(Code::ParameterUnknown, shown, "")
                .with_subject(Subject::Text(shown.clone()))
        })
    }

    /// The files whose bytes are not what their names say. Only those that are right in every other
    /// way were looked into.
    pub(crate) fn mislabelled(&self, form: &PublicDefinition) -> Vec<Problem> {
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

    /// A digest of its content, before it is known whether the form takes it.
    pub(crate) fn content(&self, form: &str, reference: &Reference) -> ContentDigest {
        let values = self.values.iter().map(|(name, value)| (&**name, &**value));
        let digest = |file: &'_ ReceivedFile| file.stored.as_ref().map(|file| file.digest);
        let files: Vec<_> =
            self.files.iter().map(|file| (&*file.name, digest(file).unwrap_or_default())).collect();
        let files = files.iter().map(|(name, digest)| (*name, digest));
        ContentDigest::of(form, Some(reference), values, files)
    }

    /// The bytes of all files.
    pub(crate) fn file_bytes(&self) -> u64 {
        self.files.iter().fold(0, |total, file| total.saturating_add(file.bytes))
    }
}

impl ReceivedFile {
    pub(super) fn info(&self) -> FileInfo<'_> {
        FileInfo { name: &self.name, media_type: &self.media_type, bytes: self.bytes }
    }
}

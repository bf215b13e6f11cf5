//! Checks a submission. Past this point it is valid, and later code does not check it again.

use std::fmt::{self, Debug, Formatter};

use deal_contract::attachments::FileType;
use deal_contract::check::{self, Today};
use deal_contract::definition::{FieldKind, PublicDefinition};
use deal_contract::problem::Problem;
use deal_contract::reference::{self, Reference};
use deal_contract::revision::Revision;

use super::received::{Received, ReceivedFile};
use crate::settings::clock;
use crate::store::{Answers, ContentDigest, Draft, NewSubmission, StoredFile, Ticket};

/// A valid submission, with all that a deal needs except the form's presets.
pub(crate) struct Submission {
    /// The answers, in the order of the form's questions and hidden values; a box that was not ticked says no.
    values: Vec<(String, String)>,
    /// The files, in their order.
    files: Vec<AcceptedFile>,
    /// The number that the page gave the request.
    revision: Option<Revision>,
}

/// A file that is stored.
struct AcceptedFile {
    stored: StoredFile,
    digest: [u8; 32],
}

impl Submission {
    /// The number that the page gave the request.
    pub(crate) fn revision(&self) -> Option<&Revision> {
        self.revision.as_ref()
    }

    /// A digest of its content, under a reference or without one.
    pub(crate) fn content(&self, form: &str, reference: Option<&Reference>) -> ContentDigest {
        let values = self.values.iter().map(|(name, value)| (&**name, &**value));
        let files = self.files.iter().map(|file| (&*file.stored.name, &file.digest));
        ContentDigest::of(form, reference, values, files)
    }

    /// The submission as the store admits it. `began_after` is the newest ticket when the request began; `fallback` is the
    /// reference to take if the submission's own turns out to belong to another draft.
    pub(crate) fn into_new(
        self,
        form: &str,
        reference: Reference,
        began_after: Ticket,
        fallback: Option<Reference>,
    ) -> NewSubmission {
        let draft = |reference| Draft { content: self.content(form, Some(&reference)), reference };
        let (draft, fallback) = (draft(reference), fallback.map(draft));
        let files = self.files.into_iter().map(|file| file.stored).collect();
        NewSubmission {
            form: form.to_owned(),
            draft,
            fallback,
            answers: Answers { values: self.values, files },
            files: None,
            revision: self.revision,
            began_after,
        }
    }
}

/// Checks a submission by the contract. Returns either all problems or the valid submission.
pub(crate) fn accept(
    form: &PublicDefinition,
    received: Received,
) -> Result<Submission, Vec<Problem>> {
    let submission = check::Submission {
        values: received.values.iter().map(|(name, value)| (&**name, &**value)).collect(),
        files: received.files.iter().map(ReceivedFile::info).collect(),
        today: Today::in_any_time_zone(clock::utc_day()),
    };
    let mut problems = check::check(form, &submission);
    problems.extend(received.unlisted());
    problems.extend(received.mislabelled(form));
    let files: Vec<AcceptedFile> = received
        .files
        .into_iter()
        .filter_map(|file| {
            let uploaded = file.stored?;
            let (media_type, name, bytes) = (media_type(&file.name), file.name, file.bytes);
            let stored = StoredFile { name, media_type, bytes, file: uploaded.name };
            Some(AcceptedFile { stored, digest: uploaded.digest })
        })
        .collect();
    // A file that is not stored is one that the contract refused.
    if !problems.is_empty() {
        return Err(problems);
    }
    let values = answers(form, received.values);
    Ok(Submission { values, files, revision: received.revision })
}

/// The media type of the kind that the file is, as its name and its bytes say. What was declared may
/// contradict that, and goes no further: whoever opens the file later would go by it.
fn media_type(name: &str) -> String {
    let kind = FileType::from_file_name(name);
    kind.and_then(|kind| kind.media_types.first()).map_or_else(String::new, |own| (*own).to_owned())
}

/// The reference that the page sent, if it is one.
pub(crate) fn sent_reference(values: &[(String, String)]) -> Option<Reference> {
    values.iter().find(|(name, _)| name == reference::PARAMETER)?.1.parse().ok()
}

/// The values to send: what was not answered is left out, except that a box which was asked for and
/// is not ticked is the answer no, which browsers do not send.
fn answers(form: &PublicDefinition, values: Vec<(String, String)>) -> Vec<(String, String)> {
    let value = |name: &str| {
        let sent = values.iter().find(|(known, _)| known == name);
        sent.map(|(_, value)| value.clone()).filter(|value| !value.trim().is_empty())
    };
    let shown = form.shown(&|name| value(name).unwrap_or_default());
    let asked = form.fields.iter().zip(shown).filter_map(|(field, shown)| {
        let no = || match &field.kind {
            FieldKind::Flag { yes, .. } if shown => Some(yes.other().to_string()),
            _ => None,
        };
        Some((&field.parameter, value(&field.parameter).or_else(no)?))
    });
    let hidden = form.hidden.iter().map(|hidden| &hidden.parameter);
    let given = hidden.filter_map(|name| Some((name, value(name)?)));
    asked.chain(given).map(|(name, value)| (name.clone(), value)).collect()
}

/// How much there is, and nothing of what it says.
impl Debug for Submission {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("values", &self.values.len())
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

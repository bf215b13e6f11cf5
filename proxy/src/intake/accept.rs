//! Checks a submission. Later code does not check a submission again after it has passed these checks.

use std::fmt::{self, Debug, Formatter};

use deal_contract::attachments::FileType;
use deal_contract::check::{self, Today};
use deal_contract::definition::{self, AnswerWords, FieldKind, PublicDefinition};
use deal_contract::problem::Problem;
use deal_contract::reference::{self, Reference};
use deal_contract::revision::Revision;

use super::received::{Received, ReceivedFile};
use crate::settings::clock::{self, Moment};
use crate::settings::forms::LocalizedForm;
use crate::store::{Answers, ContentDigest, Draft, NewSubmission, StoredFile, Ticket};

/// A valid submission, with everything for a deal except the form's presets.
pub(crate) struct Submission {
    /// The answers in the order of the form's questions and hidden values. A box that is not ticked has
    /// the answer no.
    values: Vec<(String, String)>,
    /// The files, in the order in which they were sent.
    files: Vec<AcceptedFile>,
    /// The words that the visitor agreed to, the answers and the time. Empty if no preset contains this text.
    consent: String,
    /// The revision of the request.
    revision: Option<Revision>,
}

/// A file that is stored.
struct AcceptedFile {
    stored: StoredFile,
    digest: [u8; 32],
}

impl Submission {
    /// Returns the revision of the request.
    pub(crate) fn revision(&self) -> Option<&Revision> {
        self.revision.as_ref()
    }

    /// Records which checkboxes the visitor ticked, with their words in the visitor's language and the
    /// current time. The words in the form's file may change before the submission is delivered.
    pub(crate) fn record_consent(&mut self, form: &LocalizedForm, questions: &[String]) {
        let [yes, no] = form.localizer.yes_and_no();
        let words = AnswerWords { yes: &yes, no: &no };
        let answer = |name: &str| {
            let given = self.values.iter().find(|(known, _)| known == name);
            given.map(|(_, value)| value.as_str())
        };
        let time = Moment::now().to_string();
        self.consent = definition::consent(&form.public, questions, answer, words, &time);
    }

    /// Returns the digest of the content, with or without a reference.
    pub(crate) fn digest(&self, form: &str, reference: Option<&Reference>) -> ContentDigest {
        let values = self.values.iter().map(|(name, value)| (&**name, &**value));
        let files = self.files.iter().map(|file| (&*file.stored.name, &file.digest));
        ContentDigest::of(form, reference, values, files)
    }

    /// Converts the submission for the store. `began_after` is the newest ticket when the request began.
    /// The store uses `fallback` if `reference` belongs to another draft.
    pub(crate) fn into_new_submission(
        self,
        form: &str,
        reference: Reference,
        began_after: Ticket,
        fallback: Option<Reference>,
    ) -> NewSubmission {
        let draft = |reference| Draft { content: self.digest(form, Some(&reference)), reference };
        let (draft, fallback) = (draft(reference), fallback.map(draft));
        let files = self.files.into_iter().map(|file| file.stored).collect();
        NewSubmission {
            form: form.to_owned(),
            draft,
            fallback,
            answers: Answers { values: self.values, files, consent: self.consent },
            files: None,
            revision: self.revision,
            began_after,
        }
    }
}

/// Checks a submission by the contract's rules. Returns the valid submission or all problems.
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
    problems.extend(received.unknown_problems());
    problems.extend(received.mislabelled_problems(form));
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
    // Files that were not stored have problems, so a submission without problems has all its files.
    if !problems.is_empty() {
        return Err(problems);
    }
    let values = answers(form, received.values);
    Ok(Submission { values, files, consent: String::new(), revision: received.revision })
}

/// Returns the media type for the file's kind. The name determines the kind, and the content matches it.
/// The declared media type may differ and is not passed on, because programs that open the file would rely
/// on it.
fn media_type(name: &str) -> String {
    let kind = FileType::from_file_name(name);
    kind.and_then(|kind| kind.media_types.first())
        .map_or_else(String::new, |media_type| (*media_type).to_owned())
}

/// Returns the reference that the page sent, if it is valid.
pub(crate) fn sent_reference(values: &[(String, String)]) -> Option<Reference> {
    values.iter().find(|(name, _)| name == reference::PARAMETER)?.1.parse().ok()
}

/// Returns the values for the CRM, without empty ones. A visible box that is not ticked becomes the answer
/// no, because browsers do not send such a box.
fn answers(form: &PublicDefinition, values: Vec<(String, String)>) -> Vec<(String, String)> {
    let value = |name: &str| {
        let sent = values.iter().find(|(known, _)| known == name);
        sent.map(|(_, value)| value.clone()).filter(|value| !value.trim().is_empty())
    };
    let states = form.states(&|name| value(name).unwrap_or_default());
    let answers = form.fields.iter().zip(states).filter_map(|(field, state)| {
        let unticked = || match &field.kind {
            FieldKind::Flag { yes, .. } if state.is_shown() => Some(yes.other().to_string()),
            _ => None,
        };
        Some((&field.parameter, value(&field.parameter).or_else(unticked)?))
    });
    let hidden = form.hidden.iter().map(|hidden| &hidden.parameter);
    let hidden = hidden.filter_map(|name| Some((name, value(name)?)));
    answers.chain(hidden).map(|(name, value)| (name.clone(), value)).collect()
}

/// Shows the number of values and files, but not their content.
impl Debug for Submission {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("values", &self.values.len())
            .field("files", &self.files.len())
            .finish_non_exhaustive()
    }
}

//! Checks a submission. Past this point it is valid, and later code does not check it again.

use std::fmt::{self, Debug, Formatter};
use std::io;

use deal_contract::attachments::FileType;
use deal_contract::check::{self, Today};
use deal_contract::definition::{FieldKind, PublicDefinition};
use deal_contract::problem::Problem;
use deal_contract::reference::{self, Reference};
use deal_contract::revision::Revision;

use super::received::{Received, ReceivedFile};
use crate::settings::clock;
use crate::store::journal::{Arrival, Body, Content, OtherDraft, StoredFile, Ticket};
use crate::store::spool::SpoolFolder;

/// What the form takes, with all that is needed to make a deal of it but the form's own presets.
pub(crate) struct Submission {
    /// The answers, in the order of the form's questions and hidden values; a box that was not
    /// ticked says no.
    values: Vec<(String, String)>,
    /// The files, in their order.
    files: Vec<SpooledFile>,
    /// Where the files are. Gone with this.
    folder: Option<SpoolFolder>,
    /// The number that the page gave the request.
    revision: Option<Revision>,
}

/// A file on disk.
struct SpooledFile {
    /// What the journal says of it.
    stored: StoredFile,
    digest: [u8; 32],
}

impl Submission {
    /// The number that the page gave the request.
    pub(crate) fn revision(&self) -> Option<&Revision> {
        self.revision.as_ref()
    }

    /// What it says, under a reference or without one.
    pub(crate) fn content(&self, form: &str, reference: Option<&Reference>) -> Content {
        let values = self.values.iter().map(|(name, value)| (&**name, &**value));
        let files = self.files.iter().map(|file| (&*file.stored.name, &file.digest));
        Content::of(form, reference, values, files)
    }

    /// Has the files outlive a loss of power, and gives what the journal enters. `begun` is the newest
    /// ticket when the request began; `otherwise` is the reference to take if the submission's own
    /// turns out to belong to another draft.
    pub(crate) async fn seal(
        self,
        form: &str,
        reference: Reference,
        begun: Ticket,
        otherwise: Option<Reference>,
    ) -> io::Result<(Arrival, Option<SpoolFolder>)> {
        if let Some(folder) = &self.folder {
            folder.seal().await?;
        }
        let content = self.content(form, Some(&reference));
        let otherwise = otherwise.map(|reference| OtherDraft {
            content: self.content(form, Some(&reference)),
            reference,
        });
        let files = self.files.into_iter().map(|file| file.stored).collect();
        let arrival = Arrival {
            form: form.to_owned(),
            reference,
            content,
            body: Body { values: self.values, files },
            folder: self.folder.as_ref().map(|folder| folder.name().clone()),
            revision: self.revision,
            begun,
            otherwise,
        };
        Ok((arrival, self.folder))
    }
}

/// Asks the contract, and gives either all that is wrong or what may go to the CRM.
pub(crate) fn accept(
    form: &PublicDefinition,
    received: Received,
) -> Result<Submission, Vec<Problem>> {
    let submission = check::Submission {
        values: received.values.iter().map(|(name, value)| (&**name, &**value)).collect(),
        files: received.files.iter().map(ReceivedFile::facts).collect(),
        today: Today::somewhere(clock::utc_day()),
    };
    let mut problems = check::check(form, &submission);
    problems.extend(received.unlisted());
    problems.extend(received.mislabelled(form));
    let files: Vec<SpooledFile> = received
        .files
        .into_iter()
        .filter_map(|file| {
            let written = file.written?;
            let (media_type, name, bytes) = (media_type(&file.name), file.name, file.bytes);
            let stored = StoredFile { name, media_type, bytes, file: written.name };
            Some(SpooledFile { stored, digest: written.digest })
        })
        .collect();
    // A file that is not on disk is one that the contract refused.
    if !problems.is_empty() {
        return Err(problems);
    }
    let values = answers(form, received.values);
    Ok(Submission { values, files, folder: received.folder, revision: received.revision })
}

/// The media type of the kind that the file is, as its name and its bytes say. What was declared may
/// contradict that, and goes no further: whoever opens the file later would go by it.
fn media_type(name: &str) -> String {
    let kind = FileType::of_name(name);
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

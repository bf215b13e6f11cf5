use std::cell::RefCell;
use std::sync::Arc;

use deal_contract::attachments::{FileFacts, check_file};
use deal_contract::check::{Today, check_field, check_files};
use deal_contract::definition::{Field as Question, FieldKind, PublicDefinition};
use deal_contract::normalize::file_name;
use deal_contract::problem::Code;
use deal_contract::words::Word;
use web_sys::File;

use super::Tracked;
use super::today::today;
use crate::locale::Locale;
use crate::transport::failure::Told;
use crate::transport::request::bytes;

/// A question and the answer to it so far.
#[derive(Debug)]
pub(crate) struct Field {
    form: Arc<PublicDefinition>,
    index: usize,
    /// The text that stood there before the visitor came.
    opening: RefCell<String>,
    pub(crate) answer: Tracked<Answer>,
}

/// An answer in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The text as typed, and normalized once the field is left; or the value of a flag or a
    /// choice.
    pub(crate) text: String,
    /// The files, as handles: their bytes stay with the browser.
    pub(crate) files: Vec<Attachment>,
    /// Whether the visitor was here and left, so that a problem may be shown.
    pub(crate) left: bool,
    /// What the proxy said of it, until it is changed.
    pub(crate) told: Vec<Told>,
}

/// A file's handle and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) file: File,
    /// The file name that is sent.
    pub(crate) name: String,
    media_type: String,
    pub(crate) bytes: u64,
}

/// What to say of an answer now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Of the answer as a whole.
    pub(crate) whole: Vec<String>,
    /// Of each file that cannot be sent, in the place of that file.
    pub(crate) files: Vec<Option<String>>,
}

impl Said {
    /// All sentences.
    pub(crate) fn all(self) -> impl Iterator<Item = String> {
        self.files.into_iter().flatten().chain(self.whole)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.files.iter().all(Option::is_none)
    }
}

impl Field {
    /// Each question of the form, without an answer.
    pub(crate) fn all(form: &Arc<PublicDefinition>) -> Vec<Self> {
        let fields = form.fields.iter().enumerate();
        fields
            .map(|(index, question)| {
                let answer = Self::empty(question);
                let opening = RefCell::new(answer.text.clone());
                Self { form: Arc::clone(form), index, opening, answer: Tracked::new(answer) }
            })
            .collect()
    }

    #[expect(clippy::indexing_slicing, reason = "made from the form, which does not change")]
    pub(crate) fn question(&self) -> &Question {
        &self.form.fields[self.index]
    }

    /// The answer of somebody who has not begun. A box that is not ticked means no.
    fn empty(question: &Question) -> Answer {
        let text = match question.kind {
            FieldKind::Flag => question.yes().other().to_string(),
            _ => String::new(),
        };
        Answer { text, ..Answer::default() }
    }

    /// Forgets the answer.
    pub(crate) fn clear(&self) {
        self.answer.set(Self::empty(self.question()));
    }

    /// From now on what differs from this is the visitor's.
    pub(crate) fn begin(&self) {
        *self.opening.borrow_mut() = self.text();
    }

    /// What the visitor answered, if anything: also nothing, where something stood.
    pub(crate) fn typed(&self) -> Option<String> {
        Some(self.text()).filter(|text| *text != *self.opening.borrow())
    }

    /// Whether nobody has answered.
    pub(crate) fn is_empty(&self) -> bool {
        self.text() == Self::empty(self.question()).text
    }

    fn text(&self) -> String {
        self.answer.with_untracked(|answer| answer.text.clone())
    }

    /// Takes what is typed, and tells whether that is anything new; what the proxy said of the old
    /// text no longer holds.
    pub(crate) fn write(&self, text: String) -> bool {
        // Told again what it knows, an effect would redraw what is being pressed.
        if self.answer.with_untracked(|answer| answer.text == text) {
            return false;
        }
        self.answer.update(|answer| {
            answer.text = text;
            answer.told.clear();
        });
        true
    }

    /// Adds files that were chosen or dropped, without duplicates. A new file replaces an
    /// unreadable one with the same name.
    pub(crate) fn add_files(&self, files: impl Iterator<Item = File>) {
        let files: Vec<Attachment> = files.map(Attachment::new).collect();
        self.answer.update(|answer| {
            let Answer { files: known, told, left, .. } = answer;
            for attachment in files {
                let lost = told.iter().any(|told| told.is_lost(&attachment.name));
                match known.iter_mut().find(|known| known.is(&attachment)) {
                    Some(same) if lost => *same = attachment,
                    Some(_) => {}
                    None => {
                        known.retain(|known| !lost || known.name != attachment.name);
                        known.push(attachment);
                    }
                }
            }
            told.clear();
            *left = true;
        });
    }

    /// Removes the file at that place in the list.
    pub(crate) fn remove_file(&self, index: usize) {
        self.answer.update(|answer| {
            if index < answer.files.len() {
                answer.files.remove(index);
            }
            answer.told.clear();
        });
    }

    /// Removes the files that can no longer be read.
    pub(crate) fn remove_lost_files(&self) {
        self.answer.update(|answer| {
            let told = std::mem::take(&mut answer.told);
            answer.files.retain(|file| !told.iter().any(|told| told.is_lost(&file.name)));
        });
    }

    /// Shows the visitor what will be sent, and problems from now on.
    pub(crate) fn leave(&self, locale: &Locale) {
        self.write(self.value(locale));
        if !self.answer.with_untracked(|answer| answer.left) {
            self.answer.update(|answer| answer.left = true);
        }
    }

    /// What the proxy said is of the past: the answer is sent again.
    pub(crate) fn forget_told(&self) {
        if !self.answer.with_untracked(|answer| answer.told.is_empty()) {
            self.answer.update(|answer| answer.told.clear());
        }
    }

    /// The text that is checked and sent.
    pub(crate) fn value(&self, locale: &Locale) -> String {
        self.answer.with_untracked(|answer| locale.normalize(self.question(), &answer.text))
    }

    /// The sentences to show now. Reads the answer, and so follows it within an effect.
    pub(crate) fn said(&self, locale: &Locale) -> Said {
        self.answer.with(|answer| {
            if !answer.told.is_empty() {
                let told = answer.told.iter().map(|told| told.say(&self.question().label, locale));
                return Said { whole: told.collect(), files: Vec::new() };
            }
            if !answer.left {
                return Said::default();
            }
            if self.question().kind == FieldKind::Attachments {
                return self.said_of_files(&answer.files, locale);
            }
            let value = locale.normalize(self.question(), &answer.text);
            let problem = check_field(self.question(), &value, Today::exactly(today()));
            let whole = problem.iter().map(|problem| problem.say(locale)).collect();
            Said { whole, files: Vec::new() }
        })
    }

    fn said_of_files(&self, files: &[Attachment], locale: &Locale) -> Said {
        let facts: Vec<FileFacts<'_>> = files.iter().map(Attachment::facts).collect();
        // Those of single files come first, in the order of the files.
        let mut problems = check_files(self.question(), &facts).into_iter();
        let of_file = |file: &FileFacts<'_>| {
            check_file(*file).err()?;
            problems.next().map(|problem| problem.say(locale))
        };
        let of_files = facts.iter().map(of_file).collect();
        let mut whole: Vec<String> = Vec::new();
        for problem in problems {
            let mut said = problem.say(locale);
            if problem.code == Code::FileTotal
                && let Some(file) = remove_to_fit(files, self.question().total_limit())
            {
                said.push(' ');
                said.push_str(&locale.fill(Word::RemoveToFit, &[("file", &file.name)]));
            }
            whole.push(said);
        }
        Said { whole, files: of_files }
    }
}

/// The smallest file without which the others stay under the limit.
fn remove_to_fit(files: &[Attachment], limit: u64) -> Option<&Attachment> {
    let total = files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
    let enough = files.iter().filter(|file| total.saturating_sub(file.bytes) < limit);
    enough.min_by_key(|file| file.bytes)
}

impl Attachment {
    fn new(file: File) -> Self {
        let (name, media_type) = (file_name(&file.name()), file.type_());
        let bytes = bytes(file.size());
        Self { file, name, media_type, bytes }
    }

    /// Whether both are the same file, chosen twice.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name
            && self.bytes == other.bytes
            && bytes(self.file.last_modified()) == bytes(other.file.last_modified())
    }

    pub(crate) fn is_picture(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    pub(crate) fn facts(&self) -> FileFacts<'_> {
        FileFacts { name: &self.name, media_type: &self.media_type, bytes: self.bytes }
    }
}

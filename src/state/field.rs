use std::cell::RefCell;
use std::sync::Arc;

use deal_contract::attachments::{FileInfo, check_file};
use deal_contract::check::{Today, check_field, check_files};
use deal_contract::definition::{Field as Question, FieldKind, PublicDefinition, QuestionState};
use deal_contract::messages::MessageKey;
use deal_contract::problem::{Code, Subject};
use deal_contract::protocol::FieldError;
use deal_contract::values::CalendarDate;
use deal_contract::values::choices::OTHER;

use super::{Attachment, Tracked};
use crate::locale::Locale;

/// A question and its current answer.
#[derive(Debug)]
pub(crate) struct Field {
    form: Arc<PublicDefinition>,
    index: usize,
    /// The text before the visitor changed anything.
    initial: RefCell<String>,
    pub(crate) answer: Tracked<Answer>,
}

/// The current answer to a question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The typed text, normalized when the visitor leaves the field; or the value of a flag or a
    /// choice.
    pub(crate) text: String,
    /// The files, as handles: the browser keeps the bytes.
    pub(crate) files: Vec<Attachment>,
    /// Whether the visitor has left the field at least once, so that its problems are shown.
    pub(crate) touched: bool,
    /// The errors from the last attempt to send, until the answer changes.
    pub(crate) errors: Vec<FieldError>,
}

/// The messages to show at a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FieldMessages {
    /// About the whole answer.
    pub(crate) whole: Vec<String>,
    /// For each file, why it cannot be sent, or `None` if it can.
    pub(crate) files: Vec<Option<String>>,
}

impl FieldMessages {
    /// Returns all messages.
    pub(crate) fn all(self) -> impl Iterator<Item = String> {
        self.files.into_iter().flatten().chain(self.whole)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.files.iter().all(Option::is_none)
    }
}

impl Field {
    /// Returns the fields of the form, with their initial answers.
    pub(crate) fn all(form: &Arc<PublicDefinition>) -> Vec<Self> {
        let fields = form.fields.iter().enumerate();
        fields
            .map(|(index, question)| {
                let answer = Self::empty(question);
                let initial = RefCell::new(answer.text.clone());
                Self { form: Arc::clone(form), index, initial, answer: Tracked::new(answer) }
            })
            .collect()
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "the index comes from this form, which never changes"
    )]
    pub(crate) fn question(&self) -> &Question {
        &self.form.fields[self.index]
    }

    /// Returns the initial answer: the form's default. An unticked box means no.
    fn empty(question: &Question) -> Answer {
        let text = match (&question.default, &question.kind) {
            (Some(default), _) => default.clone(),
            (None, FieldKind::Flag { yes, .. }) => yes.other().to_string(),
            (None, _) => String::new(),
        };
        Answer { text, ..Answer::default() }
    }

    /// Resets the answer.
    pub(crate) fn clear(&self) {
        self.answer.set(Self::empty(self.question()));
    }

    /// Marks the current text as the initial text, before the visitor changes anything.
    pub(crate) fn mark_initial(&self) {
        *self.initial.borrow_mut() = self.text();
    }

    /// Returns the text if the visitor has changed it. The text is empty if the visitor has removed
    /// the initial text.
    pub(crate) fn typed_text(&self) -> Option<String> {
        Some(self.text()).filter(|text| *text != *self.initial.borrow())
    }

    /// Returns whether the field has the text of an unanswered question.
    pub(crate) fn is_empty(&self) -> bool {
        self.text() == Self::empty(self.question()).text
    }

    fn text(&self) -> String {
        self.answer.with_untracked(|answer| answer.text.clone())
    }

    /// Replaces the text and drops the errors about the old one. Returns false if the text is the
    /// same.
    pub(crate) fn write(&self, text: String) -> bool {
        // Notify only on change: a redundant update would render the button under the pointer again.
        if self.answer.with_untracked(|answer| answer.text == text) {
            return false;
        }
        self.answer.update(|answer| {
            answer.text = text;
            answer.errors.clear();
        });
        true
    }

    /// Adds files without duplicates. A new file replaces an unreadable one with the same name.
    pub(crate) fn add_files(&self, files: Vec<Attachment>) {
        self.answer.update(|answer| {
            let Answer { files: known, errors, touched, .. } = answer;
            for attachment in files {
                let lost = errors.iter().any(|error| is_unreadable(error, &attachment.name));
                match known.iter_mut().find(|known| known.is_same_file(&attachment)) {
                    Some(same) if lost => *same = attachment,
                    Some(_) => {}
                    None => {
                        known.retain(|known| !lost || known.name != attachment.name);
                        known.push(attachment);
                    }
                }
            }
            errors.clear();
            *touched = true;
        });
    }

    /// Removes the file with this index.
    pub(crate) fn remove_file(&self, index: usize) {
        self.answer.update(|answer| {
            if index < answer.files.len() {
                answer.files.remove(index);
            }
            answer.errors.clear();
        });
    }

    /// Removes the files that the browser can no longer read.
    pub(crate) fn remove_lost_files(&self) {
        self.answer.update(|answer| {
            let errors = std::mem::take(&mut answer.errors);
            let is_lost = |name: &str| errors.iter().any(|error| is_unreadable(error, name));
            answer.files.retain(|file| !is_lost(&file.name));
        });
    }

    /// Replaces the text with the normalized one. After this call, the field shows its problems.
    pub(crate) fn leave(&self, locale: &Locale) {
        // Keep *Other* chosen while its line is empty.
        if !self.answer.with_untracked(|answer| answer.text.contains(OTHER)) {
            self.write(self.value(locale));
        }
        if !self.answer.with_untracked(|answer| answer.touched) {
            self.answer.update(|answer| answer.touched = true);
        }
    }

    /// Drops the errors from the last attempt, before the next attempt.
    pub(crate) fn clear_errors(&self) {
        if !self.answer.with_untracked(|answer| answer.errors.is_empty()) {
            self.answer.update(|answer| answer.errors.clear());
        }
    }

    /// Returns the text that is checked and sent.
    pub(crate) fn value(&self, locale: &Locale) -> String {
        self.answer.with_untracked(|answer| locale.normalize(self.question(), &answer.text))
    }

    /// Returns the messages to show for the question in the given state. Inside an effect, this
    /// tracks the answer.
    pub(crate) fn messages(
        &self,
        state: QuestionState,
        locale: &Locale,
        today: CalendarDate,
    ) -> FieldMessages {
        self.answer.with(|answer| {
            if !answer.errors.is_empty() {
                let question = self.question();
                let errors = answer.errors.iter().map(|error| error.sentence_in(question, locale));
                return FieldMessages { whole: errors.collect(), files: Vec::new() };
            }
            if !answer.touched {
                return FieldMessages::default();
            }
            if self.question().takes_files() {
                return self.file_messages(state, &answer.files, locale);
            }
            let value = locale.normalize(self.question(), &answer.text);
            let problem = check_field(self.question(), state, &value, Today::exactly(today));
            let whole = problem.iter().map(|problem| problem.sentence_in(locale)).collect();
            FieldMessages { whole, files: Vec::new() }
        })
    }

    fn file_messages(
        &self,
        state: QuestionState,
        files: &[Attachment],
        locale: &Locale,
    ) -> FieldMessages {
        let info: Vec<FileInfo<'_>> = files.iter().map(Attachment::info).collect();
        // The problems with single files come first, in the order of the files.
        let mut problems = check_files(self.question(), state, &info).into_iter();
        let of_file = |file: &FileInfo<'_>| {
            check_file(*file).err()?;
            problems.next().map(|problem| problem.sentence_in(locale))
        };
        let of_files = info.iter().map(of_file).collect();
        let mut whole: Vec<String> = Vec::new();
        for problem in problems {
            let mut message = problem.sentence_in(locale);
            if problem.code == Code::FileTotal
                && let Some(file) = remove_to_fit(files, self.question().kind.total_limit())
            {
                message.push(' ');
                message.push_str(&locale.fill(MessageKey::RemoveToFit, &[("file", &file.name)]));
            }
            whole.push(message);
        }
        FieldMessages { whole, files: of_files }
    }
}

/// Returns whether the error is that the browser cannot read the file with this name.
fn is_unreadable(error: &FieldError, name: &str) -> bool {
    let names_it = matches!(&error.subject, Subject::Text(file) if file == name);
    names_it && error.code == Some(Code::FileUnreadable)
}

/// Returns the smallest file whose removal brings the total below the limit. Returns `None` if
/// removing one file is not enough.
fn remove_to_fit(files: &[Attachment], limit: u64) -> Option<&Attachment> {
    let total = files.iter().map(|file| file.bytes).fold(0, u64::saturating_add);
    let enough = files.iter().filter(|file| total.saturating_sub(file.bytes) < limit);
    enough.min_by_key(|file| file.bytes)
}

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use deal_contract::attachments::{FileInfo, check_file};
use deal_contract::check::{Today, check_field, check_files};
use deal_contract::definition::{Field as Question, FieldKind, PublicDefinition, QuestionState};
use deal_contract::messages::MessageKey;
use deal_contract::problem::{Code, Subject};
use deal_contract::protocol::FieldError;
use deal_contract::values::CalendarDate;
use deal_contract::values::choices::OTHER;

use super::{Attachment, Changes};
use crate::locale::Locale;

/// A question, its current answer, and the problems that the field shows.
#[derive(Debug)]
pub(crate) struct Field {
    form: Arc<PublicDefinition>,
    index: usize,
    /// The text before the visitor changed anything.
    initial: RefCell<String>,
    answer: RefCell<Answer>,
    problems: RefCell<Problems>,
    /// Whether Submit has checked the field. Before that, a missing answer is not a problem.
    submitted: Cell<bool>,
    changes: Rc<Changes>,
}

/// The current answer to a question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The typed text, normalized when the visitor leaves the field; or the value of a flag or a
    /// choice.
    pub(crate) text: String,
    /// The files, as handles: the browser keeps the bytes.
    pub(crate) files: Vec<Attachment>,
    /// The errors from the last attempt to send, until the answer changes.
    errors: Vec<FieldError>,
}

/// The problems that a field shows. They appear when the visitor leaves the field, adds files or
/// submits the form. While the visitor corrects the answer, they either stay or are solved.
#[derive(Debug, Clone, Default)]
pub(crate) struct Problems {
    pub(crate) messages: FieldMessages,
    /// Whether the visitor has solved the problems. The messages are then invisible, but keep their
    /// space until the visitor leaves a field, so that nothing moves while the visitor types.
    pub(crate) is_solved: bool,
    /// Increases when the field shows other problems.
    pub(crate) version: u32,
}

/// The messages to show at a field.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldMessages {
    /// About the whole answer.
    pub(crate) whole: Vec<String>,
    /// For each file, why it cannot be sent, or `None` if it can.
    pub(crate) files: Vec<Option<String>>,
}

impl FieldMessages {
    /// Returns all messages.
    pub(crate) fn all(&self) -> impl Iterator<Item = &String> {
        self.files.iter().flatten().chain(&self.whole)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.files.iter().all(Option::is_none)
    }
}

impl Field {
    /// Returns the fields of the form, with their initial answers. Each field adds its changes to
    /// `changes`.
    pub(crate) fn all(form: &Arc<PublicDefinition>, changes: &Rc<Changes>) -> Vec<Self> {
        let fields = form.fields.iter().enumerate();
        fields
            .map(|(index, question)| {
                let answer = Self::empty(question);
                Self {
                    form: Arc::clone(form),
                    index,
                    initial: RefCell::new(answer.text.clone()),
                    answer: RefCell::new(answer),
                    problems: RefCell::default(),
                    submitted: Cell::new(false),
                    changes: Rc::clone(changes),
                }
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

    /// Resets the answer, and forgets that Submit has checked it.
    pub(crate) fn clear(&self) {
        *self.answer.borrow_mut() = Self::empty(self.question());
        self.replace_problems(FieldMessages::default(), false);
        self.submitted.set(false);
    }

    /// Returns a copy of the answer.
    pub(crate) fn answer(&self) -> Answer {
        self.answer.borrow().clone()
    }

    /// Returns a copy of the problems that the field shows.
    pub(crate) fn problems(&self) -> Problems {
        self.problems.borrow().clone()
    }

    /// Calls `read` with the files.
    pub(crate) fn with_files<R>(&self, read: impl FnOnce(&[Attachment]) -> R) -> R {
        read(&self.answer.borrow().files)
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
        self.answer.borrow().text.clone()
    }

    /// Replaces the text and drops the errors about the old one. Returns false if the text is the
    /// same.
    pub(crate) fn write(&self, text: String) -> bool {
        // Add a change only if there is one: a redundant update would render the button under the
        // pointer again.
        if self.answer.borrow().text == text {
            return false;
        }
        self.change(|answer| {
            answer.text = text;
            answer.errors.clear();
        });
        true
    }

    /// Adds files without duplicates. A new file replaces an unreadable one with the same name.
    pub(crate) fn add_files(&self, files: Vec<Attachment>) {
        self.change(|answer| {
            let Answer { files: known, errors, .. } = answer;
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
        });
    }

    /// Removes the file with this index.
    pub(crate) fn remove_file(&self, index: usize) {
        self.change(|answer| {
            if index < answer.files.len() {
                answer.files.remove(index);
            }
            answer.errors.clear();
        });
    }

    /// Removes the files that the browser can no longer read.
    pub(crate) fn remove_lost_files(&self) {
        self.change(|answer| {
            let errors = std::mem::take(&mut answer.errors);
            let is_lost = |name: &str| errors.iter().any(|error| is_unreadable(error, name));
            answer.files.retain(|file| !is_lost(&file.name));
        });
    }

    /// Replaces the errors from the last attempt to send.
    pub(super) fn set_errors(&self, errors: Vec<FieldError>) {
        self.change(|answer| answer.errors = errors);
    }

    fn change(&self, change: impl FnOnce(&mut Answer)) {
        change(&mut self.answer.borrow_mut());
        self.changes.add(self.index);
    }

    /// Replaces the text with the normalized one.
    pub(super) fn normalize(&self, locale: &Locale) {
        // Keep *Other* chosen while its line is empty.
        let text = self.text();
        if !self.question().kind.parts(&text).contains(&OTHER) {
            self.write(self.value(locale));
        }
    }

    /// Makes a missing answer a problem from now on.
    pub(super) fn mark_submitted(&self) {
        self.submitted.set(true);
    }

    /// Shows the problems of the current answer.
    pub(super) fn show_problems(&self, state: QuestionState, locale: &Locale, today: CalendarDate) {
        self.replace_problems(self.messages(state, locale, today), false);
    }

    /// Returns whether the field shows a problem that is not solved.
    pub(super) fn has_open_problem(&self) -> bool {
        let problems = self.problems.borrow();
        !problems.messages.is_empty() && !problems.is_solved
    }

    /// Hides the problems that the field shows if the answer has none any more. Does not show other
    /// problems, which would change the sentence with each letter.
    pub(super) fn hide_if_solved(
        &self,
        state: QuestionState,
        locale: &Locale,
        today: CalendarDate,
    ) {
        if self.messages(state, locale, today).is_empty() {
            self.replace_problems(self.problems().messages, true);
        }
    }

    /// Removes solved problems and the space that they keep.
    pub(super) fn remove_solved(&self) {
        if self.problems.borrow().is_solved {
            self.replace_problems(FieldMessages::default(), false);
        }
    }

    fn replace_problems(&self, messages: FieldMessages, is_solved: bool) {
        let mut problems = self.problems.borrow_mut();
        let version = problems.version.wrapping_add(1);
        *problems = Problems { messages, is_solved, version };
        self.changes.add(self.index);
    }

    /// Returns the text that is checked and sent.
    pub(crate) fn value(&self, locale: &Locale) -> String {
        locale.normalize(self.question(), &self.answer.borrow().text)
    }

    /// Returns the messages about the current answer to the question in the given state.
    fn messages(
        &self,
        state: QuestionState,
        locale: &Locale,
        today: CalendarDate,
    ) -> FieldMessages {
        let answer = self.answer.borrow();
        let question = self.question();
        if !answer.errors.is_empty() {
            let errors = answer.errors.iter().map(|error| error.sentence_in(question, locale));
            return FieldMessages { whole: errors.collect(), files: Vec::new() };
        }
        if question.takes_files() {
            return self.file_messages(state, &answer.files, locale);
        }
        let value = locale.normalize(question, &answer.text);
        let problem = check_field(question, state, &value, Today::exactly(today));
        let whole = problem.iter().filter(|problem| self.is_shown(problem.code));
        FieldMessages {
            whole: whole.map(|problem| problem.sentence_in(locale)).collect(),
            files: Vec::new(),
        }
    }

    /// Returns whether to show a problem with this code now.
    fn is_shown(&self, code: Code) -> bool {
        self.submitted.get() || !code.is_missing_answer()
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
        for problem in problems.filter(|problem| self.is_shown(problem.code)) {
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

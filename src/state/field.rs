use deal_contract::attachments::FileFacts;
use deal_contract::check::{check_field, check_files};
use deal_contract::definition::{self, FieldKind};
use deal_contract::problem::Problem;
use leptos::prelude::{LocalStorage, RwSignal, Update, With, WithUntracked};
use web_sys::File;

use crate::transport::request::bytes;

/// A question and the answer to it so far.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) definition: definition::Field,
    pub(crate) answer: RwSignal<Answer, LocalStorage>,
}

/// An answer in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// The text as typed, untouched; a flag's value, a choice's value.
    pub(crate) text: String,
    /// The files, as handles: their bytes stay with the browser.
    pub(crate) files: Vec<Attachment>,
    /// Whether the visitor was here and left, so that a problem may be shown.
    pub(crate) left: bool,
    /// What the proxy said of it, until it is changed.
    pub(crate) told: Vec<String>,
}

/// A file's handle and what is known of it.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) file: File,
    pub(crate) name: String,
    media_type: String,
    pub(crate) bytes: u64,
}

impl Field {
    pub(crate) fn new(definition: definition::Field) -> Self {
        let answer = RwSignal::new_local(Self::empty(&definition));
        Self { definition, answer }
    }

    /// The answer of somebody who has not begun. A box that is not ticked means no.
    fn empty(definition: &definition::Field) -> Answer {
        let text = match definition.kind {
            FieldKind::Flag => definition.yes().other().to_string(),
            _ => String::new(),
        };
        Answer { text, ..Answer::default() }
    }

    /// Forgets the answer.
    pub(crate) fn clear(&self) {
        self.answer.update(|answer| *answer = Self::empty(&self.definition));
    }

    /// What was typed, or nothing where the answer is that of somebody who has not begun. Reads
    /// the answer, and so follows it within an effect.
    pub(crate) fn typed(&self) -> Option<String> {
        let empty = Self::empty(&self.definition).text;
        self.answer.with(|answer| (answer.text != empty).then(|| answer.text.clone()))
    }

    /// Takes what is typed; what the proxy said of the old text no longer holds.
    pub(crate) fn write(&self, text: String) {
        // Told again what it knows, an effect would redraw what is being pressed.
        if self.answer.with_untracked(|answer| answer.text == text) {
            return;
        }
        self.answer.update(|answer| {
            answer.text = text;
            answer.told.clear();
        });
    }

    /// Adds files that were chosen or dropped, each once.
    pub(crate) fn add_files(&self, files: impl Iterator<Item = File>) {
        self.answer.update(|answer| {
            for attachment in files.map(Attachment::new) {
                if !answer.files.iter().any(|known| known.is(&attachment)) {
                    answer.files.push(attachment);
                }
            }
            answer.told.clear();
            answer.left = true;
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

    /// From now on problems may be shown.
    pub(crate) fn leave(&self) {
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
    pub(crate) fn value(&self) -> String {
        self.answer.with_untracked(|answer| self.definition.tidy(&answer.text))
    }

    /// All that is wrong with the answer, said or not.
    fn problems(&self, answer: &Answer) -> Vec<Problem> {
        if self.definition.kind == FieldKind::Attachments {
            let facts: Vec<FileFacts<'_>> = answer.files.iter().map(Attachment::facts).collect();
            check_files(&self.definition, &facts)
        } else {
            let value = self.definition.tidy(&answer.text);
            check_field(&self.definition, &value).into_iter().collect()
        }
    }

    /// The sentences to show now. Reads the answer, and so follows it within an effect.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.answer.with(|answer| {
            if !answer.told.is_empty() {
                return answer.told.clone();
            }
            if !answer.left {
                return Vec::new();
            }
            self.problems(answer).iter().map(Problem::sentence).collect()
        })
    }
}

impl Attachment {
    fn new(file: File) -> Self {
        let (name, media_type, bytes) = (file.name(), file.type_(), bytes(file.size()));
        Self { file, name, media_type, bytes }
    }

    /// Whether both are the same file, chosen twice.
    fn is(&self, other: &Self) -> bool {
        self.name == other.name
            && self.bytes == other.bytes
            && bytes(self.file.last_modified()) == bytes(other.file.last_modified())
    }

    pub(crate) fn facts(&self) -> FileFacts<'_> {
        FileFacts { name: &self.name, media_type: &self.media_type, bytes: self.bytes }
    }
}

use std::cell::RefCell;
use std::sync::Arc;

use deal_contract::attachments::FileInfo;
use deal_contract::check::{Submission, Today, check};
use deal_contract::definition::{Hidden, PublicDefinition};
use deal_contract::problem::Problem;
use deal_contract::protocol;
use deal_contract::revision::Revision;
use deal_contract::values::CalendarDate;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::Notify;

use super::steps::{Place, Steps};
use super::{Field, Tracked};
use crate::locale::Locale;

/// Identifies a draft and its last request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftId {
    /// The same for every request until success is confirmed. Empty if the browser has no random
    /// numbers: the proxy then makes a reference.
    pub(crate) reference: String,
    /// The revision of the last request.
    pub(crate) revision: Revision,
}

/// Everything that changes while a form is filled in.
#[derive(Debug)]
pub(crate) struct FormState {
    pub(crate) definition: Arc<PublicDefinition>,
    pub(crate) locale: Locale,
    pub(crate) fields: Vec<Field>,
    pub(crate) steps: Steps,
    draft: RefCell<DraftId>,
    /// Whether Submit found problems, so that the summary is open.
    pub(crate) summary: Tracked<bool>,
    /// Notified of whatever the visitor changes. One for all answers: who follows each of them
    /// does work for each at every keystroke.
    pub(crate) edited: ArcTrigger,
    /// Hidden values that the page gave by name.
    given: RefCell<Vec<(String, String)>>,
}

impl FormState {
    /// An empty form for that draft.
    pub(crate) fn new(definition: Arc<PublicDefinition>, locale: Locale, draft: DraftId) -> Self {
        Self {
            fields: Field::all(&definition),
            steps: Steps::new(&definition),
            definition,
            locale,
            draft: RefCell::new(draft),
            summary: Tracked::new(false),
            edited: ArcTrigger::new(),
            given: RefCell::default(),
        }
    }

    /// The draft's reference.
    pub(crate) fn reference(&self) -> String {
        self.draft.borrow().reference.clone()
    }

    /// The revision of the last request, as text.
    pub(crate) fn revision(&self) -> String {
        self.draft.borrow().revision.to_text()
    }

    /// Whether this is the current draft.
    pub(crate) fn is_draft(&self, reference: &str) -> bool {
        self.draft.borrow().reference == reference
    }

    /// Replaces the draft, and keeps the answers.
    pub(crate) fn set_draft(&self, draft: DraftId) {
        *self.draft.borrow_mut() = draft;
    }

    /// Continues a kept draft and the numbering of its requests.
    pub(crate) fn restore_draft(&self, reference: String, revision: &str) {
        let mut draft = self.draft.borrow_mut();
        draft.reference = reference;
        if let Ok(revision) = revision.parse() {
            draft.revision = revision;
        }
    }

    /// Takes the reference of the plain form that the visitor filled in first.
    pub(crate) fn adopt_reference(&self, reference: String) {
        self.draft.borrow_mut().reference = reference;
    }

    /// Counts the next request, so that a correction has a higher number than what it corrects.
    pub(crate) fn number_request(&self) {
        let revision = &mut self.draft.borrow_mut().revision;
        revision.number = revision.number.saturating_add(1);
    }

    /// Continues the numbering after a request that the proxy knows.
    pub(crate) fn catch_up(&self, number: u32) {
        self.draft.borrow_mut().revision.number = number;
    }

    /// For each question whether it is asked now. Follows the answers that this hangs on within an
    /// effect.
    pub(crate) fn asked(&self) -> Vec<bool> {
        self.definition.shown(&|name| {
            let field = self.fields.iter().find(|field| field.question().parameter == name);
            let answer = |field: &Field| {
                field.answer.with(|answer| self.locale.normalize(field.question(), &answer.text))
            };
            field.map(answer).unwrap_or_default()
        })
    }

    /// Where the visitor is. Follows the step and what it hangs on within an effect.
    pub(crate) fn place(&self) -> Place {
        self.steps.place(&self.asked())
    }

    /// All problems of the whole form, by the rules that the proxy has too.
    pub(crate) fn check(&self, today: CalendarDate) -> Vec<Problem> {
        let texts = self.texts();
        let answers: Vec<_> =
            self.asked_fields().map(|field| field.answer.get_untracked()).collect();
        let files = answers.iter().flat_map(|answer| &answer.files);
        let files: Vec<FileInfo<'_>> = files.map(|file| file.info()).collect();
        let values = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        check(&self.definition, &Submission { values, files, today: Today::exactly(today) })
    }

    /// The questions that are asked now.
    pub(crate) fn asked_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().zip(self.asked()).filter_map(|(field, asked)| asked.then_some(field))
    }

    /// The text parameters that are sent: every answer that is not empty.
    pub(crate) fn texts(&self) -> Vec<(&str, String)> {
        self.asked_fields()
            .filter(|field| !field.question().takes_files())
            .map(|field| (field.question().parameter.as_str(), field.value(&self.locale)))
            .filter(|(_, value)| !value.trim().is_empty())
            .collect()
    }

    /// What the page gives for a hidden value, if it gave one by name.
    pub(crate) fn given(&self, parameter: &str) -> Option<String> {
        let given = self.given.borrow();
        given.iter().rfind(|(name, _)| name == parameter).map(|(_, value)| value.clone())
    }

    /// What the visitor answered, by parameter.
    pub(crate) fn typed(&self) -> Vec<(String, String)> {
        let typed = |field: &Field| Some((field.question().parameter.clone(), field.typed()?));
        self.fields.iter().filter_map(typed).collect()
    }

    /// Writes answers and hidden values, and gives the names that the form does not know.
    pub(crate) fn write<'v>(&self, values: &'v [(String, String)]) -> Vec<&'v str> {
        let mut unknown = Vec::new();
        for (name, value) in values {
            let is = |hidden: &Hidden| hidden.parameter == *name;
            if let Some(field) =
                self.fields.iter().find(|field| field.question().parameter == *name)
            {
                field.write(value.clone());
            } else if self.definition.hidden.iter().any(is)
                || (self.definition.proof.captcha && name == protocol::field::CAPTCHA)
            {
                self.given.borrow_mut().push((name.clone(), value.clone()));
            } else {
                unknown.push(name.as_str());
            }
        }
        self.edited.notify();
        unknown
    }

    /// Whether there is anything that the visitor wrote and would see again.
    pub(crate) fn has_typed(&self) -> bool {
        self.fields.iter().any(|field| field.typed().is_some() && !field.is_empty())
    }

    /// Empties the form for a new draft.
    pub(crate) fn start_anew(&self, draft: DraftId) {
        for field in &self.fields {
            field.clear();
        }
        self.steps.current.set(0);
        self.set_draft(draft);
        self.summary.set(false);
        self.edited.notify();
    }
}

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use deal_contract::attachments::FileInfo;
use deal_contract::check::{Submission, Today, check};
use deal_contract::definition::{Hidden, PublicDefinition, QuestionState};
use deal_contract::problem::Problem;
use deal_contract::protocol::{self, FieldError};
use deal_contract::revision::Revision;
use deal_contract::values::CalendarDate;
use reactive_graph::signal::ArcTrigger;
use reactive_graph::traits::Notify;

use super::steps::{Position, Steps};
use super::{Changes, Field, Tracked};
use crate::locale::Locale;

/// Identifies a draft and its last request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftId {
    /// The reference, which stays the same for every request until success is confirmed. Empty if
    /// the browser has no random numbers: the proxy then makes a reference.
    pub(crate) reference: String,
    /// The revision of the last request.
    pub(crate) revision: Revision,
}

/// The state of one form while the visitor fills it in.
#[derive(Debug)]
pub(crate) struct FormState {
    pub(crate) definition: Arc<PublicDefinition>,
    pub(crate) locale: Locale,
    pub(crate) fields: Vec<Field>,
    pub(crate) steps: Steps,
    draft: RefCell<DraftId>,
    /// The problems that Submit has found, with the index of each field. They stay the same until the
    /// next Submit.
    pub(crate) summary: Tracked<Vec<(usize, String)>>,
    /// The fields to render again.
    pub(crate) changes: Rc<Changes>,
    /// Notified when the visitor or the page has changed an answer. All answers share one trigger: an
    /// effect that tracks each answer would do work for each of them at every keystroke.
    pub(crate) edited: ArcTrigger,
    /// The hidden values and the captcha answer that the page has set with `prefill`.
    page_values: RefCell<Vec<(String, String)>>,
}

impl FormState {
    /// Creates an empty form for this draft.
    pub(crate) fn new(definition: Arc<PublicDefinition>, locale: Locale, draft: DraftId) -> Self {
        let changes = Rc::default();
        Self {
            fields: Field::all(&definition, &changes),
            steps: Steps::new(&definition),
            definition,
            locale,
            draft: RefCell::new(draft),
            summary: Tracked::new(Vec::new()),
            changes,
            edited: ArcTrigger::new(),
            page_values: RefCell::default(),
        }
    }

    /// Returns the draft's reference.
    pub(crate) fn reference(&self) -> String {
        self.draft.borrow().reference.clone()
    }

    /// Returns the revision of the last request, as text.
    pub(crate) fn revision(&self) -> String {
        self.draft.borrow().revision.to_text()
    }

    /// Returns whether the current draft has this reference.
    pub(crate) fn is_draft(&self, reference: &str) -> bool {
        self.draft.borrow().reference == reference
    }

    /// Replaces the draft, and keeps the answers.
    pub(crate) fn set_draft(&self, draft: DraftId) {
        *self.draft.borrow_mut() = draft;
    }

    /// Continues a kept draft with the numbering of its requests.
    pub(crate) fn restore_draft(&self, reference: String, revision: &str) {
        let mut draft = self.draft.borrow_mut();
        draft.reference = reference;
        if let Ok(revision) = revision.parse() {
            draft.revision = revision;
        }
    }

    /// Adopts the reference of the plain form.
    pub(crate) fn adopt_reference(&self, reference: String) {
        self.draft.borrow_mut().reference = reference;
    }

    /// Numbers the next request, so that a correction has a higher number than the earlier content.
    pub(crate) fn number_request(&self) {
        let revision = &mut self.draft.borrow_mut().revision;
        revision.number = revision.number.saturating_add(1);
    }

    /// Continues the numbering after the request that the proxy has.
    pub(crate) fn catch_up(&self, number: u32) {
        self.draft.borrow_mut().revision.number = number;
    }

    /// Returns the state of each question now.
    pub(crate) fn question_states(&self) -> Vec<QuestionState> {
        self.definition.states(&|name| {
            let field = self.fields.iter().find(|field| field.question().parameter == name);
            field.map(|field| field.value(&self.locale)).unwrap_or_default()
        })
    }

    /// Returns whether each question is asked now.
    pub(crate) fn asked(&self) -> Vec<bool> {
        self.question_states().into_iter().map(QuestionState::is_shown).collect()
    }

    /// Returns whether a question is shown or required only under a condition.
    pub(crate) fn has_conditions(&self) -> bool {
        self.definition.fields.iter().any(|question| {
            question.required_when.is_some() || self.definition.is_conditional(question)
        })
    }

    /// Returns the state of a question that is asked.
    pub(crate) fn asked_state(&self, index: usize) -> QuestionState {
        let question = self.definition.fields.get(index);
        if question.is_some_and(|question| question.required_when.is_some()) {
            let states = self.question_states();
            return states.get(index).copied().unwrap_or(QuestionState::Optional);
        }
        match question {
            Some(question) if question.required => QuestionState::Required,
            _ => QuestionState::Optional,
        }
    }

    /// Returns the visitor's position among the steps. Within an effect, this tracks the step.
    pub(crate) fn position(&self) -> Position {
        self.steps.position(&self.asked())
    }

    /// Returns all problems in the form, by the same rules as in the proxy.
    pub(crate) fn check(&self, today: CalendarDate) -> Vec<Problem> {
        let texts = self.texts();
        let answers: Vec<_> = self.asked_fields().map(Field::answer).collect();
        let files = answers.iter().flat_map(|answer| &answer.files);
        let files: Vec<FileInfo<'_>> = files.map(|file| file.info()).collect();
        let values = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        check(&self.definition, &Submission { values, files, today: Today::exactly(today) })
    }

    /// Returns the questions that are asked now.
    pub(crate) fn asked_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().zip(self.asked()).filter_map(|(field, asked)| asked.then_some(field))
    }

    /// Returns the text parameters to send: the answers, except empty ones, to the questions that
    /// are asked.
    pub(crate) fn texts(&self) -> Vec<(&str, String)> {
        self.asked_fields()
            .filter(|field| !field.question().takes_files())
            .map(|field| (field.question().parameter.as_str(), field.value(&self.locale)))
            .filter(|(_, value)| !value.trim().is_empty())
            .collect()
    }

    /// Returns the hidden value or captcha answer that the page has set last for this parameter.
    pub(crate) fn page_value(&self, parameter: &str) -> Option<String> {
        let values = self.page_values.borrow();
        values.iter().rfind(|(name, _)| name == parameter).map(|(_, value)| value.clone())
    }

    /// Returns all hidden values and captcha answers that the page has set.
    pub(crate) fn page_values(&self) -> Vec<(String, String)> {
        self.page_values.borrow().clone()
    }

    /// Returns the text answers that the visitor has changed, with their parameters.
    pub(crate) fn typed_texts(&self) -> Vec<(String, String)> {
        let typed = |field: &Field| Some((field.question().parameter.clone(), field.typed_text()?));
        self.fields.iter().filter_map(typed).collect()
    }

    /// Writes answers, hidden values and the captcha answer. Returns the names that the form does
    /// not know.
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
                self.page_values.borrow_mut().push((name.clone(), value.clone()));
            } else {
                unknown.push(name.as_str());
            }
        }
        self.notify_edited();
        unknown
    }

    /// Returns whether the visitor has changed a text answer that is not empty.
    pub(crate) fn has_typed_text(&self) -> bool {
        self.fields.iter().any(|field| field.typed_text().is_some() && !field.is_empty())
    }

    /// Empties the form for a new draft.
    pub(crate) fn start_over(&self, draft: DraftId) {
        for field in &self.fields {
            field.clear();
        }
        self.steps.current.set(0);
        self.set_draft(draft);
        self.summary.set(Vec::new());
        self.notify_edited();
    }

    /// Ends the input into a field: replaces its text with the normalized one and shows its problems.
    /// A missing answer is a problem only after Submit.
    pub(crate) fn leave(&self, index: usize, today: CalendarDate) {
        if let Some(field) = self.fields.get(index) {
            field.normalize(&self.locale);
            field.show_problems(self.asked_state(index), &self.locale, today);
        }
        // The visitor is not typing now, so remove the space of solved problems.
        self.fields.iter().for_each(Field::remove_solved);
        self.changes.notify();
    }

    /// Shows the problems of a question after a change that is complete, such as an added file.
    pub(crate) fn show_problems(&self, index: usize, today: CalendarDate) {
        if let Some(field) = self.fields.get(index) {
            field.show_problems(self.asked_state(index), &self.locale, today);
        }
        self.changes.notify();
    }

    /// Checks the fields of these indices for Submit: drops the errors of the last attempt, and shows
    /// all problems, including missing answers.
    pub(crate) fn submit(&self, indices: &[usize], today: CalendarDate) {
        for &index in indices {
            if let Some(field) = self.fields.get(index) {
                field.set_errors(Vec::new());
                field.mark_submitted();
                self.leave(index, today);
            }
        }
    }

    /// Hides the problems that the visitor has solved.
    pub(crate) fn hide_solved(&self, today: fn() -> CalendarDate) {
        for (index, field) in self.fields.iter().enumerate() {
            if field.has_open_problem() {
                field.hide_if_solved(self.asked_state(index), &self.locale, today());
            }
        }
    }

    /// Shows the errors from an attempt to send at their fields.
    pub(crate) fn show_errors(&self, errors: &[FieldError], today: CalendarDate) {
        for (index, field) in self.fields.iter().enumerate() {
            let errors = errors.iter().filter(|error| error.field == field.question().parameter);
            let errors: Vec<FieldError> = errors.cloned().collect();
            if !errors.is_empty() {
                field.set_errors(errors);
                self.show_problems(index, today);
            }
        }
        self.summary.set(self.problems());
    }

    /// Returns the problems that the asked fields up to the current step show, with the index of each
    /// field.
    pub(crate) fn problems(&self) -> Vec<(usize, String)> {
        let step = self.position().step;
        let mut problems = Vec::new();
        for (index, (field, asked)) in self.fields.iter().zip(self.asked()).enumerate() {
            if asked && self.steps.of_field(index) <= step {
                let messages = field.problems().messages;
                problems.extend(messages.all().map(|message| (index, message.clone())));
            }
        }
        problems
    }

    /// Renders the changed fields, and notifies the effects of an edit.
    pub(crate) fn notify_edited(&self) {
        self.changes.notify();
        self.edited.notify();
    }
}

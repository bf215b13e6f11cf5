use deal_contract::attachments::FileFacts;
use deal_contract::check::{Submission, check};
use deal_contract::definition::{FieldKind, PublicDefinition};
use deal_contract::problem::Problem;
use leptos::prelude::{GetUntracked, RwSignal, Set};

use super::Field;

/// Everything that changes while a form is filled in.
#[derive(Debug)]
pub(crate) struct FormState {
    pub(crate) definition: PublicDefinition,
    pub(crate) fields: Vec<Field>,
    /// The draft's reference: the same for every attempt, until success is confirmed.
    pub(crate) reference: RwSignal<String>,
    /// Whether Submit found problems, so that the summary is open.
    pub(crate) summary: RwSignal<bool>,
}

impl FormState {
    /// An empty form for the draft of that reference.
    pub(crate) fn new(definition: PublicDefinition, reference: String) -> Self {
        Self {
            fields: definition.fields.iter().cloned().map(Field::new).collect(),
            definition,
            reference: RwSignal::new(reference),
            summary: RwSignal::new(false),
        }
    }

    /// All problems of the whole form, by the rules that the proxy has too.
    pub(crate) fn check(&self) -> Vec<Problem> {
        let texts = self.texts();
        let answers: Vec<_> =
            self.fields.iter().map(|field| field.answer.get_untracked()).collect();
        let files = answers.iter().flat_map(|answer| &answer.files);
        let files: Vec<FileFacts<'_>> = files.map(|file| file.facts()).collect();
        let values = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        check(&self.definition, &Submission { values, files })
    }

    /// The text parameters that are sent: every answer that is not empty.
    pub(crate) fn texts(&self) -> Vec<(&str, String)> {
        self.fields
            .iter()
            .filter(|field| field.definition.kind != FieldKind::Attachments)
            .map(|field| (field.definition.parameter.as_str(), field.value()))
            .filter(|(_, value)| !value.trim().is_empty())
            .collect()
    }

    /// What was typed, by parameter. Follows the answers within an effect.
    pub(crate) fn typed(&self) -> Vec<(String, String)> {
        let typed = |field: &Field| Some((field.definition.parameter.clone(), field.typed()?));
        self.fields.iter().filter_map(typed).collect()
    }

    /// Writes answers, and gives the names that the form does not ask for.
    pub(crate) fn write<'v>(&self, values: &'v [(String, String)]) -> Vec<&'v str> {
        let mut unknown = Vec::new();
        for (name, value) in values {
            match self.fields.iter().find(|field| field.definition.parameter == *name) {
                Some(field) => field.write(value.clone()),
                None => unknown.push(name.as_str()),
            }
        }
        unknown
    }

    /// Empties the form for a new draft.
    pub(crate) fn start_anew(&self, reference: String) {
        for field in &self.fields {
            field.clear();
        }
        self.reference.set(reference);
        self.summary.set(false);
    }
}

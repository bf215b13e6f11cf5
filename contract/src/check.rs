//! Whether a submission may go to the CRM.
//!
//! The widget asks before it sends and the proxy before it forwards; both ask this one function.

use crate::attachments::{self, FileFacts, check_file, size_text};
use crate::definition::{Field, FieldKind, PublicDefinition};
use crate::problem::{Code, Problem};
use crate::reference::{self, Reference};
use crate::values::{
    Amount, CalendarDate, Email, FlagValue, Handle, Line, Paragraphs, Phone, PositiveId, Tags,
};

/// What a visitor sends: the text parameters in their order, and what is known of the files.
#[derive(Debug, Clone, Default)]
pub struct Submission<'a> {
    /// Name and value of each text parameter.
    pub values: Vec<(&'a str, &'a str)>,
    /// The files, in the order of their parts.
    pub files: Vec<FileFacts<'a>>,
}

/// All that is wrong with the submission, in the order of the form's fields; then what the form
/// does not ask for. Nothing wrong: the deal can go to the CRM.
pub fn check(definition: &PublicDefinition, submission: &Submission<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in &definition.fields {
        if field.kind == FieldKind::Attachments {
            problems.extend(check_files(field, &submission.files));
            continue;
        }
        let mut sent = submission.values.iter().filter(|(name, _)| *name == field.parameter);
        let value = sent.next().map_or("", |(_, value)| value);
        problems.extend(check_field(field, value));
        if sent.next().is_some() {
            problems.push(problem(Code::ParameterTwice, field));
        }
    }
    problems.extend(check_reference(submission));
    problems.extend(unlisted(definition, submission));
    problems
}

/// What is wrong with the answer to one question, if anything. No answer is the empty text.
pub fn check_field(field: &Field, value: &str) -> Option<Problem> {
    if value.trim().is_empty() {
        let missing = match field.kind {
            FieldKind::Flag => Code::RequiredFlag,
            FieldKind::Choice => Code::RequiredChoice,
            _ => Code::Required,
        };
        return field.required.then(|| problem(missing, field));
    }
    if let Err(code) = check_value(field, value) {
        return Some(problem(code, field));
    }
    // A line break counts once: on its way a browser turns it into two characters.
    let length = value.chars().filter(|&character| character != '\r').count();
    let limit = field.length_limit();
    (length > limit).then(|| {
        problem(Code::TextLength, field).about(length.to_string()).within(limit.to_string())
    })
}

/// What is wrong with the files: each on its own, then all together.
pub fn check_files(field: &Field, files: &[FileFacts<'_>]) -> Vec<Problem> {
    if files.is_empty() {
        let missing = field.required.then(|| problem(Code::RequiredFile, field));
        return missing.into_iter().collect();
    }
    let mut problems: Vec<Problem> = files
        .iter()
        .filter_map(|file| {
            let code = check_file(*file).err()?;
            Some(problem(code, field).about(printable(file.name)).within(attachments::KINDS))
        })
        .collect();
    let (count, most) = (files.len(), field.count_limit());
    if count > most {
        let problem = problem(Code::FileCount, field);
        problems.push(problem.about(count.to_string()).within(most.to_string()));
    }
    let total = files.iter().fold(0u64, |total, file| total.saturating_add(file.bytes));
    let limit = field.total_limit();
    if total >= limit {
        let over = total.saturating_sub(limit).saturating_add(1);
        problems
            .push(problem(Code::FileTotal, field).about(size_text(over)).within(size_text(limit)));
    }
    problems
}

fn check_value(field: &Field, value: &str) -> Result<(), Code> {
    match field.kind {
        FieldKind::Text => value.parse::<Line>().map(drop),
        FieldKind::LongText => value.parse::<Paragraphs>().map(drop),
        FieldKind::Email => value.parse::<Email>().map(drop),
        FieldKind::Phone => value.parse::<Phone>().map(drop),
        FieldKind::Handle => value.parse::<Handle>().map(drop),
        FieldKind::Date => value.parse::<CalendarDate>().map(drop),
        FieldKind::Amount => value.parse::<Amount>().map(drop),
        FieldKind::Tags => value.parse::<Tags>().map(drop),
        FieldKind::Id => value.parse::<PositiveId>().map(drop),
        FieldKind::Flag => match value.parse::<FlagValue>()? {
            no if field.required && no != field.yes() => Err(Code::RequiredFlag),
            _ => Ok(()),
        },
        FieldKind::Choice if field.options.iter().any(|choice| choice.value == value) => Ok(()),
        FieldKind::Choice => Err(Code::ChoiceValue),
        // Files are no text: a text value under their name is one that the form does not take.
        FieldKind::Attachments => Err(Code::ParameterUnknown),
    }
}

fn check_reference(submission: &Submission<'_>) -> Option<Problem> {
    let mut sent = submission.values.iter().filter(|(name, _)| *name == reference::PARAMETER);
    let (name, value) = sent.next()?;
    let code = match value.parse::<Reference>() {
        Err(code) => code,
        Ok(_) if sent.next().is_some() => Code::ParameterTwice,
        Ok(_) => return None,
    };
    Some(Problem::new(code, name, name))
}

/// What was sent and not asked for.
fn unlisted(definition: &PublicDefinition, submission: &Submission<'_>) -> Vec<Problem> {
    let asked = |name: &str| {
        name == reference::PARAMETER
            || definition.field(name).is_some_and(|field| field.kind != FieldKind::Attachments)
    };
    let mut names = Vec::new();
    for (name, _) in &submission.values {
        if !asked(name) && !names.contains(name) {
            names.push(*name);
        }
    }
    let takes_files = definition.fields.iter().any(|field| field.kind == FieldKind::Attachments);
    if !takes_files && !submission.files.is_empty() {
        names.push(attachments::PART);
    }
    names
        .into_iter()
        .map(|name| {
            Problem::new(Code::ParameterUnknown, &printable(name), "").about(printable(name))
        })
        .collect()
}

fn problem(code: Code, field: &Field) -> Problem {
    Problem::new(code, &field.parameter, &field.label)
}

/// A stranger's word for use in a sentence: without control characters, and not endless.
fn printable(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(100).collect()
}

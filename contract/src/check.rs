//! Whether a submission may go to the CRM.
//!
//! The widget asks before it sends and the proxy before it forwards; both ask this one function, of
//! answers that are [normalized](crate::normalize).

use crate::attachments::{self, FileInfo, check_file};
use crate::code::Code;
use crate::definition::{Field, FieldKind, HIDDEN_LIMIT, Hidden, PublicDefinition};
use crate::normalize::is_separator;
use crate::problem::{Problem, Subject};
use crate::reference::{self, Reference};
use crate::values::{self, CalendarDate, FlagValue, SingleLineText};

/// What a visitor sends: the text parameters in their order, and what is known of the files.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// Name and value of each text parameter.
    pub values: Vec<(&'a str, &'a str)>,
    /// The files, in the order of their parts.
    pub files: Vec<FileInfo<'a>>,
    /// The day on which it is sent.
    pub today: Today,
}

/// The days that the visitor's calendar may show now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today {
    first: CalendarDate,
    last: CalendarDate,
}

impl Today {
    /// The day that the visitor's own clock shows.
    pub fn exactly(day: CalendarDate) -> Self {
        Self { first: day, last: day }
    }

    /// The day somewhere on earth, which is that of UTC or one beside it: nobody is refused for
    /// their time zone.
    pub fn in_any_time_zone(utc: CalendarDate) -> Self {
        Self { first: utc.plus_days(-1), last: utc.plus_days(1) }
    }
}

/// All that is wrong with the submission, in the order of the form's fields and hidden values;
/// then what the form does not ask for. Nothing wrong: the deal can go to the CRM.
///
/// A question that is [not asked](PublicDefinition::shown) may be answered all the same: a form
/// without scripts cannot hide it.
pub fn check(definition: &PublicDefinition, submission: &Submission<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let shown = definition.shown(&|name| submission.value(name).to_owned());
    for (field, shown) in definition.fields.iter().zip(shown) {
        if field.takes_files() {
            if shown || !submission.files.is_empty() {
                problems.extend(check_files(field, &submission.files));
            }
            continue;
        }
        let value = submission.value(&field.parameter);
        let missing = if shown { missing(field, value) } else { None };
        problems.extend(missing.or_else(|| check_given(field, value, submission.today)));
        problems.extend(submission.twice(&field.parameter, &field.label));
    }
    for Hidden { parameter, .. } in &definition.hidden {
        problems.extend(check_hidden(parameter, submission.value(parameter)));
        problems.extend(submission.twice(parameter, parameter));
    }
    problems.extend(check_reference(submission));
    problems.extend(unlisted(definition, submission));
    problems
}

impl Submission<'_> {
    /// The value of that name; the first, where there are several.
    fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    fn twice(&self, name: &str, label: &str) -> Option<Problem> {
        let sent = self.values.iter().filter(|(known, _)| *known == name);
        (sent.count() > 1).then(|| Problem::new(Code::ParameterTwice, name, label))
    }
}

/// What is wrong with the answer to a question that is asked, if anything. No answer is the empty
/// text.
pub fn check_field(field: &Field, value: &str, today: Today) -> Option<Problem> {
    missing(field, value).or_else(|| check_given(field, value, today))
}

/// Whether an answer is needed and not given.
fn missing(field: &Field, value: &str) -> Option<Problem> {
    let (none, code) = match &field.kind {
        FieldKind::Flag { yes, .. } => {
            let no = value == yes.other().as_str();
            (no || value.trim().is_empty(), Code::RequiredFlag)
        }
        FieldKind::Choice { .. } => (value.trim().is_empty(), Code::RequiredChoice),
        _ => (value.trim().is_empty(), Code::Required),
    };
    (field.required && none).then(|| problem(code, field))
}

/// What is wrong with an answer that is given.
fn check_given(field: &Field, value: &str, today: Today) -> Option<Problem> {
    check_alone(field, value).or_else(|| check_day(field, value, today))
}

/// What is wrong with an answer whatever the day.
pub(crate) fn check_alone(field: &Field, value: &str) -> Option<Problem> {
    if value.trim().is_empty() {
        return None;
    }
    if let Err(code) = check_value(field, value) {
        let limit = match code {
            Code::DateFormat | Code::DateOrder => Subject::DatePattern,
            _ => Subject::Nothing,
        };
        return Some(problem(code, field).with_limit(limit));
    }
    let (length, limit) = (length(value), field.kind.length_limit());
    (length > limit).then(|| too_long(problem(Code::TextLength, field), length, limit))
}

/// The characters of a text. A line break is one: on its way a browser makes two of it.
///
/// ```
/// assert_eq!(deal_contract::check::length("a\r\nb\nc\r\r"), 7);
/// ```
pub fn length(text: &str) -> usize {
    let mut last = '\0';
    text.chars().fold(0, |length, next| {
        let pair = last == '\r' && next == '\n';
        last = next;
        if pair { length } else { length.saturating_add(1) }
    })
}

/// Whether the day lies between the form's bounds, wherever the visitor is.
fn check_day(field: &Field, value: &str, today: Today) -> Option<Problem> {
    let FieldKind::Date { min, max } = field.kind else { return None };
    let day: CalendarDate = value.parse().ok()?;
    let early = min.map(|min| min.resolve(today.first)).filter(|first| day < *first);
    let late = max.map(|max| max.resolve(today.last)).filter(|last| day > *last);
    let (code, limit) = match (early, late) {
        (Some(first), _) => (Code::DateEarly, first),
        (None, last) => (Code::DateLate, last?),
    };
    Some(problem(code, field).with_limit(Subject::Day(limit)))
}

/// What is wrong with a value that the page gives.
fn check_hidden(parameter: &str, value: &str) -> Option<Problem> {
    let problem = |code| Problem::new(code, parameter, parameter);
    if let Err(code) = value.parse::<SingleLineText>() {
        return Some(problem(code));
    }
    let length = value.chars().count();
    (length > HIDDEN_LIMIT).then(|| too_long(problem(Code::TextLength), length, HIDDEN_LIMIT))
}

fn too_long(problem: Problem, length: usize, limit: usize) -> Problem {
    problem.with_subject(Subject::count(length)).with_limit(Subject::count(limit))
}

/// What is wrong with the files: each on its own, then all together.
pub fn check_files(field: &Field, files: &[FileInfo<'_>]) -> Vec<Problem> {
    if files.is_empty() {
        let missing = field.required.then(|| problem(Code::RequiredFile, field));
        return missing.into_iter().collect();
    }
    let mut problems: Vec<Problem> = files
        .iter()
        .filter_map(|file| {
            let code = check_file(*file).err()?;
            let limit = match code {
                Code::FileType => Subject::FileKinds,
                _ => Subject::Nothing,
            };
            Some(
                problem(code, field)
                    .with_subject(Subject::Text(printable(file.name)))
                    .with_limit(limit),
            )
        })
        .collect();
    let (count, most) = (files.len(), field.kind.count_limit());
    if count > most {
        let problem = problem(Code::FileCount, field);
        problems.push(problem.with_subject(Subject::count(count)).with_limit(Subject::count(most)));
    }
    let total = files.iter().fold(0u64, |total, file| total.saturating_add(file.bytes));
    let limit = field.kind.total_limit();
    if total >= limit {
        let over = total.saturating_sub(limit).saturating_add(1);
        let problem = problem(Code::FileTotal, field);
        problems.push(problem.with_subject(Subject::Bytes(over)).with_limit(Subject::Bytes(limit)));
    }
    problems
}

fn check_value(field: &Field, value: &str) -> Result<(), Code> {
    match &field.kind {
        FieldKind::Text { format, .. } => values::check_text(*format, value),
        FieldKind::Date { .. } => check_date(value),
        FieldKind::Flag { .. } => value.parse::<FlagValue>().map(drop),
        FieldKind::Choice { options, .. } if options.iter().any(|choice| choice.value == value) => {
            Ok(())
        }
        FieldKind::Choice { .. } => Err(Code::ChoiceValue),
        // Files are no text: a text value under their name is one that the form does not take.
        FieldKind::Attachments { .. } => Err(Code::ParameterUnknown),
    }
}

/// A day that [`normalize`](crate::normalize) has understood is written as the CRM wants it. Other
/// numbers are no day in the order in which it has read them.
fn check_date(value: &str) -> Result<(), Code> {
    let is_part = |c: char| c.is_ascii_digit() || is_separator(c);
    match value.parse::<CalendarDate>() {
        Err(Code::DateFormat) if value.chars().all(is_part) => Err(Code::DateOrder),
        parsed => parsed.map(drop),
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
    let asked = |name: &str| name == reference::PARAMETER || definition.takes_text(name);
    let mut names = Vec::new();
    for (name, _) in &submission.values {
        if !asked(name) && !names.contains(name) {
            names.push(*name);
        }
    }
    let takes_files = definition.fields.iter().any(Field::takes_files);
    if !takes_files && !submission.files.is_empty() {
        names.push(attachments::PART);
    }
    names
        .into_iter()
        .map(|name| {
            let name = printable(name);
            Problem::new(Code::ParameterUnknown, &name, "").with_subject(Subject::Text(name))
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

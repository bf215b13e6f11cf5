//! Checks whether a submission may go to the CRM.
//!
//! The widget checks a submission before sending it, and the proxy checks it again before
//! delivering it. Both [normalize](crate::normalize) the answers first, and then call [`check`].

use std::cmp::Ordering;

use crate::attachments::{self, FileInfo, check_file};
use crate::code::Code;
use crate::definition::{
    Field, FieldKind, HIDDEN_LIMIT, Hidden, Limits, PublicDefinition, QuestionState,
};
use crate::normalize::is_separator;
use crate::problem::{Problem, Subject};
use crate::reference::{self, Reference};
use crate::values::{self, Amount, CalendarDate, Decimal, FlagValue, SingleLineText, choices};

/// A visitor's answers and files.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// The name and the value of each text parameter, in the order in which they were sent.
    pub values: Vec<(&'a str, &'a str)>,
    /// The files, in the order of their parts.
    pub files: Vec<FileInfo<'a>>,
    /// The current day.
    pub today: Today,
}

/// The days that can be the visitor's current day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today {
    first: CalendarDate,
    last: CalendarDate,
}

impl Today {
    /// Accepts only this day: the day on the visitor's clock.
    pub fn exactly(day: CalendarDate) -> Self {
        Self { first: day, last: day }
    }

    /// Accepts the current day in any time zone: the day in UTC, the day before and the day after.
    /// So an answer is never rejected because of the visitor's time zone.
    pub fn in_any_time_zone(utc: CalendarDate) -> Self {
        Self { first: utc.plus_days(-1), last: utc.plus_days(1) }
    }
}

/// Returns all problems in a submission: first those in the form's fields and hidden values, in the
/// form's order, then the problem with the reference, and then those with parameters that the form
/// does not list. A submission without problems can go to the CRM.
///
/// A question that is [hidden](QuestionState::Hidden) may still have an answer, because a plain form
/// cannot hide it.
pub fn check(definition: &PublicDefinition, submission: &Submission<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let states = definition.states(&|name| submission.value(name).to_owned());
    for (field, state) in definition.fields.iter().zip(states) {
        if field.takes_files() {
            problems.extend(check_files(field, state, &submission.files));
            continue;
        }
        let value = submission.value(&field.parameter);
        problems.extend(check_field(field, state, value, submission.today));
        problems.extend(submission.check_sent_once(&field.parameter, &field.label));
    }
    for Hidden { parameter, .. } in &definition.hidden {
        problems.extend(check_hidden(parameter, submission.value(parameter)));
        problems.extend(submission.check_sent_once(parameter, parameter));
    }
    problems.extend(check_reference(submission));
    problems.extend(check_unlisted(definition, submission));
    problems
}

impl Submission<'_> {
    /// Returns the first value with this name, or an empty string.
    fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    fn check_sent_once(&self, name: &str, label: &str) -> Option<Problem> {
        let values = self.values.iter().filter(|(known, _)| *known == name);
        (values.count() > 1).then(|| Problem::new(Code::ParameterTwice, name, label))
    }
}

/// Checks one answer, and returns the first problem with it. `state` is the state of the question.
/// An empty `value` means that the visitor has not answered.
pub fn check_field(
    field: &Field,
    state: QuestionState,
    value: &str,
    today: Today,
) -> Option<Problem> {
    let missing = if state.is_required() { check_required(field, value) } else { None };
    missing.or_else(|| check_answer(field, value, today))
}

/// Returns a problem if a required answer is missing.
fn check_required(field: &Field, value: &str) -> Option<Problem> {
    let (none, code) = match &field.kind {
        FieldKind::Flag { yes, .. } => {
            let no = value == yes.other().as_str();
            (no || value.trim().is_empty(), Code::RequiredFlag)
        }
        FieldKind::Choice { .. } | FieldKind::Choices { .. } => {
            (value.trim().is_empty(), Code::RequiredChoice)
        }
        _ => (value.trim().is_empty(), Code::Required),
    };
    none.then(|| problem(code, field))
}

/// Returns the problem with an answer, or `None` if the answer is valid.
fn check_answer(field: &Field, value: &str, today: Today) -> Option<Problem> {
    check_without_day(field, value).or_else(|| check_day(field, value, today))
}

/// Checks an answer, but does not compare a date with the form's first and last day.
pub(crate) fn check_without_day(field: &Field, value: &str) -> Option<Problem> {
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
    if let Some(problem) = check_count(field, value) {
        return Some(problem);
    }
    let (length, limit) = (length(value), field.kind.length_limit());
    if length > limit {
        return Some(with_length(problem(Code::TextLength, field), length, limit));
    }
    check_limits(field, value, length)
}

/// Checks an answer against the form's limits. An amount that could mean several numbers does not
/// meet a minimum or maximum.
fn check_limits(field: &Field, value: &str, length: usize) -> Option<Problem> {
    let Limits { min, max, min_length, pattern } = &field.limits;
    let limit = min_length.map_or(0, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    if length < limit {
        return Some(with_length(problem(Code::TextShort, field), length, limit));
    }
    let number = || value.parse::<Amount>().ok()?.number();
    let is_outside =
        |limit: &Decimal, order: Ordering| number().is_none_or(|number| number.cmp(limit) == order);
    let low = min.as_ref().filter(|min| is_outside(min, Ordering::Less));
    let high = max.as_ref().filter(|max| is_outside(max, Ordering::Greater));
    let outside = low.map(|min| (Code::NumberLow, min));
    if let Some((code, limit)) = outside.or_else(|| Some((Code::NumberHigh, high?))) {
        return Some(problem(code, field).with_limit(Subject::Number(limit.to_string())));
    }
    let matches = pattern.as_ref().is_none_or(|pattern| pattern.matches(value));
    (!matches).then(|| problem(Code::TextPattern, field))
}

/// Returns the number of characters. A line break is counted as one character, even if it consists
/// of two, as browsers send it.
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

/// Returns a problem if the day is outside the form's bounds, whichever day in `today` is the
/// current day.
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

/// Checks a hidden value.
fn check_hidden(parameter: &str, value: &str) -> Option<Problem> {
    let problem = |code| Problem::new(code, parameter, parameter);
    if let Err(code) = value.parse::<SingleLineText>() {
        return Some(problem(code));
    }
    let length = value.chars().count();
    (length > HIDDEN_LIMIT).then(|| with_length(problem(Code::TextLength), length, HIDDEN_LIMIT))
}

fn with_length(problem: Problem, length: usize, limit: usize) -> Problem {
    problem.with_subject(Subject::count(length)).with_limit(Subject::count(limit))
}

/// Checks the files: first each file, then all files together.
pub fn check_files(field: &Field, state: QuestionState, files: &[FileInfo<'_>]) -> Vec<Problem> {
    if files.is_empty() {
        let missing = state.is_required().then(|| problem(Code::RequiredFile, field));
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
        FieldKind::Choice { .. } | FieldKind::Choices { .. } => {
            field.kind.parts(value).into_iter().try_for_each(|answer| check_option(field, answer))
        }
        // The form does not accept text for the parameter that takes files.
        FieldKind::Attachments { .. } => Err(Code::ParameterUnknown),
    }
}

/// Checks one answer to a choice.
fn check_option(field: &Field, answer: &str) -> Result<(), Code> {
    if field.kind.options().iter().any(|choice| choice.value == answer) {
        return Ok(());
    }
    if !field.kind.takes_other() {
        return Err(Code::ChoiceValue);
    }
    answer.parse::<SingleLineText>().map(drop)
}

/// Returns a problem if the visitor chose too few or too many options.
fn check_count(field: &Field, value: &str) -> Option<Problem> {
    let FieldKind::Choices { min, max, .. } = field.kind else { return None };
    let count = u32::try_from(choices::parts(value).count()).unwrap_or(u32::MAX);
    let few = min.filter(|min| count < *min).map(|min| (Code::ChoicesFew, min));
    let (code, limit) =
        few.or(max.filter(|max| count > *max).map(|max| (Code::ChoicesMany, max)))?;
    let number = |number: u32| Subject::Count(number.into());
    Some(problem(code, field).with_subject(number(count)).with_limit(number(limit)))
}

/// Checks a date. [`normalize`](crate::normalize) has already rewritten a valid day as
/// `YYYY-MM-DD`. Other numbers are not a day in the language's order.
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

/// Returns the problems with parameters that the form does not list.
fn check_unlisted(definition: &PublicDefinition, submission: &Submission<'_>) -> Vec<Problem> {
    let is_listed = |name: &str| name == reference::PARAMETER || definition.takes_text(name);
    let mut names = Vec::new();
    for (name, _) in &submission.values {
        if !is_listed(name) && !names.contains(name) {
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
    let problem = Problem::new(code, &field.parameter, &field.label);
    Problem { message: field.message(code).map(str::to_owned), ..problem }
}

/// Makes a sent name suitable for a sentence: removes control characters, and keeps at most 100
/// characters.
fn printable(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

//! Submissions for their operator: which ones, page by page, and what is shown of each.

use std::time::Duration;

use serde::Serialize;

use super::row::Row;
use super::submission::{Answers, State, Ticket};
use crate::settings::clock::Moment;

/// The shortest beginning of a reference that stands for the whole, as the log prints it.
pub(super) const SHORTEST_PREFIX: usize = 12;

/// Which submissions: each condition that is set has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only these references, or those that begin with a text of at least 12 characters.
    pub references: Vec<String>,
    /// Only those of this form.
    pub form: Option<String>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those that arrived longer ago.
    pub older_than: Option<Duration>,
}

/// The place in a list behind which the next page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub(super) Ticket);

/// One page of a list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page begins; none after the last one.
    pub next: Option<Cursor>,
}

/// A submission for its operator. What the visitor wrote is there only if the operator asked for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The reference.
    pub reference: String,
    /// The form's id.
    pub form: String,
    /// How far it has come.
    pub state: State,
    /// How often the CRM was asked since it arrived or was last retried by an operator; probes of address
    /// and key are not counted.
    pub attempts: u32,
    /// The result of the last attempt, if it settled nothing.
    pub problem: Option<String>,
    /// When it arrived, in UTC.
    pub received_at: String,
    /// When it was settled, in UTC.
    pub settled_at: Option<String>,
    /// When the next attempt is due, in UTC.
    pub due_at: Option<String>,
    /// What was written, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<EntryContent>,
}

/// What a visitor and the CRM wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryContent {
    /// Parameters and values.
    pub values: Vec<(String, String)>,
    /// The files: the visitor's names, and where the bytes are.
    pub files: Vec<(String, String)>,
    /// The CRM's reply: JSON of a deal, or the words of a refusal.
    pub reply: Option<String>,
}

impl Filter {
    /// Whether a row is among those that are wanted.
    #[cfg(test)]
    pub(super) fn matches(&self, row: &Row, now: Moment) -> bool {
        let reference = row.reference.as_str();
        let is_named = |text: &String| {
            reference == text || text.len() >= SHORTEST_PREFIX && reference.starts_with(&**text)
        };
        (self.references.is_empty() || self.references.iter().any(is_named))
            && self.form.as_ref().is_none_or(|form| *form == row.form)
            && self.state.is_none_or(|state| state == row.state)
            && self.older_than.is_none_or(|age| row.received_at < now.minus(age))
    }

    /// Whether the filter names submissions, which is required to purge those that still wait.
    #[cfg(test)]
    pub(super) fn names_references(&self) -> bool {
        !self.references.is_empty()
    }
}

impl<T> Page<T> {
    /// A page of at most `limit` of the items, which may be one more.
    pub(super) fn of(mut items: Vec<T>, limit: usize, ticket: impl Fn(&T) -> Ticket) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| has_more).map(ticket);
        Self { items, next: last.map(Cursor) }
    }

    /// The same page of other items.
    pub(super) fn map<U>(self, map: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(map).collect(), next: self.next }
    }
}

impl Entry {
    /// Without what the visitor wrote.
    pub(super) fn of(row: &Row) -> Self {
        let due_at = (row.state == State::Queued).then_some(row.due_at);
        let text = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
        Self {
            reference: row.reference.as_str().to_owned(),
            form: row.form.clone(),
            state: row.state,
            attempts: row.attempts,
            problem: row.problem.clone(),
            received_at: row.received_at.to_string(),
            settled_at: text(row.settled_at),
            due_at: text(due_at),
            content: None,
        }
    }

    /// With what the visitor wrote; `location` says where a file is.
    pub(super) fn with_content(
        row: &Row,
        answers: Option<Answers>,
        location: impl Fn(&str) -> String,
    ) -> Self {
        let Answers { values, files } = answers.unwrap_or_default();
        let files = files.into_iter().map(|file| (file.name, location(&file.file))).collect();
        let content = EntryContent { values, files, reply: row.reply.clone() };
        Self { content: Some(content), ..Self::of(row) }
    }
}

//! Lists of submissions for the operator: filters, pages and entries.

use std::time::Duration;

use serde::Serialize;

use super::row::Row;
use super::submission::{Answers, State, Ticket};
use crate::settings::clock::Moment;

/// A filter that selects the submissions that match all conditions that are set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only submissions whose references begin with one of these texts. An empty list selects all references.
    pub references: Vec<String>,
    /// Only submissions of this form.
    pub form: Option<String>,
    /// Only submissions in this state.
    pub state: Option<State>,
    /// Only submissions that arrived longer ago than this.
    pub older_than: Option<Duration>,
}

/// A position in a list. The next page begins after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub(super) Ticket);

/// One page of a list, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The position after which the next page begins, or `None` on the last page.
    pub next: Option<Cursor>,
}

/// A submission as its operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The reference.
    pub reference: String,
    /// The form's id.
    pub form: String,
    /// The state of the submission.
    pub state: State,
    /// The attempts since the submission arrived or was last retried by an operator, except those that failed because
    /// the CRM's address or the key seemed wrong.
    pub attempts: u32,
    /// Why the last attempt did not deliver the submission, or why its files were removed.
    pub problem: Option<String>,
    /// When the submission arrived, in UTC.
    pub received_at: String,
    /// When the submission was delivered, was refused or failed, in UTC.
    pub settled_at: Option<String>,
    /// When the next attempt is due, in UTC, if the submission is queued.
    pub due_at: Option<String>,
    /// The visitor's answers and the CRM's reply, if they were requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<EntryContent>,
}

/// The visitor's answers, and the CRM's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryContent {
    /// Parameters and values.
    pub values: Vec<(String, String)>,
    /// For each file, the visitor's name for it and its location.
    pub files: Vec<(String, String)>,
    /// The words that the visitor agreed to, the answers and the time. Empty if no preset contains this text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub consent: String,
    /// The CRM's reply: a deal as JSON, or the message of a refusal.
    pub reply: Option<String>,
}

impl Filter {
    /// Returns whether a row matches all conditions.
    #[cfg(test)]
    pub(super) fn matches(&self, row: &Row, now: Moment) -> bool {
        let reference = row.reference.as_str();
        let is_named = |text: &String| reference.starts_with(&**text);
        (self.references.is_empty() || self.references.iter().any(is_named))
            && self.form.as_ref().is_none_or(|form| *form == row.form)
            && self.state.is_none_or(|state| state == row.state)
            && self.older_than.is_none_or(|age| row.received_at < now.minus(age))
    }

    /// Returns whether the filter names references. Only such a filter can purge waiting
    /// submissions.
    #[cfg(test)]
    pub(super) fn names_references(&self) -> bool {
        !self.references.is_empty()
    }
}

impl<T> Page<T> {
    /// Creates a page of at most `limit` items. If there are more items, another page follows.
    pub(super) fn of(mut items: Vec<T>, limit: usize, ticket: impl Fn(&T) -> Ticket) -> Self {
        let has_more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().filter(|_| has_more).map(ticket);
        Self { items, next: last.map(Cursor) }
    }

    /// Converts the items of the page.
    pub(super) fn map<U>(self, map: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(map).collect(), next: self.next }
    }
}

impl Entry {
    /// Creates an entry without answers and reply.
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

    /// Creates an entry with answers and reply. `location` returns the location of a file.
    pub(super) fn with_content(
        row: &Row,
        answers: Option<Answers>,
        location: impl Fn(&str) -> String,
    ) -> Self {
        let Answers { values, files, consent } = answers.unwrap_or_default();
        let files = files.into_iter().map(|file| (file.name, location(&file.file))).collect();
        let content = EntryContent { values, files, consent, reply: row.reply.clone() };
        Self { content: Some(content), ..Self::of(row) }
    }
}

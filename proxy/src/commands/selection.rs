//! Which submissions a command selects, and why it does not select others.

use std::fmt::Write;

use clap::Args;
use deal_contract::reference::Reference;
use deal_proxy::{Counts, Entry, Filter, Span, State, Store};

use super::error::CliError;

/// The maximum number of submissions to list if a prefix matches several.
const LISTED: usize = 10;

/// The submissions that match all given conditions.
#[derive(Debug, Args)]
pub(super) struct Selection {
    /// Only the submissions with these references, which you can shorten to a unique prefix.
    #[arg(value_name = "REFERENCE")]
    references: Vec<String>,
    /// Only submissions in this state: queued, delivered, refused or failed.
    #[arg(long)]
    state: Option<State>,
    /// Only submissions of this form.
    #[arg(long, value_name = "ID")]
    form: Option<String>,
    /// Only submissions that arrived longer ago than this, such as "30 d".
    #[arg(long, value_name = "TIME")]
    older_than: Option<Span>,
}

/// A change to submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Retry,
    Purge,
}

impl Change {
    /// Returns the word for what happened to the changed submissions.
    pub(super) fn done(self) -> &'static str {
        match self {
            Self::Retry => "queued",
            Self::Purge => "purged",
        }
    }
}

impl Selection {
    /// Returns the filter with complete references, and an error for each prefix that does not match
    /// exactly one submission. The filter is `None` if prefixes are given and no prefix matches exactly one submission.
    ///
    /// # Errors
    /// If no condition is given, because a filter without conditions would select all submissions.
    pub(super) async fn resolve(
        self,
        store: &Store,
    ) -> Result<(Option<Filter>, Vec<String>), CliError> {
        let mut filter = Filter::from(self);
        if filter == Filter::default() {
            return Err(CliError::NoSelection);
        }
        let named = std::mem::take(&mut filter.references);
        let mut mismatches = Vec::new();
        for text in &named {
            match find(store, text).await? {
                Ok(entry) => filter.references.push(entry.reference),
                Err(mismatch) => mismatches.push(mismatch),
            }
        }
        let selects = named.is_empty() || !filter.references.is_empty();
        Ok((selects.then_some(filter), mismatches))
    }
}

impl From<Selection> for Filter {
    fn from(selection: Selection) -> Self {
        let Selection { references, state, form, older_than } = selection;
        Self { references, state, form, older_than: older_than.map(|span| span.0) }
    }
}

/// Finds the submission whose reference begins with the text. If not exactly one matches, returns an
/// explanation.
pub(super) async fn find(store: &Store, text: &str) -> Result<Result<Entry, String>, CliError> {
    let filter = Filter { references: vec![text.to_owned()], ..Filter::default() };
    let mut page = store.list(&filter, None, LISTED).await?;
    let found = page.items.pop();
    Ok(match found {
        None => Err(format!("no reference begins with {text}")),
        Some(entry) if page.items.is_empty() => Ok(entry),
        Some(last) => {
            page.items.push(last);
            let mut lines = format!("several references begin with {text}:");
            for entry in &page.items {
                let Entry { reference, received_at, state, form, .. } = entry;
                // Writing to a String cannot fail.
                let _ = write!(lines, "\n  {reference}  {received_at}  {state:9}  {form}");
            }
            if page.next.is_some() {
                lines.push_str("\n  …");
            }
            Err(lines)
        }
    })
}

/// Explains why submissions were not changed. If the filter names references, explains this for each of them that was
/// not changed. Otherwise, explains only why nothing was changed.
pub(super) async fn mismatches_of(
    store: &Store,
    change: Change,
    filter: &Filter,
    changed: &[Reference],
) -> Result<Vec<String>, CliError> {
    if filter.references.is_empty() && changed.is_empty() {
        return Ok(vec![nothing_matches(change, &store.counts().await?)]);
    }
    let mut mismatches = Vec::new();
    for reference in &filter.references {
        if changed.iter().any(|changed| changed.as_str() == reference) {
            continue;
        }
        mismatches.push(match find(store, reference).await? {
            Ok(entry) => format!("{reference}: {}", mismatch(change, filter, &entry)),
            Err(mismatch) => mismatch,
        });
    }
    Ok(mismatches)
}

/// Explains why a submission was not changed.
fn mismatch(change: Change, filter: &Filter, entry: &Entry) -> String {
    let (state, form) = (entry.state, &entry.form);
    if let Some(wanted) = filter.state.filter(|wanted| *wanted != state) {
        return format!("is {state}, but --state selects {wanted}");
    }
    if let Some(wanted) = filter.form.as_ref().filter(|wanted| *wanted != form) {
        return format!("belongs to the form {form}, but --form selects {wanted}");
    }
    if change == Change::Retry && state == State::Delivered {
        return "is delivered: the CRM has the deal, so there is nothing to retry".to_owned();
    }
    format!("arrived at {}, which is more recent than --older-than allows", entry.received_at)
}

fn nothing_matches(change: Change, counts: &Counts) -> String {
    let Counts { queued, delivered, refused, failed } = counts;
    let rule = match change {
        Change::Retry => "delivered submissions cannot be retried",
        Change::Purge => "queued submissions are purged only by reference",
    };
    format!(
        "no submission matches: the journal has {queued} queued, {delivered} delivered, {refused} \
         refused and {failed} failed submissions; {rule}"
    )
}

//! `deal-proxy submissions`: commands for the operator.
//!
//! Without `--content`, the commands print no data of visitors.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use deal_contract::reference::Reference;
use deal_proxy::{Config, Entry, Filter, Span, State, Store, printable, printable_json};

use super::error::CliError;

/// The number of submissions to read at a time.
const PAGE: usize = 100;

/// List, retry, export and delete submissions, even while the proxy runs.
#[derive(Debug, Args)]
pub(crate) struct SubmissionsCommand {
    #[command(subcommand)]
    command: Command,
    /// The proxy's settings file, which names its spool folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The proxy's spool folder.
    #[arg(long, global = true, value_name = "DIR")]
    spool: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List submissions, oldest first, one per line.
    List(Selection),
    /// Print one submission as JSON.
    Show {
        /// The reference, such as web-0123456789abcdef0123456789abcdef, or its beginning as in the
        /// log.
        reference: String,
        /// Also print the visitor's answers and the CRM's reply.
        #[arg(long)]
        content: bool,
    },
    /// Deliver queued, refused or failed submissions now, as if they had just arrived.
    Retry(Selection),
    /// Print submissions as JSON, one per line.
    Export {
        #[command(flatten)]
        selection: Selection,
        /// Also print the visitors' answers and the CRM's replies.
        #[arg(long)]
        content: bool,
    },
    /// Delete submissions and their files permanently. Queued submissions are deleted only by
    /// reference.
    Purge(Selection),
}

/// The submissions that match all given conditions.
#[derive(Debug, Args)]
struct Selection {
    /// Only the submissions with these references; their beginnings, as in the log, are enough.
    #[arg(value_name = "REFERENCE")]
    references: Vec<String>,
    /// Only submissions in this state: queued, delivered, refused or failed.
    #[arg(long)]
    state: Option<State>,
    /// Only submissions of this form.
    #[arg(long, value_name = "ID")]
    form: Option<String>,
    /// Only submissions that arrived more than this time ago, such as "30 d".
    #[arg(long, value_name = "TIME")]
    older_than: Option<Span>,
}

impl SubmissionsCommand {
    /// Runs the command.
    pub(crate) async fn run(self) -> Result<ExitCode, CliError> {
        let spool = match (self.spool, &self.config) {
            (Some(spool), _) => spool,
            (None, Some(config)) => Config::read(config)?.spool,
            (None, None) => Config::default().spool,
        };
        let store = Store::open_for_operator(&spool)?;
        match self.command {
            Command::List(selection) => list(&store, &selection.into()).await,
            Command::Show { reference, content } => show(&store, reference, content).await,
            Command::Export { selection, content } => {
                export(&store, &selection.into(), content).await
            }
            Command::Retry(selection) => {
                print_changed("queued", &store.retry(&selection.require_condition()?).await?)
            }
            Command::Purge(selection) => {
                print_changed("purged", &store.purge(&selection.require_condition()?).await?)
            }
        }
    }
}

async fn list(store: &Store, filter: &Filter) -> Result<ExitCode, CliError> {
    let mut after = None;
    loop {
        let page = store.list(filter, after, PAGE).await?;
        let mut out = io::stdout().lock();
        for entry in page.items {
            let Entry { reference, form, state, attempts, received_at, .. } = &entry;
            let problem = entry.problem.as_deref().unwrap_or_default();
            let line =
                format!("{reference}  {received_at}  {state:9}  {attempts:3}  {form}  {problem}");
            writeln!(out, "{}", printable(line.trim_end()))?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

async fn show(store: &Store, reference: String, content: bool) -> Result<ExitCode, CliError> {
    let filter = Filter { references: vec![reference], ..Filter::default() };
    let page = if content {
        store.export(&filter, None, 1).await?
    } else {
        store.list(&filter, None, 1).await?
    };
    let Some(entry) = page.items.first() else {
        writeln!(io::stderr(), "no submission has this reference")?;
        return Ok(ExitCode::FAILURE);
    };
    writeln!(io::stdout(), "{}", printable_json(&serde_json::to_string_pretty(entry)?))?;
    Ok(ExitCode::SUCCESS)
}

async fn export(store: &Store, filter: &Filter, content: bool) -> Result<ExitCode, CliError> {
    let mut after = None;
    loop {
        let page = if content {
            store.export(filter, after, PAGE).await?
        } else {
            store.list(filter, after, PAGE).await?
        };
        let mut out = io::stdout().lock();
        for entry in page.items {
            writeln!(out, "{}", printable_json(&serde_json::to_string(&entry)?))?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// Prints the references, one per line, and their number on standard error. Fails without references, because this is
/// usually a typing mistake.
fn print_changed(change: &str, references: &[Reference]) -> Result<ExitCode, CliError> {
    let mut out = io::stdout().lock();
    for reference in references {
        writeln!(out, "{reference}")?;
    }
    writeln!(io::stderr(), "{change}: {}", references.len())?;
    Ok(if references.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Selection {
    /// A filter with at least one condition, so that a mistake does not change everything.
    fn require_condition(self) -> Result<Filter, CliError> {
        let selects_all = self.references.is_empty()
            && self.state.is_none()
            && self.form.is_none()
            && self.older_than.is_none();
        if selects_all { Err(CliError::NoSelection) } else { Ok(self.into()) }
    }
}

impl From<Selection> for Filter {
    fn from(selection: Selection) -> Self {
        let Selection { references, state, form, older_than } = selection;
        Self { references, state, form, older_than: older_than.map(|span| span.0) }
    }
}

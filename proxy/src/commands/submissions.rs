//! `deal-proxy submissions`: what an operator sees and changes.
//!
//! What visitors wrote is printed only when it is asked for.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use deal_contract::reference::Reference;
use deal_proxy::{Config, Entry, Filter, Span, State, Store, printable, printable_json};

use super::error::CliError;

/// The number of submissions that are read at a time.
const PAGE: usize = 100;

/// See and change what the proxy has taken.
#[derive(Debug, Args)]
pub(crate) struct SubmissionsCommand {
    #[command(subcommand)]
    command: Command,
    /// The proxy's configuration, for its spool folder.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The proxy's spool folder.
    #[arg(long, global = true, value_name = "DIR")]
    spool: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List submissions, oldest first, a line each.
    List(Wanted),
    /// Print all that is known of one, as JSON.
    Show {
        /// The reference, such as web-0123456789abcdef0123456789abcdef, or its beginning as in the
        /// log.
        reference: String,
        /// Print what the visitor and the CRM wrote, too.
        #[arg(long)]
        content: bool,
    },
    /// Deliver submissions that are queued, refused or failed, as if they had just arrived.
    Retry(Wanted),
    /// Print submissions as JSON, a line each.
    Export {
        #[command(flatten)]
        wanted: Wanted,
        /// Print what the visitors and the CRM wrote, too.
        #[arg(long)]
        content: bool,
    },
    /// Delete submissions for good, with their files. One that is still queued has to be named by
    /// its reference.
    Purge(Wanted),
}

/// Which submissions; all that is said has to hold.
#[derive(Debug, Args)]
struct Wanted {
    /// Only these references, or those that begin so, as in the log.
    #[arg(value_name = "REFERENCE")]
    references: Vec<String>,
    /// Only those in this state: queued, delivered, refused or failed.
    #[arg(long)]
    state: Option<State>,
    /// Only those of this form.
    #[arg(long, value_name = "ID")]
    form: Option<String>,
    /// Only those that arrived longer ago, such as "30 d".
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
        let store = Store::open_beside(&spool)?;
        match self.command {
            Command::List(wanted) => list(&store, &wanted.into()).await,
            Command::Show { reference, content } => show(&store, reference, content).await,
            Command::Export { wanted, content } => export(&store, &wanted.into(), content).await,
            Command::Retry(wanted) => changed("due", &store.retry(&wanted.named()?).await?),
            Command::Purge(wanted) => changed("purged", &store.purge(&wanted.named()?).await?),
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

/// Prints the references, a line each, and their number on standard error. None at all is a failure: it is a
/// mistake, as a rule.
fn changed(what: &str, references: &[Reference]) -> Result<ExitCode, CliError> {
    let mut out = io::stdout().lock();
    for reference in references {
        writeln!(out, "{reference}")?;
    }
    writeln!(io::stderr(), "{what}: {}", references.len())?;
    Ok(if references.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

impl Wanted {
    /// A filter with at least one condition, so that a mistake does not change everything.
    fn named(self) -> Result<Filter, CliError> {
        let all = self.references.is_empty()
            && self.state.is_none()
            && self.form.is_none()
            && self.older_than.is_none();
        if all { Err(CliError::Everything) } else { Ok(self.into()) }
    }
}

impl From<Wanted> for Filter {
    fn from(wanted: Wanted) -> Self {
        let Wanted { references, state, form, older_than } = wanted;
        Self { references, state, form, older_than: older_than.map(|span| span.0) }
    }
}

//! `deal-proxy submissions`: commands for the operator.
//!
//! Without `--content`, the commands print no visitor data.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use deal_proxy::{Config, ConfigError, Entry, Filter, Store, printable, printable_json};

use super::check::printable_lines;
use super::error::CliError;
use super::selection::{Change, Selection, find, mismatches_of};

/// The number of submissions to read at a time.
const PAGE: usize = 100;

/// The settings file of an installed proxy: the systemd unit and the container in `deploy` use it.
const INSTALLED_SETTINGS: &str = "/etc/deal-proxy/deal-proxy.toml";

/// List, retry, export and delete submissions, even while the proxy runs.
#[derive(Debug, Args)]
pub(crate) struct SubmissionsCommand {
    #[command(subcommand)]
    command: Command,
    /// The proxy's settings file, which names its spool folder or its shared store. By default
    /// /etc/deal-proxy/deal-proxy.toml, if it exists.
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
        /// The reference, such as web-0123456789abcdef0123456789abcdef, or a unique prefix of it.
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
    /// Delete submissions and their files permanently. A queued submission is deleted only if you
    /// give its reference.
    Purge(Selection),
}

impl SubmissionsCommand {
    /// Runs the command.
    pub(crate) async fn run(self) -> Result<ExitCode, CliError> {
        let store = match &self.spool {
            Some(spool) => Store::open_for_operator(spool)?,
            None => open(&settings(self.config.as_deref(), Path::new(INSTALLED_SETTINGS))?).await?,
        };
        match self.command {
            Command::List(selection) => list(&store, &selection.into()).await,
            Command::Show { reference, content } => show(&store, reference, content).await,
            Command::Export { selection, content } => {
                export(&store, &selection.into(), content).await
            }
            Command::Retry(selection) => change(&store, Change::Retry, selection).await,
            Command::Purge(selection) => change(&store, Change::Purge, selection).await,
        }
    }
}

/// Opens the store in the settings.
async fn open(config: &Config) -> Result<Store, CliError> {
    #[cfg(feature = "shared")]
    if config.store.kind == deal_proxy::StoreKind::Shared {
        return Ok(Store::open_shared_for_operator(config).await?);
    }
    // Without the shared store, reports that it is missing.
    config.check_store()?;
    Ok(Store::open_for_operator(&config.spool)?)
}

/// Reads a settings file: the given file, otherwise the file of the installed proxy. Without both files, returns the
/// default settings.
fn settings(config: Option<&Path>, installed: &Path) -> Result<Config, ConfigError> {
    // If the folder cannot be searched, keep the path: reading the file then reports why.
    let installed = Some(installed).filter(|path| path.try_exists().unwrap_or(true));
    let config = config.or(installed).map(Config::read).transpose()?;
    Ok(config.unwrap_or_default())
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

async fn show(store: &Store, text: String, content: bool) -> Result<ExitCode, CliError> {
    let reference = match find(store, &text).await? {
        Ok(entry) => entry.reference,
        Err(mismatch) => {
            writeln!(io::stderr(), "{}", printable_lines(&mismatch))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let filter = Filter { references: vec![reference], ..Filter::default() };
    let page = if content {
        store.export(&filter, None, 1).await?
    } else {
        store.list(&filter, None, 1).await?
    };
    for entry in page.items {
        writeln!(io::stdout(), "{}", printable_json(&serde_json::to_string_pretty(&entry)?))?;
    }
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

/// Changes the selected submissions. Prints the changed references, one per line. On standard error,
/// prints their number and explains why other references were not changed. The command fails if there
/// are such references.
async fn change(store: &Store, change: Change, selection: Selection) -> Result<ExitCode, CliError> {
    let (filter, mut mismatches) = selection.resolve(store).await?;
    let changed = match (&filter, change) {
        (None, _) => Vec::new(),
        (Some(filter), Change::Retry) => store.retry(filter).await?,
        (Some(filter), Change::Purge) => store.purge(filter).await?,
    };
    if let Some(filter) = &filter {
        mismatches.extend(mismatches_of(store, change, filter, &changed).await?);
    }
    let mut out = io::stdout().lock();
    for reference in &changed {
        writeln!(out, "{reference}")?;
    }
    for mismatch in &mismatches {
        writeln!(io::stderr(), "{}", printable_lines(mismatch))?;
    }
    writeln!(io::stderr(), "{}: {}", change.done(), changed.len())?;
    Ok(if mismatches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn finds_the_spool_folder_of_the_given_or_the_installed_settings() {
        let folder = tempfile::tempdir().unwrap();
        let [given, installed] = ["given", "installed"].map(|name| {
            let file = folder.path().join(name);
            fs::write(&file, format!("spool = '/spool/{name}'")).unwrap();
            file
        });
        let missing = folder.path().join("missing");
        for (config, installed, spool) in [
            (Some(&*given), &installed, "/spool/given"),
            (None, &installed, "/spool/installed"),
            (None, &missing, "data/spool"),
        ] {
            assert_eq!(settings(config, installed).unwrap().spool, Path::new(spool));
        }
    }
}

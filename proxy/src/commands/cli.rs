//! The commands.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use deal_contract::definition::{Field, FieldKind, FormDefinition, PublicDefinition};
use deal_contract::values::FlagValue;
use deal_contract::{messages, parameter};
use deal_proxy::{
    ApiKey, Config, ConfigError, CrmUrl, FormFileError, Proxy, Running, examine, printable,
    read_form, snippet,
};

use super::error::CliError;
use super::signals::{Signal, Signals};
use super::submissions::SubmissionsCommand;

/// The proxy between a form on a landing page and the CRM.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the forms and take submissions. The CRM's key comes from `CRM_API_KEY`.
    Serve(Serve),
    /// Print the table of the CRM's parameters as JSON.
    Parameters,
    /// Print every text that a form may word its own way under `[texts]`, as JSON.
    Texts,
    /// Print what a landing page pastes to have a form, with a plain form for visitors without
    /// scripts.
    Snippet {
        /// The form's definition.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The proxy's address, as visitors of the landing page reach it.
        #[arg(long, value_name = "URL", default_value = "https://leads.example.com")]
        proxy: String,
    },
    /// Open a landing page as a visitor does and say why its form does not work, and what to change.
    Doctor {
        /// The page's address.
        #[arg(value_name = "URL")]
        page: String,
        /// The proxy's configuration, to ask the CRM that it names too. No deal is made.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// See and change what the proxy has taken; also while it runs.
    Submissions(SubmissionsCommand),
    /// Report every mistake in form definitions, with file, line and what to write instead.
    Check {
        /// The definitions.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// What a flag says wins over what the file says.
#[derive(Debug, Args)]
struct Serve {
    /// The configuration; `deal-proxy.example.toml` documents every key.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Where the CRM takes deals.
    #[arg(long, value_name = "URL")]
    crm_url: Option<CrmUrl>,
    /// The folder of form definitions.
    #[arg(long, value_name = "DIR")]
    forms: Option<PathBuf>,
    /// The folder of the built widget.
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// The folder for submissions on their way to the CRM.
    #[arg(long, value_name = "DIR")]
    spool: Option<PathBuf>,
}

impl Cli {
    /// Runs the command.
    pub(crate) async fn run(self) -> Result<ExitCode, CliError> {
        match self.command {
            Command::Serve(flags) => serve(flags).await,
            Command::Parameters => parameters(),
            Command::Texts => texts(),
            Command::Snippet { file, proxy } => print_snippet(&file, &proxy),
            Command::Doctor { page, config } => doctor(&page, config.as_deref()).await,
            Command::Submissions(command) => command.run().await,
            Command::Check { files } => check(&files),
        }
    }
}

async fn serve(flags: Serve) -> Result<ExitCode, CliError> {
    // Before anybody can know that the proxy runs: a signal that nobody listens to ends it.
    let mut signals = Signals::listen()?;
    let config = flags.config()?;
    let mut running = Proxy::start(config, ApiKey::from_env()?).await?;
    // The log says it too: a standard output that is closed stops no proxy.
    let _ = writeln!(io::stdout(), "listening on http://{}/", running.addr);
    let _ = io::stdout().flush();
    while signals.next().await? == Signal::Reload {
        reload(&mut running, &flags);
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Reads everything anew. A mistake changes nothing, and is told in full.
fn reload(running: &mut Running, flags: &Serve) {
    let config = match flags.config() {
        Ok(config) => config,
        Err(error) => {
            running.count_failed_reload();
            tracing::error!(%error, "not taken; the proxy goes on with the settings that it has");
            return;
        }
    };
    if let Err(error) = running.reload(config) {
        tracing::error!(%error, "not taken; the proxy goes on with the settings that it has");
    }
}

impl Serve {
    fn config(&self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        };
        config.listen = self.listen.unwrap_or(config.listen);
        config.crm_url = self.crm_url.clone().unwrap_or(config.crm_url);
        config.forms = self.forms.clone().unwrap_or(config.forms);
        config.site = self.site.clone().unwrap_or(config.site);
        config.spool = self.spool.clone().unwrap_or(config.spool);
        Ok(config)
    }
}

fn parameters() -> Result<ExitCode, CliError> {
    let rows: Vec<&parameter::Parameter> = parameter::all().collect();
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&rows)?)?;
    Ok(ExitCode::SUCCESS)
}

/// A text that differs by number has a key for each.
fn texts() -> Result<ExitCode, CliError> {
    let mut texts = serde_json::Map::new();
    for (key, text, one) in messages::wordable() {
        match one {
            Some(one) => {
                texts.insert(format!("{key}.one"), one.into());
                texts.insert(format!("{key}.other"), text.into());
            }
            None => drop(texts.insert(key, text.into())),
        }
    }
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&texts)?)?;
    Ok(ExitCode::SUCCESS)
}

fn print_snippet(file: &Path, proxy: &str) -> Result<ExitCode, CliError> {
    match read_form(file) {
        Ok((id, form)) => {
            write!(io::stdout(), "{}", snippet(&id, &form.public, proxy))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(faults) => {
            for fault in faults {
                writeln!(io::stderr(), "{}", printable_lines(&fault))?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

/// What visitors, or whoever writes an address with parameters, may set because the form's author
/// opted in.
fn chosen_by_visitors(form: &FormDefinition) -> impl Iterator<Item = &str> {
    let PublicDefinition { fields, hidden, .. } = &form.public;
    let is_free = |field: &&Field| !matches!(field.kind, FieldKind::Choice { .. });
    let hidden = hidden.iter().map(|hidden| hidden.parameter.as_str());
    let free = fields.iter().filter(is_free).map(|field| field.parameter.as_str());
    let free = free.chain(hidden.clone()).filter(|name| is_created(form, name));
    let all = fields.iter().map(|field| field.parameter.as_str()).chain(hidden);
    let reaching = all.filter(|name| {
        parameter::find(name).is_some_and(|row| row.public == parameter::Audience::OptIn)
    });
    reaching.chain(free)
}

/// Whether the CRM creates a value that does not exist yet, such as a stage.
fn is_created(form: &FormDefinition, name: &str) -> bool {
    let Some(flag) = parameter::creating_flag(name) else { return false };
    let yes = parameter::find(flag).and_then(|row| row.yes).map(FlagValue::as_str);
    form.public.takes_text(flag) || form.private.presets.get(flag).map(String::as_str) == yes
}

/// The texts of a form file may contain control characters.
fn printable_lines(fault: &FormFileError) -> String {
    fault.to_string().lines().map(printable).collect::<Vec<_>>().join("\n")
}

async fn doctor(page: &str, config: Option<&Path>) -> Result<ExitCode, CliError> {
    let config = config.map(Config::read).transpose()?;
    let report = examine(page, config.as_ref()).await?;
    write!(io::stdout(), "{report}")?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(files: &[PathBuf]) -> Result<ExitCode, CliError> {
    let mut code = ExitCode::SUCCESS;
    let mut out = io::stdout().lock();
    for file in files {
        match read_form(file) {
            Ok((id, form)) => {
                let (fields, presets) = (form.public.fields.len(), form.private.presets.len());
                writeln!(
                    out,
                    "{}: fine: /forms/{id}, {fields} fields, {presets} presets",
                    file.display()
                )?;
                for name in chosen_by_visitors(&form) {
                    writeln!(
                        out,
                        "{}: warning: every visitor may choose `{name}`, which reaches past their \
                         own deal; set it under [presets] unless that is meant",
                        file.display()
                    )?;
                }
            }
            Err(faults) => {
                code = ExitCode::FAILURE;
                for fault in faults {
                    writeln!(out, "{}", printable_lines(&fault))?;
                }
            }
        }
    }
    Ok(code)
}

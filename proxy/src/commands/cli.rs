//! The command line of `deal-proxy`, and all commands except `submissions`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use deal_contract::definition::{Field, FieldKind, FormDefinition, Preset, PublicDefinition};
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
    /// Serve the forms and accept submissions. Reads the CRM's API key from `CRM_API_KEY`.
    Serve(Serve),
    /// Print the CRM's parameters as JSON.
    Parameters,
    /// Print all texts that a form can override under `[texts]`, as JSON.
    Texts,
    /// Print the HTML to paste into a landing page: the form, with a plain form for visitors without
    /// scripts.
    Snippet {
        /// The form file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The proxy's public address.
        #[arg(long, value_name = "URL", default_value = "https://leads.example.com")]
        proxy: String,
    },
    /// Open a landing page as a visitor does, and report why its form does not work and how to fix it.
    Doctor {
        /// The page's address.
        #[arg(value_name = "URL")]
        page: String,
        /// The proxy's settings file. With it, also check the CRM's address. Makes no deal.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// List, retry, export and delete submissions, even while the proxy runs.
    Submissions(SubmissionsCommand),
    /// Report every mistake in form files, with its line and how to correct it.
    Check {
        /// The form files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Options override the settings file.
#[derive(Debug, Args)]
struct Serve {
    /// The settings file; `deal-proxy.example.toml` documents every key.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on; port 0 chooses a free port.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// The address of the CRM's `crm_add_deal`.
    #[arg(long, value_name = "URL")]
    crm_url: Option<CrmUrl>,
    /// The folder with the form files.
    #[arg(long, value_name = "DIR")]
    forms: Option<PathBuf>,
    /// The folder with the built widget.
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// The folder for the journal and the files of submissions.
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
    // Before the proxy starts: without a handler, a signal would kill it.
    let mut signals = Signals::listen()?;
    let config = flags.config()?;
    let mut running = Proxy::start(config, ApiKey::from_env()?).await?;
    // The log has the address as well, so a closed standard output is not an error.
    let _ = writeln!(io::stdout(), "listening on http://{}/", running.addr);
    let _ = io::stdout().flush();
    while signals.next().await? == Signal::Reload {
        reload(&mut running, &flags);
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Reads the settings and forms again. After a mistake, the proxy keeps the current ones and logs all mistakes.
fn reload(running: &mut Running, flags: &Serve) {
    let config = match flags.config() {
        Ok(config) => config,
        Err(error) => {
            running.count_failed_reload();
            tracing::error!(%error, "reload failed; the proxy keeps its current settings");
            return;
        }
    };
    if let Err(error) = running.reload(config) {
        tracing::error!(%error, "reload failed; the proxy keeps its current settings");
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

/// Prints the texts. A text with a plural has a key for each form.
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

/// The parameters beyond a visitor's own deal that a visitor or a link can set, because the form's author opted in.
fn opted_in_parameters(form: &FormDefinition) -> impl Iterator<Item = &str> {
    let PublicDefinition { fields, hidden, .. } = &form.public;
    let is_free = |field: &&Field| !matches!(field.kind, FieldKind::Choice { .. });
    let hidden = hidden.iter().map(|hidden| hidden.parameter.as_str());
    let free = fields.iter().filter(is_free).map(|field| field.parameter.as_str());
    let free = free.chain(hidden.clone()).filter(|name| is_created(form, name));
    let all = fields.iter().map(|field| field.parameter.as_str()).chain(hidden);
    let opted_in = all.filter(|name| {
        parameter::find(name).is_some_and(|row| row.public == parameter::Audience::OptIn)
    });
    opted_in.chain(free)
}

/// Whether the CRM creates a value that does not exist yet, such as a stage.
fn is_created(form: &FormDefinition, name: &str) -> bool {
    let Some(flag) = parameter::creating_flag(name) else { return false };
    let yes = parameter::find(flag).and_then(|row| row.yes).map(FlagValue::as_str);
    form.public.takes_text(flag) || form.private.presets.get(flag).and_then(Preset::as_fixed) == yes
}

/// What happens to values for custom fields that the CRM does not have.
fn custom_fields(form: &FormDefinition) -> Vec<String> {
    let uncertain = form.uncertain_custom_fields().into_iter();
    let (kept, lost): (Vec<&str>, Vec<&str>) =
        uncertain.partition(|name| form.has_answer_in_preset(name));
    let joined = |names: Vec<&str>| {
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    if !kept.is_empty() {
        lines.push(format!(
            "note: the CRM ignores {} unless its settings have these custom fields; the presets \
             also contain the values",
            joined(kept)
        ));
    }
    if !lost.is_empty() {
        lines.push(format!(
            "warning: the CRM ignores {} unless its settings have these custom fields, and no \
             preset contains the values; preset auto_create_custom_fields = true, or add \
             {{custom_fields}} to the preset `note`",
            joined(lost)
        ));
    }
    lines
}

/// The message line by line, without the control characters that a form file may contain.
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
                    "{}: ok: /forms/{id}, {fields} fields, {presets} presets",
                    file.display()
                )?;
                for name in opted_in_parameters(&form) {
                    writeln!(
                        out,
                        "{}: warning: every visitor can set `{name}`, which affects more than their \
                         own deal; if this is not intended, set it under [presets]",
                        file.display()
                    )?;
                }
                for line in custom_fields(&form) {
                    writeln!(out, "{}: {line}", file.display())?;
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

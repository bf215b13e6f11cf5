//! The command line of `deal-proxy`, and all commands except `check` and `submissions`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use deal_contract::{messages, parameter};
use deal_proxy::{
    ApiKey, Config, ConfigError, CrmUrl, LogFormat, Proxy, Running, examine, read_form, snippet,
};

use super::check::{Check, printable_lines};
use super::error::CliError;
use super::logging;
use super::service_manager::{Activity, notify};
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
    /// Serve the forms and accept submissions. Reads the CRM's API key from `CRM_API_KEY`, or
    /// from the file that `CRM_API_KEY_FILE` names.
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
        /// The beginning of the ids in the snippet. Set it if a page has the form twice. Default: the form's
        /// id and a hyphen.
        #[arg(long, value_name = "TEXT")]
        prefix: Option<String>,
        /// The language to use if the form has several, such as `de`.
        #[arg(long, value_name = "TAG")]
        lang: Option<String>,
    },
    /// Open a landing page as a visitor does, and report whether its form works, and how to fix what
    /// does not.
    Doctor {
        /// The page's address.
        #[arg(value_name = "URL")]
        page: String,
        /// The proxy's settings file. With this option, the command also checks the CRM's address,
        /// without creating a deal.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// List, retry, export and delete submissions, even while the proxy runs.
    Submissions(SubmissionsCommand),
    /// Report every mistake in settings and form files, with its line and how to correct it.
    Check(Check),
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
        // `serve` sets up the log later, because its settings contain the log format.
        if !matches!(self.command, Command::Serve(_)) {
            logging::init(LogFormat::Text);
        }
        match self.command {
            Command::Serve(flags) => serve(flags).await,
            Command::Parameters => parameters(),
            Command::Texts => texts(),
            Command::Snippet { file, proxy, prefix, lang } => {
                print_snippet(&file, &proxy, prefix.as_deref(), lang.as_deref())
            }
            Command::Doctor { page, config } => doctor(&page, config.as_deref()).await,
            Command::Submissions(command) => command.run().await,
            Command::Check(check) => check.run(),
        }
    }
}

async fn serve(flags: Serve) -> Result<ExitCode, CliError> {
    // Install the handlers before the proxy starts: without them, a signal would kill it.
    let mut signals = Signals::listen()?;
    let config = flags.config()?;
    logging::init(config.log.format);
    let mut running = Proxy::start(config, ApiKey::from_env()?).await?;
    // The address is also in the log, so a closed standard output is not an error.
    let _ = writeln!(io::stdout(), "listening on http://{}/", running.addr);
    let _ = io::stdout().flush();
    notify(Activity::Ready { status: "serving the forms" });
    while signals.next().await? == Signal::Reload {
        notify(Activity::Reloading);
        let status = match reload(&mut running, &flags) {
            Ok(()) => "serving the forms; the last reload was applied",
            Err(error) => {
                tracing::error!(%error, "reload failed; the proxy keeps its current settings");
                "serving the forms; the last reload failed, see the log"
            }
        };
        notify(Activity::Ready { status });
    }
    notify(Activity::Stopping);
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Reads the settings and forms again. If there is a mistake, the proxy keeps its current settings and forms.
fn reload(running: &mut Running, flags: &Serve) -> Result<(), CliError> {
    let config = flags.config().inspect_err(|_| running.count_failed_reload())?;
    Ok(running.reload(config)?)
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

/// Prints the messages. A message with plural forms has one key for each plural form.
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

fn print_snippet(
    file: &Path,
    proxy: &str,
    prefix: Option<&str>,
    lang: Option<&str>,
) -> Result<ExitCode, CliError> {
    match read_form(file) {
        Ok((id, form)) => {
            let prefix = prefix.map_or_else(|| format!("{id}-"), str::to_owned);
            if let Some(snippet) = snippet(&id, &form, proxy, &prefix, lang) {
                write!(io::stdout(), "{snippet}")?;
                return Ok(ExitCode::SUCCESS);
            }
            let languages: Vec<&str> =
                form.languages().filter_map(|public| public.lang.as_deref()).collect();
            let file = file.display();
            let hint = match languages[..] {
                [] => "its texts have no `lang`".to_owned(),
                _ => format!("it has {}", languages.join(", ")),
            };
            writeln!(io::stderr(), "{file}: the form does not have this language; {hint}")?;
            Ok(ExitCode::FAILURE)
        }
        Err(faults) => {
            for fault in faults {
                writeln!(io::stderr(), "{}", printable_lines(&fault))?;
            }
            Ok(ExitCode::FAILURE)
        }
    }
}

async fn doctor(page: &str, config: Option<&Path>) -> Result<ExitCode, CliError> {
    let config = config.map(Config::read).transpose()?;
    let report = examine(page, config.as_ref()).await?;
    write!(io::stdout(), "{report}")?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

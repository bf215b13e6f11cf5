//! `deal-proxy check`: reports mistakes in settings and forms, with notes for the operator.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use deal_contract::definition::{Field, FormDefinition, Preset, PublicDefinition, Translation};
use deal_contract::messages::primary_language;
use deal_contract::values::FlagValue;
use deal_contract::{locales, parameter};
use deal_proxy::{Config, check_together, form_files, printable, read_form};

use super::error::CliError;
use super::routes;

/// Report every mistake in settings and form files, with its line and how to correct it.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The form files.
    #[arg(required_unless_present = "config", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The proxy's settings file. With this option, the command also checks all forms in the `forms`
    /// folder, and whether they fit the settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Also check the secrets in this environment: `CAPTCHA_SECRET`, `DEAL_PROXY_SECRET`, and the
    /// address of the database and the credentials for the bucket if the store is shared.
    #[arg(long, requires = "config")]
    env: bool,
}

impl Check {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let mut out = io::stdout().lock();
        let mut is_good = true;
        if let Some(path) = &self.config {
            is_good = check_settings(&mut out, path, self.env)?;
        }
        for file in &self.files {
            is_good &= check_form(&mut out, file)?;
        }
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints the mistakes in the settings and in all forms, with warnings and notes. Returns whether everything is valid.
fn check_settings(out: &mut impl Write, path: &Path, env: bool) -> io::Result<bool> {
    let shown = path.display();
    let config = match Config::read(path) {
        Ok(config) => config,
        Err(error) => {
            writeln!(out, "{}", printable_lines(&error))?;
            return Ok(false);
        }
    };
    let files = match form_files(&config.forms) {
        Ok(files) => files,
        Err(error) => {
            writeln!(out, "{shown}: {}", printable_lines(&error))?;
            return Ok(false);
        }
    };
    let mut is_good = true;
    for file in &files {
        is_good &= check_form(out, file)?;
    }
    if is_good && let Err(error) = check_together(&config, env) {
        writeln!(out, "{shown}: {}", printable_lines(&error))?;
        is_good = false;
    }
    for warning in config.warnings() {
        writeln!(out, "{shown}: warning: {}", printable(&warning))?;
    }
    if config.allowed_origins.is_empty() {
        writeln!(
            out,
            "{shown}: note: allowed_origins is empty, so only the proxy's own pages can send forms"
        )?;
    }
    if is_good {
        writeln!(out, "{shown}: ok: {} forms", files.len())?;
    }
    Ok(is_good)
}

/// Prints the mistakes in a form file, or a summary of its content. Returns whether the file is valid.
fn check_form(out: &mut impl Write, file: &Path) -> io::Result<bool> {
    let (id, form) = match read_form(file) {
        Ok(read) => read,
        Err(faults) => {
            for fault in &faults {
                writeln!(out, "{}", printable_lines(fault))?;
            }
            return Ok(false);
        }
    };
    let file = file.display();
    let (fields, presets) = (form.public.fields.len(), form.private.presets.len());
    writeln!(out, "{file}: ok: /forms/{id}, {fields} fields, {presets} presets")?;
    for name in opted_in_parameters(&form) {
        writeln!(
            out,
            "{file}: warning: every visitor can set `{name}`, which affects more than their own \
             deal; if this is not intended, set it under [presets]"
        )?;
    }
    for line in custom_fields(&form) {
        writeln!(out, "{file}: {line}")?;
    }
    for line in form.translations.iter().flat_map(translation_notes) {
        writeln!(out, "{file}: note: {line}")?;
    }
    for (number, line) in routes::table(&form).iter().enumerate() {
        let name = if number == 0 { format!("{file}: ") } else { String::new() };
        writeln!(out, "{name}{line}")?;
    }
    Ok(true)
}

/// Returns the parameters that affect more than the visitor's own deal and that a visitor or a link can set,
/// because the form's author opted in.
fn opted_in_parameters(form: &FormDefinition) -> impl Iterator<Item = &str> {
    let PublicDefinition { fields, hidden, .. } = &form.public;
    let is_free = |field: &&Field| !field.kind.has_only_options();
    let hidden = hidden.iter().map(|hidden| hidden.parameter.as_str());
    let free = fields.iter().filter(is_free).map(|field| field.parameter.as_str());
    let free = free.chain(hidden.clone()).filter(|name| is_created(form, name));
    let all = fields.iter().map(|field| field.parameter.as_str()).chain(hidden);
    let opted_in = all.filter(|name| {
        parameter::find(name).is_some_and(|row| row.public == parameter::Audience::OptIn)
    });
    opted_in.chain(free)
}

/// Returns whether the CRM creates a value of this parameter that does not exist yet, such as a stage.
fn is_created(form: &FormDefinition, name: &str) -> bool {
    let Some(flag) = parameter::creating_flag(name) else { return false };
    let yes = parameter::find(flag).and_then(|row| row.yes).map(FlagValue::as_str);
    let is_yes = |presets: BTreeMap<&str, &Preset>| {
        presets.get(flag).and_then(|preset| preset.as_fixed()) == yes
    };
    form.public.takes_text(flag) || form.private.cases().any(is_yes)
}

/// Returns notes about values for custom fields that the CRM may not have.
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
            "note: the CRM ignores {} unless its settings have these custom fields; no value is \
             lost, because a preset contains it as well",
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

/// Returns notes about texts that visitors see in another language.
fn translation_notes(Translation { public, missing }: &Translation) -> Vec<String> {
    let tag = public.lang.as_deref().unwrap_or_default();
    let mut notes = Vec::new();
    if !missing.is_empty() {
        let names: Vec<String> = missing.iter().map(|name| format!("`{name}`")).collect();
        notes.push(format!("[translation.{tag}] has no {}", names.join(", ")));
    }
    let has_messages = primary_language(tag).eq_ignore_ascii_case("en")
        || locales::find(tag).is_some()
        || !public.texts.is_empty();
    if !has_messages {
        notes.push(format!(
            "the form's messages are not available in `{tag}`, so they are in English; write them \
             under [translation.{tag}.texts]"
        ));
    }
    notes
}

/// Returns the message with its line breaks, but with other control characters replaced, because a file may contain
/// them.
pub(super) fn printable_lines(fault: &impl ToString) -> String {
    fault.to_string().lines().map(printable).collect::<Vec<_>>().join("\n")
}

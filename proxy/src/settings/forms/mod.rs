//! The forms that the proxy serves: a folder with a TOML file for each form.

use data_encoding::HEXLOWER;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use axum::http::HeaderValue;
use bytes::Bytes;
use deal_contract::attachments;
use deal_contract::author::Mistake;
use deal_contract::definition::{FormDefinition, PublicDefinition};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::settings::Localizer;
use crate::settings::config::Limits;

/// All forms by id.
#[derive(Debug)]
pub(crate) struct Forms(BTreeMap<String, Arc<Form>>);

/// A form that the proxy serves.
#[derive(Debug)]
pub(crate) struct Form {
    /// The last segment of its address.
    pub(crate) id: String,
    /// The public half and the presets.
    pub(crate) definition: FormDefinition,
    /// The localizer for its pages and refusals.
    pub(crate) localizer: Localizer,
    /// The public half as JSON.
    pub(crate) json: Bytes,
    /// A hash of the JSON.
    pub(crate) etag: HeaderValue,
}

/// Why the forms could not be loaded.
#[derive(Debug, Error)]
pub enum FormsError {
    /// The folder cannot be read.
    #[error("cannot read the folder of forms {path}: {source}")]
    Folder {
        /// The path of the folder.
        path: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The folder contains no `*.toml`.
    #[error("the folder of forms {0} contains no form file: add one, such as quote.toml")]
    Empty(String),
    /// All mistakes in all files.
    #[error("the forms have mistakes:\n{}", lines(.0))]
    Files(Vec<FormFileError>),
}

/// Why one form file could not be loaded.
#[derive(Debug)]
pub struct FormFileError {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Unreadable(io::Error),
    Id,
    Mistake(Mistake),
    Unserializable(serde_json::Error),
}

impl Forms {
    /// Loads all `*.toml` files in the folder.
    pub(crate) fn load(folder: &Path) -> Result<Self, FormsError> {
        let (mut forms, mut errors) = (BTreeMap::new(), Vec::new());
        for path in files(folder)? {
            match read(&path).and_then(|(id, definition)| Form::new(&path, id, definition)) {
                Ok(form) => drop(forms.insert(form.id.clone(), Arc::new(form))),
                Err(more) => errors.extend(more),
            }
        }
        if errors.is_empty() { Ok(Self(forms)) } else { Err(FormsError::Files(errors)) }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Form>> {
        self.0.get(id)
    }

    /// Returns all forms.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.0.values()
    }

    /// Returns the ids of all forms.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Form {
    fn new(
        path: &Path,
        id: String,
        definition: FormDefinition,
    ) -> Result<Self, Vec<FormFileError>> {
        let fail = |cause| vec![FormFileError { path: path.to_owned(), cause }];
        let json = serde_json::to_vec(&definition.public)
            .map_err(|error| fail(Cause::Unserializable(error)))?;
        let digest = Sha256::digest(&json);
        let etag = format!("\"{}\"", HEXLOWER.encode(digest.get(..16).unwrap_or_default()));
        let etag = HeaderValue::try_from(etag).map_err(|_| fail(Cause::Id))?;
        let localizer = Localizer::of(&definition.public);
        Ok(Self { id, definition, localizer, json: json.into(), etag })
    }

    /// Returns the maximum size of a submission to this form in bytes: the limit for its files, and the limits for
    /// the value and the header of each part.
    pub(crate) fn body_limit(&self, limits: &Limits) -> u64 {
        let PublicDefinition { fields, hidden, .. } = &self.definition.public;
        let files = fields.iter().find(|field| field.takes_files());
        let file_count = files.map_or(0, |_| attachments::COUNT_LIMIT);
        // The other six parts: the reference, the revision and the four proofs. This also leaves space for
        // the closing boundary.
        let parts = u64::try_from(fields.len() + hidden.len() + file_count + 6).unwrap_or(u64::MAX);
        let room = limits.text_value.0.saturating_add(limits.part_header.0).saturating_mul(parts);
        let files = files.map_or(0, |files| files.kind.total_limit());
        limits.body.0.min(files.saturating_add(room))
    }
}

/// Returns the `*.toml` files in the folder, sorted.
///
/// # Errors
/// If the folder cannot be read, or does not contain such a file.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, FormsError> {
    let shown = || folder.display().to_string();
    let failed = |source| FormsError::Folder { path: shown(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    if paths.is_empty() {
        return Err(FormsError::Empty(shown()));
    }
    paths.sort();
    Ok(paths)
}

/// Reads a form file. Returns the id and the definition.
///
/// # Errors
/// All mistakes in the file; a file that cannot be read; a file name that cannot be an id.
pub fn read(path: &Path) -> Result<(String, FormDefinition), Vec<FormFileError>> {
    let file_error = |cause| FormFileError { path: path.to_owned(), cause };
    let text =
        fs::read_to_string(path).map_err(|error| vec![file_error(Cause::Unreadable(error))])?;
    let id = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| is_id(stem));
    let definition = FormDefinition::from_toml(&text);
    match (id, definition) {
        (Some(id), Ok(definition)) => Ok((id.to_owned(), definition)),
        (id, definition) => {
            let mistakes = definition.err().into_iter().flat_map(|mistakes| mistakes.0);
            let mut errors: Vec<FormFileError> =
                mistakes.map(|mistake| file_error(Cause::Mistake(mistake))).collect();
            if id.is_none() {
                errors.push(file_error(Cause::Id));
            }
            Err(errors)
        }
    }
}

/// Returns whether the text is an id: lower-case letters, digits and hyphens, which need no escapes in an address.
fn is_id(stem: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&stem.len()) && stem.bytes().all(allowed)
}

/// Writes `FILE:LINE:COLUMN: message`, like compilers.
impl Display for FormFileError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        match &self.cause {
            Cause::Unreadable(error) => write!(f, ": cannot read the file: {error}"),
            Cause::Id => f.write_str(
                ": the name of the file is part of the form's address: use only lower-case letters, \
                 digits and hyphens, such as call-back.toml",
            ),
            // The text of a mistake with a line begins with `LINE:COLUMN`.
            Cause::Mistake(mistake) if mistake.line.is_some() => write!(f, ":{mistake}"),
            Cause::Mistake(mistake) => write!(f, ": {mistake}"),
            Cause::Unserializable(error) => write!(f, ": cannot write the form as JSON: {error}"),
        }
    }
}

fn lines(errors: &[FormFileError]) -> String {
    errors.iter().fold(String::new(), |mut text, error| {
        let separator = if text.is_empty() { "" } else { "\n" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{error}");
        text
    })
}

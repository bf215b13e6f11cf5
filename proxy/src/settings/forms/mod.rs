//! The forms that the proxy serves: a folder of TOML files, each of them a form.

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

/// All forms, by the last part of their address.
#[derive(Debug)]
pub(crate) struct Forms(BTreeMap<String, Arc<Form>>);

/// One form, ready to be served.
#[derive(Debug)]
pub(crate) struct Form {
    /// The last part of its address.
    pub(crate) id: String,
    /// What is asked and what is added.
    pub(crate) definition: FormDefinition,
    /// What its pages and refusals are said with.
    pub(crate) localizer: Localizer,
    /// The public half as JSON.
    pub(crate) json: Bytes,
    /// Changes when the JSON does.
    pub(crate) etag: HeaderValue,
}

/// Why the forms cannot be served.
#[derive(Debug, Error)]
pub enum FormsError {
    /// The folder cannot be read.
    #[error("cannot read the folder of forms {path}: {source}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// No `*.toml` in the folder.
    #[error("the folder of forms {0} has no form: put a definition such as quote.toml in it")]
    Empty(String),
    /// All that is wrong in all files.
    #[error("the forms have mistakes:\n{}", lines(.0))]
    Faults(Vec<Fault>),
}

/// Something wrong with one form's file.
#[derive(Debug)]
pub struct Fault {
    path: PathBuf,
    what: What,
}

#[derive(Debug)]
enum What {
    Unreadable(io::Error),
    Id,
    Mistake(Mistake),
    Unserializable(serde_json::Error),
}

impl Forms {
    /// Reads every `*.toml` of the folder.
    pub(crate) fn load(folder: &Path) -> Result<Self, FormsError> {
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
        let (mut forms, mut faults) = (BTreeMap::new(), Vec::new());
        for path in paths {
            match read(&path).and_then(|(id, definition)| Form::new(&path, id, definition)) {
                Ok(form) => drop(forms.insert(form.id.clone(), Arc::new(form))),
                Err(more) => faults.extend(more),
            }
        }
        if faults.is_empty() { Ok(Self(forms)) } else { Err(FormsError::Faults(faults)) }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Form>> {
        self.0.get(id)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.0.values()
    }

    /// The last parts of all addresses.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Form {
    fn new(path: &Path, id: String, definition: FormDefinition) -> Result<Self, Vec<Fault>> {
        let fault = |what| vec![Fault { path: path.to_owned(), what }];
        let json = serde_json::to_vec(&definition.public)
            .map_err(|error| fault(What::Unserializable(error)))?;
        let digest = Sha256::digest(&json);
        let etag = format!("\"{}\"", HEXLOWER.encode(digest.get(..16).unwrap_or_default()));
        let etag = HeaderValue::try_from(etag).map_err(|_| fault(What::Id))?;
        let localizer = Localizer::of(&definition.public);
        Ok(Self { id, definition, localizer, json: json.into(), etag })
    }

    /// The bytes beyond which a submission cannot be one of this form: its files, and for each
    /// part the most that its value and its header may be.
    pub(crate) fn body_limit(&self, limits: &Limits) -> u64 {
        let PublicDefinition { fields, hidden, .. } = &self.definition.public;
        let files = fields.iter().find(|field| field.takes_files());
        let file_count = files.map_or(0, |_| attachments::COUNT_LIMIT);
        // The reference is one part more, what a page brings beside the answers four, and the
        // closing boundary some bytes.
        let parts = u64::try_from(fields.len() + hidden.len() + file_count + 6).unwrap_or(u64::MAX);
        let room = limits.text_value.0.saturating_add(limits.part_header.0).saturating_mul(parts);
        let files = files.map_or(0, |files| files.kind.total_limit());
        limits.body.0.min(files.saturating_add(room))
    }
}

/// Reads one form's file.
///
/// # Errors
/// Every mistake in it, a file that cannot be read, and a name that can be no address.
pub fn read(path: &Path) -> Result<(String, FormDefinition), Vec<Fault>> {
    let fault = |what| Fault { path: path.to_owned(), what };
    let text = fs::read_to_string(path).map_err(|error| vec![fault(What::Unreadable(error))])?;
    let id = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| is_id(stem));
    let definition = FormDefinition::from_toml(&text);
    match (id, definition) {
        (Some(id), Ok(definition)) => Ok((id.to_owned(), definition)),
        (id, definition) => {
            let mistakes = definition.err().into_iter().flat_map(|mistakes| mistakes.0);
            let mut faults: Vec<Fault> =
                mistakes.map(|mistake| fault(What::Mistake(mistake))).collect();
            if id.is_none() {
                faults.push(fault(What::Id));
            }
            Err(faults)
        }
    }
}

/// Small letters, digits and hyphens: an address that needs no escapes and no second look.
fn is_id(stem: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&stem.len()) && stem.bytes().all(allowed)
}

/// As compilers do: `FILE:LINE:COLUMN: message`.
impl Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        match &self.what {
            What::Unreadable(error) => write!(f, ": cannot read the file: {error}"),
            What::Id => f.write_str(
                ": the file's name becomes the form's address; use small letters, digits and \
                 hyphens, such as call-back.toml",
            ),
            // A mistake begins with its place where it has one.
            What::Mistake(mistake) if mistake.line.is_some() => write!(f, ":{mistake}"),
            What::Mistake(mistake) => write!(f, ": {mistake}"),
            What::Unserializable(error) => write!(f, ": cannot be written as JSON: {error}"),
        }
    }
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().fold(String::new(), |mut text, fault| {
        let separator = if text.is_empty() { "" } else { "\n" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{fault}");
        text
    })
}

//! The forms that the proxy serves: a folder with a TOML file for each form.

mod localized;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use deal_contract::author::Mistake;
use deal_contract::definition::{FormDefinition, find_language};
use thiserror::Error;

pub(crate) use self::localized::LocalizedForm;

/// All forms by id.
#[derive(Debug)]
pub(crate) struct Forms(BTreeMap<String, Arc<Form>>);

/// A form that the proxy serves.
#[derive(Debug)]
pub(crate) struct Form {
    /// The last segment of the form's address.
    pub(crate) id: String,
    /// The public half and the presets.
    pub(crate) definition: FormDefinition,
    /// The form in its own language.
    pub(crate) own: Arc<LocalizedForm>,
    /// The form in other languages.
    pub(crate) translations: Vec<Arc<LocalizedForm>>,
}

/// Why the forms could not be loaded.
#[derive(Debug, Error)]
pub enum FormsError {
    /// The folder cannot be read.
    #[error("cannot read the forms folder {path}: {source}")]
    Folder {
        /// The path of the folder.
        path: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The folder contains no `*.toml`.
    #[error("the forms folder {0} contains no form file: add one, such as quote.toml")]
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
        let has_several = !definition.translations.is_empty();
        let localize = |public| match LocalizedForm::new(&id, public, has_several) {
            Ok(form) => Ok(Arc::new(form)),
            Err(error) => {
                let cause = Cause::Unserializable(error);
                Err(vec![FormFileError { path: path.to_owned(), cause }])
            }
        };
        let own = localize(&definition.public)?;
        let translations = definition.translations.iter();
        let translations = translations.map(|translation| localize(&translation.public));
        let translations = translations.collect::<Result<_, _>>()?;
        Ok(Self { id, definition, own, translations })
    }

    /// Returns the form in the language that [`find_language`] finds for this tag.
    pub(crate) fn in_language(&self, tag: &str) -> Option<&Arc<LocalizedForm>> {
        let languages = || std::iter::once(&self.own).chain(&self.translations);
        let tags: Vec<&str> =
            languages().map(|form| form.public.lang.as_deref().unwrap_or_default()).collect();
        languages().nth(find_language(&tags, tag)?)
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

/// Returns whether the text is an id: 1 to 64 lower-case letters, digits and hyphens. An id needs no escapes in an
/// address.
fn is_id(stem: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=64).contains(&stem.len()) && stem.bytes().all(allowed)
}

/// Writes `FILE:LINE:COLUMN: message`, as compilers do.
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

//! A form definition as its author writes it, and every mistake in it.
//!
//! The file is read into a tree that remembers places, and the tree into a
//! [`FormDefinition`] by a reader that goes on after each mistake, so that an author sees all of
//! them at once.

mod condition;
mod creating;
mod field;
mod hidden;
mod limits;
mod merging;
mod mistake;
mod options;
mod presets;
mod proof;
mod questions;
mod reader;
mod rules;
mod sent;
mod steps;
mod target;
mod texts;
mod toml;
mod tree;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

pub use mistake::{Mistake, Mistakes};

use self::reader::{Reader, Table};
use self::tree::Node;
use crate::definition::{FormDefinition, PrivateDefinition, PublicDefinition};
use crate::json::Value;

impl FormDefinition {
    /// Reads a form definition in TOML.
    ///
    /// # Errors
    /// Every mistake with its line: broken TOML, unknown keys and texts, missing labels, unknown
    /// parameters, kinds and controls that do not fit, steps without a field, conditions that never
    /// hold, presets that the CRM refuses or that merge visitors, and parameters that another one
    /// switches off.
    ///
    /// ```
    /// use deal_contract::definition::FormDefinition;
    /// use deal_contract::kind::TextFormat;
    ///
    /// let form = FormDefinition::from_toml(
    ///     r#"
    ///     title = "Call me back"
    ///     [[field]]
    ///     parameter = "contact_phone"
    ///     label = "Phone"
    ///     [presets]
    ///     funnel = "Sales"
    ///     "#,
    /// )?;
    /// assert_eq!(form.public.fields[0].kind, TextFormat::Phone.into());
    /// assert_eq!(form.private.presets["funnel"], "Sales");
    ///
    /// let mistakes = FormDefinition::from_toml("title = 'Call me back'\nfeild = []").unwrap_err();
    /// assert_eq!(
    ///     mistakes.to_string().lines().last(),
    ///     Some("2:1: there is no key `feild` here; did you mean `field`?"),
    /// );
    /// # Ok::<(), deal_contract::author::Mistakes>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Mistakes> {
        let mut reader = Reader::new(text);
        let root = toml::read(text, &mut reader);
        let definition = root.and_then(|root| read(&mut reader, root));
        reader.finish(definition)
    }
}

/// From any format of serde, such as JSON. The places of mistakes are not known there; the error
/// names all of them, one a line.
impl<'de> Deserialize<'de> for FormDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let root = Node::from(Value::deserialize(deserializer)?);
        let mut reader = Reader::new("");
        let definition = read(&mut reader, root);
        reader.finish(definition).map_err(D::Error::custom)
    }
}

/// `None` only where there is nothing to go on with; the reader then has a mistake.
fn read(reader: &mut Reader<'_>, root: Node) -> Option<FormDefinition> {
    let mut table = Table::open(reader, root, "a form definition")?;
    let title = table.text(reader, "title");
    if title.is_none() {
        table.missing(reader, "title", "the form's heading, such as title = \"Request a quote\"");
    }
    let lang = lang(reader, &mut table);
    let intro = table.text(reader, "intro");
    let submit_label = table.text(reader, "submit_label");
    let success_message = table.text(reader, "success_message");
    let texts = texts::read_all(reader, &mut table);
    let questions = field::read_all(reader, &mut table);
    let steps = steps::read_all(reader, &mut table, &questions);
    let given = hidden::read_all(reader, &mut table);
    let proof = proof::read(reader, &mut table);
    let presets = presets::read_all(reader, &mut table);
    table.close(reader);
    rules::check(reader, &questions.asked, &given, &presets);

    let mut public = PublicDefinition::new(
        &title.unwrap_or_default(),
        questions.asked.into_iter().map(|asked| asked.field).collect(),
    );
    public.lang = lang;
    public.intro = intro;
    public.submit_label = submit_label;
    public.success_message = success_message;
    public.texts = texts;
    public.steps = steps;
    public.hidden = given.into_iter().map(|given| given.hidden).collect();
    public.proof = proof;
    let presets = presets.into_iter().map(|preset| (preset.parameter, preset.value)).collect();
    Some(FormDefinition { public, private: PrivateDefinition { presets } })
}

/// A tag of BCP 47: a language of 2 to 8 letters, and after hyphens parts of up to 8 letters and
/// digits.
fn lang(reader: &mut Reader<'_>, table: &mut Table) -> Option<String> {
    let tag = table.placed_text(reader, "lang")?;
    let mut parts = tag.value.split('-');
    let language = parts.next().is_some_and(|part| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    let good = language
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    if !good {
        reader.mistake(tag.at, "`lang` takes a language's tag, such as \"de\" or \"pt-BR\"");
    }
    Some(tag.value)
}

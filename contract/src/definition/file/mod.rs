//! A form definition as its author writes it, and every mistake in it.
//!
//! The file is read into a [tree](tree) that remembers places, and the tree into a
//! [`FormDefinition`] by a reader that goes on after each mistake, so that an author sees all of
//! them at once.

mod field;
mod mistake;
mod presets;
mod reader;
mod rules;
mod tree;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

pub use mistake::{Mistake, Mistakes};

use self::reader::{Reader, Table};
use self::tree::Node;
use super::{FormDefinition, PrivateDefinition, PublicDefinition};
use crate::json::Value;

impl FormDefinition {
    /// Reads a form definition in TOML.
    ///
    /// # Errors
    /// Every mistake with its line: broken TOML, unknown keys, missing labels, unknown parameters,
    /// kinds that do not fit, presets that the CRM would not take, and parameters that another one
    /// switches off.
    ///
    /// ```
    /// use deal_contract::definition::{FieldKind, FormDefinition};
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
    /// assert_eq!(form.public.fields[0].kind, FieldKind::Phone);
    /// assert_eq!(form.private.presets["funnel"], "Sales");
    ///
    /// let mistakes = FormDefinition::from_toml("title = 'Call me back'\nfeild = []").unwrap_err();
    /// assert_eq!(
    ///     mistakes.to_string().lines().last(),
    ///     Some("2:1: there is no key `feild` here; did you mean `field`?"),
    /// );
    /// # Ok::<(), deal_contract::definition::Mistakes>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, Mistakes> {
        let mut reader = Reader::new(text);
        let root = tree::from_toml(text, &mut reader);
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
    let intro = table.text(reader, "intro");
    let submit_label = table.text(reader, "submit_label");
    let success_message = table.text(reader, "success_message");
    let asked = field::read_all(reader, &mut table);
    let presets = presets::read_all(reader, &mut table);
    table.close(reader);
    rules::check(reader, &asked, &presets);

    let mut public = PublicDefinition::new(
        &title.unwrap_or_default(),
        asked.into_iter().map(|asked| asked.field).collect(),
    );
    public.intro = intro;
    public.submit_label = submit_label;
    public.success_message = success_message;
    let presets = presets.into_iter().map(|preset| (preset.parameter, preset.value)).collect();
    Some(FormDefinition { public, private: PrivateDefinition { presets } })
}

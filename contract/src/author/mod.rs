//! Reads form definitions as authors write them, and reports all mistakes at once.
//!
//! The file becomes a tree with the position of each value. A reader turns the tree into a
//! [`FormDefinition`], and continues after each mistake.

mod answer_rules;
mod condition;
mod condition_test;
mod creating;
mod field;
mod hidden;
mod lang;
mod limits;
mod markdown;
mod merging;
mod mistake;
mod options;
mod parsed_fields;
mod presets;
mod proof;
mod reader;
mod routes;
mod rules;
mod sent_parameter;
mod steps;
mod success;
mod target;
mod template;
mod texts;
mod toml;
mod translations;
mod tree;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

pub use markdown::MarkdownError;
pub use mistake::{Mistake, Mistakes};

use self::reader::{Reader, Table};
use self::tree::Node;
use crate::definition::{FormDefinition, PrivateDefinition, PublicDefinition};
use crate::json::Value;

impl FormDefinition {
    /// Reads a form definition in TOML.
    ///
    /// # Errors
    /// All mistakes with their lines: invalid TOML, unknown keys, messages and parameters, missing
    /// labels, kinds and controls that do not fit, steps without fields, conditions that are never
    /// met, presets that the CRM refuses or that merge visitors' records, parameters that another
    /// parameter switches off, and translations of texts that the form does not have.
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
    /// assert_eq!(form.private.presets["funnel"].as_fixed(), Some("Sales"));
    ///
    /// let mistakes = FormDefinition::from_toml("title = 'Call me back'\nfeild = []").unwrap_err();
    /// assert_eq!(
    ///     mistakes.to_string().lines().last(),
    ///     Some("2:1: unknown key `feild`; did you mean `field`?"),
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

/// Reads any serde format, such as JSON. The error lists all mistakes, one per line, without
/// positions.
impl<'de> Deserialize<'de> for FormDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let root = Node::from(Value::deserialize(deserializer)?);
        let mut reader = Reader::new("");
        let definition = read(&mut reader, root);
        reader.finish(definition).map_err(D::Error::custom)
    }
}

/// Reads a form definition from its root. Returns `None` if `root` is not a table, and reports that
/// mistake.
fn read(reader: &mut Reader<'_>, root: Node) -> Option<FormDefinition> {
    let mut table = Table::open(reader, root, "a form definition")?;
    let title = table.take_text(reader, "title");
    if title.is_none() {
        table.report_missing(
            reader,
            "title",
            "the form's heading, such as title = \"Request a quote\"",
        );
    }
    let lang = lang::read(reader, &mut table);
    let intro = table.take_markdown(reader, "intro");
    let submit_label = table.take_text(reader, "submit_label");
    let success_message = table.take_markdown(reader, "success_message");
    let success = success::read(reader, &mut table);
    let texts = texts::read_all(reader, &mut table);
    let fields = field::read_all(reader, &mut table);
    let steps = steps::read_all(reader, &mut table, &fields);
    let campaign = table.take_boolean(reader, "campaign");
    let mut hidden = hidden::read_all(reader, &mut table);
    let campaign = campaign.filter(|campaign| campaign.value);
    if let Some(campaign) = &campaign {
        hidden::add_campaign(&mut hidden, &fields, campaign.at);
    }
    let proof = proof::read(reader, &mut table);
    let presets = presets::read_all(reader, &mut table, &fields, &hidden);
    let routes = routes::read_all(reader, &mut table, &fields, &hidden);
    let translations = table.take("translation");
    table.close(reader);
    let has_all_fields = fields.is_complete;
    rules::check(reader, &fields.list, &hidden, &presets, &routes);

    let mut public = PublicDefinition::new(
        &title.unwrap_or_default(),
        fields.list.into_iter().map(|parsed| parsed.field).collect(),
    );
    public.lang = lang;
    public.intro = intro;
    public.submit_label = submit_label;
    public.success_message = success_message;
    public.success = success;
    public.texts = texts;
    public.steps = steps;
    public.hidden = hidden.into_iter().map(|parsed| parsed.hidden).collect();
    public.proof = proof;
    let private = PrivateDefinition {
        presets: presets::into_map(presets),
        apply_routes: routes.apply,
        routes: routes.into_routes(),
        keeps_campaign: campaign.is_some(),
    };
    let translations = translations::read_all(reader, translations, &public, has_all_fields);
    let mut form = FormDefinition { public, private, translations };
    presets::add_note(&mut form);
    Some(form)
}

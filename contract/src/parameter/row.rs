//! One row of the table, and the functions that the group files write it with.

use serde::Serialize;

use super::kind::ParameterKind;
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

/// A parameter of `crm_add_deal`: a row of the reference.
///
/// ```
/// use deal_contract::parameter;
///
/// let row = parameter::find("create_new_stage").unwrap();
/// assert_eq!(row.yes.unwrap().as_str(), "2");
/// assert_eq!(row.default, Some("1"));
/// assert_eq!(parameter::all().count(), 60);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// The API's name, to the letter.
    pub name: &'static str,
    /// What its value looks like.
    pub kind: ParameterKind,
    /// The part of the deal that it belongs to.
    pub group: Group,
    /// What it does, in our words.
    pub description: &'static str,
    /// A value that the CRM takes.
    pub sample: &'static str,
    /// What the CRM assumes when it is not sent, where the reference says so.
    pub default: Option<&'static str>,
    /// For a flag: the value that means yes. It is not always `1`.
    pub yes: Option<FlagValue>,
    /// What makes the CRM ignore it.
    pub switched_off_by: &'static [Switch],
    /// Whether a visitor may set it.
    pub public: Audience,
    /// The browser's autofill token for it, where there is one (WHATWG HTML, 4.10.18.7).
    pub autocomplete: Option<&'static str>,
}

/// The part of a deal that a parameter belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Who may call at all.
    Account,
    /// The deal itself.
    Deal,
    /// Where the deal stands and how it ended.
    Pipeline,
    /// The person.
    Contact,
    /// The person's company.
    Company,
    /// Who works on the deal.
    Owner,
    /// Which emails go out.
    Notification,
    /// Tags, notes, custom fields and files.
    Extra,
}

/// Who may set a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A form may ask a visitor for it.
    Visitor,
    /// It reaches past the visitor's own deal (other records, owners, emails, the CRM's
    /// settings): a form may ask for it only where its author says so, by `opt_in = true`.
    OptIn,
    /// No form may ask for it.
    Never,
}

/// A parameter that makes the CRM ignore another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// The parameter that wins.
    pub parameter: &'static str,
    /// Only with this value; otherwise whenever it is sent.
    pub value: Option<&'static str>,
}

impl Parameter {
    /// Whether the CRM's reference allows an empty value, so that a correction may send one to
    /// remove what an earlier request has set. That holds for custom fields ("any value"), names in
    /// social networks, addresses and reasons. It does not hold where the reference asks for a
    /// format (dates, amounts, flags), where the value identifies a contact or a company, or where
    /// each request adds something (notes, tags).
    pub fn may_be_empty(&self) -> bool {
        match self.kind {
            ParameterKind::CustomField
            | ParameterKind::Answer(Kind::Text(TextFormat::SocialProfile)) => true,
            ParameterKind::Answer(Kind::Text(TextFormat::SingleLine | TextFormat::MultiLine)) => {
                matches!(
                    self.name,
                    "contact_address_street"
                        | "contact_address_city"
                        | "contact_address_zipcode"
                        | "won_reasons"
                        | "lost_reason"
                )
            }
            _ => false,
        }
    }
}

/// A row with nothing said beyond what every row has.
pub(super) const fn row(
    name: &'static str,
    kind: ParameterKind,
    group: Group,
    sample: &'static str,
    description: &'static str,
) -> Parameter {
    Parameter {
        name,
        kind,
        group,
        description,
        sample,
        default: None,
        yes: None,
        switched_off_by: &[],
        public: Audience::Visitor,
        autocomplete: None,
    }
}

impl Parameter {
    pub(super) const fn defaults_to(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    pub(super) const fn yes_at(mut self, value: FlagValue) -> Self {
        self.yes = Some(value);
        self
    }

    pub(super) const fn off_by(mut self, switches: &'static [Switch]) -> Self {
        self.switched_off_by = switches;
        self
    }

    pub(super) const fn opt_in(mut self) -> Self {
        self.public = Audience::OptIn;
        self
    }

    pub(super) const fn never(mut self) -> Self {
        self.public = Audience::Never;
        self
    }

    pub(super) const fn filled_as(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }
}

/// Switched off whenever `parameter` is sent.
pub(super) const fn sent(parameter: &'static str) -> Switch {
    Switch { parameter, value: None }
}

//! A row in the table of parameters, and the functions that build rows.

use serde::Serialize;

use super::kind::ParameterKind;
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

/// A parameter of `crm_add_deal`: a row in the CRM's API reference.
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
    /// The exact name in the API.
    pub name: &'static str,
    /// The kind of the value.
    pub kind: ParameterKind,
    /// The group of the parameter.
    pub group: Group,
    /// What the parameter does.
    pub description: &'static str,
    /// A value that the CRM accepts.
    pub sample: &'static str,
    /// The CRM's default, if its API reference names one.
    pub default: Option<&'static str>,
    /// For a flag: the value that means yes, `1` or `2`.
    pub yes: Option<FlagValue>,
    /// The parameters that make the CRM ignore this one.
    pub switched_off_by: &'static [Switch],
    /// Whether visitors are allowed to set the parameter.
    pub public: Audience,
    /// The autofill token for the browser, if there is one (WHATWG HTML, 4.10.18.7).
    pub autocomplete: Option<&'static str>,
}

/// A group of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The account.
    Account,
    /// The deal itself.
    Deal,
    /// The deal's stage and result.
    Pipeline,
    /// The contact.
    Contact,
    /// The contact's company.
    Company,
    /// The people who work on the deal.
    Owner,
    /// The emails that the CRM sends.
    Notification,
    /// Tags, notes, custom fields and files.
    Extra,
}

/// Who may set a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A form can ask visitors for the parameter.
    Visitor,
    /// A form can ask for the parameter only with `opt_in = true`, because it affects more than the
    /// visitor's own deal: other records, owners, emails, the CRM's settings.
    OptIn,
    /// A form cannot ask visitors for the parameter.
    Never,
}

/// A parameter that makes the CRM ignore another parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Switch {
    /// If the form sends this parameter, the CRM ignores the parameter that has the switch.
    pub parameter: &'static str,
    /// The value that has this effect. `None` for any value.
    pub value: Option<&'static str>,
}

impl Parameter {
    /// Returns whether the CRM's API reference allows an empty value, so that a correction can
    /// remove a value from an earlier request. The reference allows it for custom fields ("any
    /// value"), names on social networks, addresses and reasons. It does not allow an empty value
    /// if it requires a format (dates, amounts, flags), if the value identifies a contact or a
    /// company, or if each request adds something (notes, tags).
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

/// Creates a row without optional members.
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
    pub(super) const fn default(mut self, value: &'static str) -> Self {
        self.default = Some(value);
        self
    }

    pub(super) const fn yes(mut self, value: FlagValue) -> Self {
        self.yes = Some(value);
        self
    }

    pub(super) const fn switched_off_by(mut self, switches: &'static [Switch]) -> Self {
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

    pub(super) const fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }
}

/// Creates a switch without a value: if the form sends `parameter`, with any value, the CRM ignores
/// the parameter that has this switch.
pub(super) const fn sent(parameter: &'static str) -> Switch {
    Switch { parameter, value: None }
}

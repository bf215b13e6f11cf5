use super::row::Parameter;
use super::{account, company, contact, deal, extra, notification, owner, pipeline};

/// The rows, group by group.
const GROUPS: &[&[Parameter]] = &[
    account::ROWS,
    deal::ROWS,
    pipeline::ROWS,
    contact::ROWS,
    company::ROWS,
    owner::ROWS,
    notification::ROWS,
    extra::ROWS,
];

/// Returns all rows, in the order of the groups.
pub fn all() -> impl Iterator<Item = &'static Parameter> + Clone {
    GROUPS.iter().copied().flatten()
}

/// Returns the flag that lets the CRM create a value for this parameter in its settings. Returns
/// `None` for all other parameters, even for `deal_type` and `contact_source`, which create values
/// without a flag.
pub fn creating_flag(name: &str) -> Option<&'static str> {
    match name {
        "stage" => Some("create_new_stage"),
        "funnel" => Some("create_new_funnel"),
        "reason_name" => Some("create_new_reason_name"),
        "deal_score" => Some("create_new_deal_score"),
        _ => None,
    }
}

/// Returns the row with this exact name. Names are case-sensitive, as in the CRM.
pub fn find(name: &str) -> Option<&'static Parameter> {
    all().find(|parameter| parameter.name == name)
}

//! The parameter of the account.

use super::kind::ParameterKind;
use super::row::{Group, Parameter, row};

pub(super) const ROWS: &[Parameter] = &[row(
    "key",
    ParameterKind::Key,
    Group::Account,
    "374593457034859",
    "The company account's API key, from the CRM's company settings. Only the proxy knows it.",
)
.never()];

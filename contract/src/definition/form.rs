use super::private::PrivateDefinition;
use super::public::PublicDefinition;

/// A form: what a visitor is asked and what the proxy adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDefinition {
    /// What the page gets.
    pub public: PublicDefinition,
    /// What the proxy keeps.
    pub private: PrivateDefinition,
}

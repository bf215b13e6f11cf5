use super::private::PrivateDefinition;
use super::public::PublicDefinition;

/// The definition of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDefinition {
    /// The half that the page gets.
    pub public: PublicDefinition,
    /// The half that stays in the proxy.
    pub private: PrivateDefinition,
}

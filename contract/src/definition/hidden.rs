use serde::Serialize;

/// The maximum number of characters in a hidden value: the same as for a typed line.
pub const HIDDEN_LIMIT: usize = 1_000;

/// A value that the page provides instead of the visitor, such as the campaign in a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// The name under which the value is sent: a parameter of the API or the name of a custom
    /// field.
    pub parameter: String,
    /// The source from which the page gets the value.
    #[serde(flatten)]
    pub source: HiddenSource,
}

/// The source of a hidden value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenSource {
    /// The parameter with this name in the query of the page's address.
    UrlParameter(String),
    /// A property of the page.
    Page(PageProperty),
}

/// A property of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageProperty {
    /// The address, with the query.
    Address,
    /// The address of the previous page.
    Referrer,
    /// The title.
    Title,
}

impl PageProperty {
    /// All properties.
    pub const ALL: [Self; 3] = [Self::Address, Self::Referrer, Self::Title];

    /// Returns the name in form files and definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Referrer => "referrer",
            Self::Title => "title",
        }
    }

    /// Returns the property with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.as_str() == name)
    }
}

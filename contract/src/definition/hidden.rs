use serde::Serialize;

/// The most characters of a hidden value: as many as of a line that a visitor types.
pub const HIDDEN_LIMIT: usize = 1_000;

/// A value that the page gives and no visitor is asked for, such as the campaign that a link names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hidden {
    /// The name under which it is sent: a parameter of the API or a custom field's name.
    pub parameter: String,
    /// Where the page has it from.
    #[serde(flatten)]
    pub source: HiddenSource,
}

/// Where a page has a hidden value from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HiddenSource {
    /// The parameter of that name in the query of the page's address.
    UrlParameter(String),
    /// Something that every page has.
    Page(PageProperty),
}

/// What a page knows of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageProperty {
    /// Its address, with the query.
    Address,
    /// The address of the page that led to it.
    Referrer,
    /// Its title.
    Title,
}

impl PageProperty {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Address, Self::Referrer, Self::Title];

    /// As a definition writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Referrer => "referrer",
            Self::Title => "title",
        }
    }

    /// The one spelt so, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|property| property.as_str() == name)
    }
}

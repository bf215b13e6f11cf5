/// How much of a row a question takes, if the form is wider than 32 em. In a narrower form, every
/// question takes a whole row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Width {
    /// The whole row: the default for long texts, boxes and files.
    Full,
    /// Half of a row: the default for other questions if the form is wide enough for two columns.
    Half,
    /// A third of a row.
    Third,
}

impl Width {
    /// All widths.
    pub const ALL: [Self; 3] = [Self::Full, Self::Half, Self::Third];

    /// Returns the name in form files and definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Half => "half",
            Self::Third => "third",
        }
    }

    /// Returns the width with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|width| width.as_str() == name)
    }
}

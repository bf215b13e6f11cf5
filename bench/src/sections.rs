//! What there is to measure, in the order of the report.

use crate::browser::{load, memory, typing};
use crate::machine;
use crate::results::{Results, Table};

/// Something to measure, kept in `results/NAME.json`.
pub(crate) struct Section {
    /// Asks for it alone.
    pub(crate) name: &'static str,
    /// Asks for it and its like.
    group: &'static str,
    title: &'static str,
    /// Measures it in so many rounds.
    tables: fn(usize) -> Measured,
}

/// What a section gives.
pub(crate) struct Measured {
    pub(crate) tables: Vec<Table>,
    /// Programs and libraries, with their versions.
    pub(crate) versions: Vec<(String, String)>,
}

pub(crate) const SECTIONS: [Section; 3] = [
    Section {
        name: "load",
        group: "browser",
        title: "Until one can type, on a slow phone",
        tables: load::measure,
    },
    Section {
        name: "typing",
        group: "browser",
        title: "What a key costs",
        tables: typing::measure,
    },
    Section { name: "memory", group: "browser", title: "Memory", tables: memory::measure },
];

impl Section {
    /// Whether the name is that of the section or of its group.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        name == self.name || name == self.group
    }

    /// Measures now.
    pub(crate) fn measure(&self, rounds: usize) -> Results {
        let (machine, date) = (machine::here(), machine::now());
        let Measured { tables, versions } = (self.tables)(rounds);
        Results { title: self.title.to_owned(), date, machine, versions, rounds, tables }
    }
}

/// All names that [`Section::is_named`] knows.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> =
        SECTIONS.iter().flat_map(|section| [section.name, section.group]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

//! What there is to measure, in the order of the report.

use crate::browser::{load, memory, typing};
use crate::machine;
use crate::results::{Measured, Results};
use crate::servers::{native, proxy};

/// Something to measure, kept in `results/NAME.json`.
pub(crate) struct Section {
    /// Asks for it alone.
    pub(crate) name: &'static str,
    /// Asks for it and its like.
    group: &'static str,
    title: &'static str,
    /// Measures it in so many rounds.
    tables: fn(usize) -> Measured,
    /// Whether the rounds are ours to choose.
    in_rounds: bool,
}

pub(crate) const SECTIONS: [Section; 5] = [
    Section {
        name: "load",
        group: "browser",
        title: "Loading on a slow phone",
        tables: load::measure,
        in_rounds: true,
    },
    Section {
        name: "typing",
        group: "browser",
        title: "The cost of a key",
        tables: typing::measure,
        in_rounds: true,
    },
    Section {
        name: "memory",
        group: "browser",
        title: "Memory",
        tables: memory::measure,
        in_rounds: true,
    },
    Section {
        name: "proxy",
        group: "servers",
        title: "The proxy",
        tables: proxy::measure,
        in_rounds: true,
    },
    Section {
        name: "native",
        group: "servers",
        title: "Rules and intake without a server",
        tables: native::measure,
        in_rounds: false,
    },
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
        let rounds = self.in_rounds.then_some(rounds);
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

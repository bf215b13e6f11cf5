//! The sections in the report, in order.

use crate::browser::{load, memory, typing};
use crate::machine;
use crate::results::{Measured, Results};
use crate::servers::{native, proxy};

/// A section in the report. Its results are in `results/NAME.json`.
pub(crate) struct Section {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    /// The name for `--only` that also selects similar sections.
    group: &'static str,
    title: &'static str,
    /// Measures the section in a number of rounds.
    measure: fn(usize) -> Measured,
    /// Whether `--rounds` applies to this section.
    has_rounds: bool,
}

pub(crate) const SECTIONS: [Section; 5] = [
    Section {
        name: "load",
        group: "browser",
        title: "Loading on a slow phone",
        measure: load::measure,
        has_rounds: true,
    },
    Section {
        name: "typing",
        group: "browser",
        title: "The cost of a key",
        measure: typing::measure,
        has_rounds: true,
    },
    Section {
        name: "memory",
        group: "browser",
        title: "Memory",
        measure: memory::measure,
        has_rounds: true,
    },
    Section {
        name: "proxy",
        group: "servers",
        title: "The proxy",
        measure: proxy::measure,
        has_rounds: true,
    },
    Section {
        name: "native",
        group: "servers",
        title: "Rules and intake without a server",
        measure: native::measure,
        has_rounds: false,
    },
];

impl Section {
    /// Returns whether `name` is the name of the section or of its group.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        name == self.name || name == self.group
    }

    pub(crate) fn measure(&self, rounds: usize) -> Results {
        let (machine, date) = (machine::here(), machine::now());
        let Measured { tables, versions } = (self.measure)(rounds);
        let rounds = self.has_rounds.then_some(rounds);
        Results { title: self.title.to_owned(), date, machine, versions, rounds, tables }
    }
}

/// Returns all names that [`Section::is_named`] accepts.
pub(crate) fn names() -> Vec<&'static str> {
    let mut names: Vec<_> =
        SECTIONS.iter().flat_map(|section| [section.name, section.group]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

//! Which functions move to the second module, and how the two modules reach each other's functions.

use super::Parts;
use super::facts::Facts;
use super::name::belongs_to;
use crate::failure::{Failure, Result};
use std::collections::{BTreeMap, BTreeSet};

const ADVICE: &str = "xtask/src/dist/parts.rs lists what moves, and what may call it.";

/// The functions that move, and how both modules reach each other's functions.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The functions of the second module.
    pub(super) moved: BTreeSet<u32>,
    /// The moved functions that the first module calls, with the slot for each call.
    pub(super) entries: BTreeMap<u32, u32>,
    /// The slots of moved functions, including entries.
    pub(super) slots: BTreeMap<u32, u32>,
    /// The functions of the first module that the second one calls, with the names of their exports.
    pub(super) shared: BTreeMap<u32, String>,
    /// The globals that both modules use, with the names of their exports.
    pub(super) globals: BTreeMap<u32, String>,
    /// The size of the table.
    pub(super) table_size: u32,
}

impl Plan {
    /// Moves the functions that belong to `parts`, and the functions that only those call.
    ///
    /// # Errors
    /// `parts` does not describe this module: an entry is not listed, or a listed name does not exist.
    pub(super) fn new(facts: &Facts, parts: &Parts<'_>) -> Result<Self> {
        let mut lazy = BTreeSet::new();
        let mut unused: BTreeSet<_> = parts.paths.iter().copied().collect();
        for (&index, function) in &facts.functions {
            let mut paths = parts.paths.iter().filter(|path| belongs_to(&function.name, path));
            if let Some(path) = paths.next() {
                unused.remove(path);
                let stays = function.is_pinned || facts.exported.contains(&index);
                if !stays && index >= facts.imported {
                    lazy.insert(index);
                }
            }
        }
        if !unused.is_empty() {
            return Err(Failure::new(format!(
                "no function of the widget belongs to: {}",
                list(unused.into_iter())
            ))
            .advise(ADVICE));
        }

        let in_table: BTreeSet<u32> = facts.slots.values().copied().collect();
        let pinned = facts.functions.iter().filter(|(_, function)| function.is_pinned);
        let mut first: BTreeSet<u32> = (0..facts.imported).collect();
        first.extend(pinned.map(|(index, _)| *index));
        first.extend(&facts.exported);
        first.extend(in_table.difference(&lazy));
        let first = reachable(facts, first, &lazy)?;
        let more = reachable(facts, lazy, &first)?;
        let moved: BTreeSet<u32> = more.difference(&first).copied().collect();

        let mut plan = Self { moved, ..Self::default() };
        plan.table_size = facts.table.map_or(0, |table| table.initial).try_into().unwrap_or(0);
        for (&slot, function) in &facts.slots {
            if plan.moved.contains(function) {
                plan.slots.insert(slot, *function);
            }
        }
        plan.find_entries(facts, &first)?;
        plan.check_entries(facts, parts)?;
        plan.check_early(facts, parts)?;
        plan.share(facts)?;
        Ok(plan)
    }

    fn find_entries(&mut self, facts: &Facts, first: &BTreeSet<u32>) -> Result {
        for index in first {
            for call in &facts.function(*index)?.calls {
                if !self.moved.contains(call) || self.entries.contains_key(call) {
                    continue;
                }
                let known = self.slots.iter().find(|(_, function)| *function == call);
                let slot = known.map_or(self.table_size, |(slot, _)| *slot);
                if slot == self.table_size {
                    self.table_size += 1;
                    self.slots.insert(slot, *call);
                }
                self.entries.insert(*call, slot);
            }
        }
        Ok(())
    }

    /// # Errors
    /// The first module calls a function that is not listed, or a listed function is never called.
    fn check_entries(&self, facts: &Facts, parts: &Parts<'_>) -> Result {
        let mut unused: BTreeSet<_> = parts.entries.iter().copied().collect();
        let mut unlisted = BTreeSet::new();
        for index in self.entries.keys() {
            let name = facts.function(*index)?.name.as_str();
            if !unused.remove(name) && !parts.entries.contains(&name) {
                unlisted.insert(name);
            }
        }
        if unlisted.is_empty() && unused.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        if !unlisted.is_empty() {
            lines.push(format!(
                "the first module calls functions of the second one that are not listed: {}",
                list(unlisted.into_iter())
            ));
        }
        if !unused.is_empty() {
            lines.push(format!("the first module does not call: {}", list(unused.into_iter())));
        }
        Err(Failure::new(lines.join("\n"))
            .advise(
                "Only forms that load the second module (src/form/more.rs) may call its functions.",
            )
            .advise(ADVICE))
    }

    /// # Errors
    /// A function that runs before the second module is loaded calls an entry.
    fn check_early(&self, facts: &Facts, parts: &Parts<'_>) -> Result {
        let is = |name: &str, paths: &[&str]| paths.iter().any(|path| belongs_to(name, path));
        let named = |paths: &[&str]| -> BTreeSet<u32> {
            let functions = facts.functions.iter();
            functions.filter(|(_, f)| is(&f.name, paths)).map(|(index, _)| *index).collect()
        };
        let late = named(parts.late);
        let early: BTreeSet<u32> = named(parts.early).difference(&late).copied().collect();
        if early.is_empty() != parts.early.is_empty() || late.is_empty() != parts.late.is_empty() {
            return Err(Failure::new("no function is early or late").advise(ADVICE));
        }
        let early = reachable(facts, early, &late)?;
        let mut calls = early.iter().filter(|index| self.moved.contains(index)).peekable();
        if calls.peek().is_none() {
            return Ok(());
        }
        let mut names = Vec::new();
        for index in calls {
            names.push(facts.function(*index)?.name.as_str());
        }
        let what = "functions of the second module are called before it is loaded: ";
        Err(Failure::new(format!("{what}{}", list(names.into_iter()))).advise(ADVICE))
    }

    fn share(&mut self, facts: &Facts) -> Result {
        let (mut shared, mut globals) = (BTreeSet::new(), BTreeSet::new());
        for index in &self.moved {
            let function = facts.function(*index)?;
            shared.extend(function.calls.difference(&self.moved));
            globals.extend(&function.globals);
        }
        let mut names = (0..).map(export_name);
        self.globals = globals.into_iter().zip(&mut names).collect();
        self.shared = shared.into_iter().zip(&mut names).collect();
        Ok(())
    }
}

/// Returns these functions and all that they call directly or indirectly, except through `without`.
fn reachable(facts: &Facts, from: BTreeSet<u32>, without: &BTreeSet<u32>) -> Result<BTreeSet<u32>> {
    let mut next: Vec<u32> = from.iter().copied().collect();
    let mut found = from;
    while let Some(index) = next.pop() {
        for call in &facts.function(index)?.calls {
            if !without.contains(call) && found.insert(*call) {
                next.push(*call);
            }
        }
    }
    Ok(found)
}

/// Returns the export name with this number. The names differ from those that `names::shorten` gives.
fn export_name(mut number: usize) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut name = String::new();
    loop {
        let digit = DIGITS.get(number % DIGITS.len()).copied().unwrap_or_default();
        name.insert(0, char::from(digit));
        number /= DIGITS.len();
        if number == 0 {
            return name;
        }
        number -= 1;
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("\n  {name}")).collect()
}

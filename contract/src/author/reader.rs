//! Reads tables key by key and collects the mistakes.

use super::markdown::MarkdownError;
use super::mistake::{Mistake, Mistakes};
use super::tree::{Entry, Node, Position, Value};
use crate::definition::RichText;

/// Collects the mistakes in one form file while its tables are read.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

/// A table whose keys are taken one by one. The keys that are left over are unknown.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) at: Position,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    taken: Vec<&'static str>,
}

/// A value with its position in the file.
#[derive(Debug, Clone)]
pub(super) struct Located<T> {
    pub(super) at: Position,
    pub(super) value: T,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, mistakes: Vec::new() }
    }

    /// Adds a mistake.
    pub(super) fn report(&mut self, at: Position, message: impl Into<String>) {
        let position = at.and_then(|at| self.text.get(..at)).map(|before| {
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            (line, column)
        });
        let (line, column) = position.unzip();
        self.mistakes.push(Mistake { line, column, message: message.into() });
    }

    /// Returns the definition, or all mistakes.
    pub(super) fn finish<T>(mut self, definition: Option<T>) -> Result<T, Mistakes> {
        match definition {
            Some(definition) if self.mistakes.is_empty() => Ok(definition),
            _ => {
                self.mistakes.sort();
                // The preset rules are checked once per route, so the same mistake can occur
                // several times.
                self.mistakes.dedup();
                Err(Mistakes(self.mistakes))
            }
        }
    }
}

impl Table {
    /// Opens the table in `node`. If the node is not a table, reports a mistake that calls the node
    /// `what`.
    pub(super) fn open(reader: &mut Reader<'_>, node: Node, what: &str) -> Option<Self> {
        match node.value {
            Value::Table(entries) => {
                Some(Self { at: node.at, entries, known: Vec::new(), taken: Vec::new() })
            }
            other => {
                reader.report(node.at, format!("{what} must be a table, not {}", other.noun()));
                None
            }
        }
    }

    /// Takes the value of a key.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Node> {
        self.known.push(name);
        let index = self.entries.iter().position(|entry| entry.name == name)?;
        self.taken.push(name);
        Some(self.entries.remove(index).node)
    }

    /// Takes all entries that are left.
    pub(super) fn take_rest(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Takes a string. Reports a mistake if the value is empty or not a string.
    pub(super) fn take_text(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<String> {
        self.take_located_text(reader, name).map(|text| text.value)
    }

    pub(super) fn take_located_text(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Located<String>> {
        let node = self.take(name)?;
        match node.value {
            Value::Text(value) if !value.trim().is_empty() => Some(Located { at: node.at, value }),
            Value::Text(_) => {
                reader.report(node.at, format!("`{name}` is empty; write some text or remove it"));
                None
            }
            other => {
                let noun = other.noun();
                let message = format!("`{name}` takes text in quotes, not {noun}");
                reader.report(node.at, message);
                None
            }
        }
    }

    /// Takes paragraphs and lists with links and emphasis.
    pub(super) fn take_markdown(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<RichText> {
        self.parse_markdown(reader, name, RichText::from_markdown)
    }

    /// Takes one paragraph with links and emphasis.
    pub(super) fn take_markdown_line(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<RichText> {
        self.parse_markdown(reader, name, RichText::from_markdown_line)
    }

    fn parse_markdown(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
        parse: fn(&str) -> Result<RichText, MarkdownError>,
    ) -> Option<RichText> {
        let Located { at, value } = self.take_located_text(reader, name)?;
        parse(&value).map_err(|error| reader.report(at, error.to_string())).ok()
    }

    pub(super) fn take_boolean(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Located<bool>> {
        let node = self.take(name)?;
        if let Value::Boolean(value) = node.value {
            return Some(Located { at: node.at, value });
        }
        reader.report(node.at, format!("`{name}` takes true or false, without quotes"));
        None
    }

    /// Takes a whole number of at least 1. Reports any other value as a mistake.
    pub(super) fn take_number(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Located<u32>> {
        let node = self.take(name)?;
        if let Value::Bare(digits) = &node.value
            && let Ok(value @ 1..) = digits.parse()
        {
            return Some(Located { at: node.at, value });
        }
        reader.report(node.at, format!("`{name}` takes a whole number of at least 1"));
        None
    }

    pub(super) fn take_list(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Vec<Node> {
        match self.take(name) {
            None => Vec::new(),
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => {
                let noun = node.value.noun();
                reader.report(node.at, format!("`{name}` takes a list, not {noun}"));
                Vec::new()
            }
        }
    }

    /// Reports a missing key. `what` describes what to write.
    pub(super) fn report_missing(&self, reader: &mut Reader<'_>, name: &str, what: &str) {
        // A key with a wrong value was already reported.
        if !self.taken.contains(&name) {
            reader.report(self.at, format!("`{name}` is missing: write {what}"));
        }
    }

    /// Reports the remaining keys as unknown.
    pub(super) fn close(self, reader: &mut Reader<'_>) {
        for entry in self.entries {
            let hint = suggestion(&entry.name, &self.known);
            reader.report(entry.at, format!("unknown key `{}`; {hint}", entry.name));
        }
    }
}

/// Returns the name that the author probably meant, or `None` if no name is similar.
pub(super) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| distance * 3 <= name.len())
        .min()
        .map(|(_, name)| name)
}

/// Suggests the name that the author probably meant, or lists all known names.
pub(super) fn suggestion(word: &str, names: &[&str]) -> String {
    match nearest(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use {}", one_of(names)),
    }
}

/// Formats a list of names: `` `a`, `b` or `c` ``
pub(super) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

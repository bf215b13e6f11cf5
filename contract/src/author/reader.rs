//! Reading a table key by key, noting mistakes and going on.

use super::mistake::{Mistake, Mistakes};
use super::tree::{Entry, Node, Place, Value};

/// Collects the mistakes of one file.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

/// A table whose keys are taken one by one, so that what is left over is unknown.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) at: Place,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    taken: Vec<&'static str>,
}

/// A value of a table with its place.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    pub(super) at: Place,
    pub(super) value: T,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, mistakes: Vec::new() }
    }

    pub(super) fn mistake(&mut self, at: Place, message: impl Into<String>) {
        let position = at.and_then(|at| self.text.get(..at)).map(|before| {
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            (line, column)
        });
        let (line, column) = position.unzip();
        self.mistakes.push(Mistake { line, column, message: message.into() });
    }

    /// The definition if it was read without a mistake.
    pub(super) fn finish<T>(mut self, definition: Option<T>) -> Result<T, Mistakes> {
        match definition {
            Some(definition) if self.mistakes.is_empty() => Ok(definition),
            _ => {
                self.mistakes.sort();
                Err(Mistakes(self.mistakes))
            }
        }
    }
}

impl Table {
    pub(super) fn open(reader: &mut Reader<'_>, node: Node, what: &str) -> Option<Self> {
        match node.value {
            Value::Table(entries) => {
                Some(Self { at: node.at, entries, known: Vec::new(), taken: Vec::new() })
            }
            other => {
                reader.mistake(node.at, format!("{what} is a table, but here is {}", other.noun()));
                None
            }
        }
    }

    /// The value of that key, if it is there.
    pub(super) fn take(&mut self, name: &'static str) -> Option<Node> {
        self.known.push(name);
        let index = self.entries.iter().position(|entry| entry.name == name)?;
        self.taken.push(name);
        Some(self.entries.remove(index).node)
    }

    /// All entries that are left.
    pub(super) fn take_rest(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Option<String> {
        self.placed_text(reader, name).map(|text| text.value)
    }

    pub(super) fn placed_text(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Placed<String>> {
        let node = self.take(name)?;
        match node.value {
            Value::Text(value) if !value.trim().is_empty() => Some(Placed { at: node.at, value }),
            Value::Text(_) => {
                reader.mistake(node.at, format!("`{name}` is empty; write a text or leave it out"));
                None
            }
            other => {
                let noun = other.noun();
                let message = format!("`{name}` takes a text in quotes, but here is {noun}");
                reader.mistake(node.at, message);
                None
            }
        }
    }

    pub(super) fn boolean(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Placed<bool>> {
        let node = self.take(name)?;
        if let Value::Boolean(value) = node.value {
            return Some(Placed { at: node.at, value });
        }
        reader.mistake(node.at, format!("`{name}` takes true or false, without quotes"));
        None
    }

    /// A whole number of at least 1.
    pub(super) fn number(
        &mut self,
        reader: &mut Reader<'_>,
        name: &'static str,
    ) -> Option<Placed<u32>> {
        let node = self.take(name)?;
        if let Value::Bare(digits) = &node.value
            && let Ok(value @ 1..) = digits.parse()
        {
            return Some(Placed { at: node.at, value });
        }
        reader.mistake(node.at, format!("`{name}` takes a whole number of at least 1"));
        None
    }

    pub(super) fn list(&mut self, reader: &mut Reader<'_>, name: &'static str) -> Vec<Node> {
        match self.take(name) {
            None => Vec::new(),
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => {
                let noun = node.value.noun();
                reader.mistake(node.at, format!("`{name}` takes a list, but here is {noun}"));
                Vec::new()
            }
        }
    }

    pub(super) fn missing(&self, reader: &mut Reader<'_>, name: &str, what: &str) {
        // A key that is there with a wrong value was named already.
        if !self.taken.contains(&name) {
            reader.mistake(self.at, format!("`{name}` is missing: write {what}"));
        }
    }

    /// Whatever is left is a key that nobody asked for.
    pub(super) fn close(self, reader: &mut Reader<'_>) {
        for entry in self.entries {
            let hint = suggestion(&entry.name, &self.known);
            reader.mistake(entry.at, format!("there is no key `{}` here; {hint}", entry.name));
        }
    }
}

/// The name that was probably meant.
pub(super) fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| distance * 3 <= name.len())
        .min()
        .map(|(_, name)| name)
}

/// The name that was probably meant, or all that there are.
pub(super) fn suggestion(word: &str, names: &[&str]) -> String {
    match nearest(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", listed(names)),
    }
}

/// `` `a`, `b` and `c` ``
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

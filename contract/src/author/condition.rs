//! Conditions: `show_when`, `required_when` and `when`.

use super::condition_test::{self, LocatedTest};
use super::parsed_fields::EarlierFields;
use super::reader::{Located, Reader, Table};
use super::tree::{Node, Value};
use crate::definition::{Condition, Field};
use crate::kind::Kind;

/// The maximum nesting depth of conditions. Deeper conditions are hard to understand.
const MAX_DEPTH: usize = 3;

/// Reads the condition under this key.
pub(super) fn read(
    reader: &mut Reader<'_>,
    table: &mut Table,
    key: &'static str,
    earlier: EarlierFields<'_>,
) -> Option<Condition> {
    let node = table.take(key)?;
    ConditionReader { reader, earlier, together: Vec::new() }.read(node, key, 1)
}

struct ConditionReader<'r, 't, 'f> {
    reader: &'r mut Reader<'t>,
    earlier: EarlierFields<'f>,
    /// The tests read so far that must pass together with the next test.
    together: Vec<LocatedTest>,
}

impl<'f> ConditionReader<'_, '_, 'f> {
    fn read(&mut self, node: Node, what: &str, depth: usize) -> Option<Condition> {
        if depth > MAX_DEPTH {
            let message = format!(
                "conditions can be nested at most {MAX_DEPTH} levels deep; write a simpler one"
            );
            self.reader.report(node.at, message);
            return None;
        }
        let mut table = Table::open(self.reader, node, what)?;
        let (all, any) = (table.take("all"), table.take("any"));
        match (all, any) {
            (Some(all), None) => self.read_group(table, all, Group::All, depth),
            (None, Some(any)) => self.read_group(table, any, Group::Any, depth),
            (Some(_), Some(any)) => {
                self.reader.report(
                    any.at,
                    "`all` and `any` cannot be used together; write one of them in the list of \
                     the other",
                );
                None
            }
            (None, None) => self.read_tests(table),
        }
    }

    fn read_group(
        &mut self,
        mut table: Table,
        list: Node,
        group: Group,
        depth: usize,
    ) -> Option<Condition> {
        let name = group.as_str();
        for entry in table.take_rest() {
            let message = format!(
                "`{}` cannot be used together with `{name}`; write it in a table of the list",
                entry.name
            );
            self.reader.report(entry.at, message);
        }
        let items = match list.value {
            Value::List(items) if !items.is_empty() => items,
            _ => {
                let message = format!(
                    "`{name}` takes a list of conditions, such as \
                     {name} = [{{ parameter = \"contact_name\", filled = true }}]"
                );
                self.reader.report(list.at, message);
                return None;
            }
        };
        let mut conditions = Vec::new();
        for item in items {
            let before = self.together.len();
            conditions.push(self.read(item, "a condition", depth + 1));
            if group == Group::Any {
                self.together.truncate(before);
            }
        }
        let conditions: Vec<Condition> = conditions.into_iter().collect::<Option<_>>()?;
        Some(match group {
            Group::All => Condition::All(conditions.into_iter().flat_map(flattened).collect()),
            Group::Any => Condition::Any(conditions),
        })
    }

    /// Reads one or more tests for the answer to an earlier question.
    fn read_tests(&mut self, mut table: Table) -> Option<Condition> {
        let controlling = self.read_controlling(&mut table);
        let nodes = condition_test::take_all(&mut table);
        if nodes.is_empty() {
            self.reader.report(
                table.at,
                "this condition has no test; write `is`, `is_not`, `filled`, `at_least` or \
                 `at_most`, such as is = \"shop\"",
            );
        }
        table.close(self.reader);
        let field = self.find(controlling?)?;
        let mut conditions = Vec::new();
        for (name, node) in nodes {
            let at = node.at;
            let test = condition_test::read(self.reader, field, name, node)?;
            let read = LocatedTest { parameter: field.parameter.clone(), name, test: test.clone() };
            if let Some(other) = self.together.iter().find(|other| other.contradicts(&read, field))
            {
                let message = format!(
                    "no answer to `{}` passes both `{}` and `{name}`; change one of them",
                    field.parameter, other.name
                );
                self.reader.report(at, message);
            }
            self.together.push(read);
            conditions.push(Condition::Answer { parameter: field.parameter.clone(), test });
        }
        let only = if conditions.len() == 1 { conditions.pop() } else { None };
        Some(only.unwrap_or(Condition::All(conditions)))
    }

    fn read_controlling(&mut self, table: &mut Table) -> Option<Located<String>> {
        let parameter = table.take_located_text(self.reader, "parameter");
        let custom = table.take_located_text(self.reader, "custom_field");
        match (parameter, custom) {
            (Some(_), Some(custom)) => {
                self.reader.report(
                    custom.at,
                    "`parameter` and `custom_field` cannot be used together; remove one",
                );
                None
            }
            (None, None) => {
                let what = "parameter or custom_field with the name of an earlier field";
                table.report_missing(self.reader, "parameter", what);
                None
            }
            (parameter, custom) => parameter.or(custom),
        }
    }

    /// Returns the earlier field with this name, if conditions can use that field.
    fn find(&mut self, Located { at, value: name }: Located<String>) -> Option<&'f Field> {
        let Some(field) = self.earlier.find(&name) else {
            let problem = format!("`{name}` is not an earlier field");
            self.earlier.report_unknown(self.reader, at, &name, &problem);
            return None;
        };
        if field.kind.kind() == Kind::Attachments {
            let message = format!(
                "a condition cannot use `{name}`, which has the kind `attachments`; use another field"
            );
            self.reader.report(at, message);
            return None;
        }
        Some(field)
    }
}

/// Returns the members of an `all` condition. Returns any other condition itself.
fn flattened(condition: Condition) -> Vec<Condition> {
    match condition {
        Condition::All(conditions) => conditions,
        other => vec![other],
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    All,
    Any,
}

impl Group {
    const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Any => "any",
        }
    }
}

//! What a module contains: its functions, who calls whom, and the table of functions.

use super::name::without_hashes;
use crate::failure::{Failure, OrFail as _, Result};
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{
    Element, ElementItems, ElementKind, ExternalKind, FuncType, FunctionBody, GlobalType, Imports,
    KnownCustom, MemoryType, Name, Operator, Parser, Payload, RefType, TableType, TypeRef,
};

/// The facts about a module that a split needs.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) types: Vec<FuncType>,
    /// The number of imported functions. Their indices come first.
    pub(super) imported: u32,
    pub(super) functions: BTreeMap<u32, Function>,
    pub(super) globals: Vec<GlobalType>,
    pub(super) memory: Option<MemoryType>,
    /// The table that indirect calls use.
    pub(super) table: Option<TableType>,
    /// The functions in the table, by their slots.
    pub(super) slots: BTreeMap<u32, u32>,
    /// The functions that a page or the start of the module calls.
    pub(super) exported: BTreeSet<u32>,
}

/// A function, which may be an import.
#[derive(Debug, Default)]
pub(super) struct Function {
    /// The index of its type.
    pub(super) ty: u32,
    /// Its path in Rust.
    pub(super) name: String,
    /// The size of its code.
    pub(super) bytes: usize,
    /// The functions that it calls directly.
    pub(super) calls: BTreeSet<u32>,
    pub(super) globals: BTreeSet<u32>,
    /// Whether it uses something that only the first module has.
    pub(super) is_pinned: bool,
}

impl Facts {
    /// Reads a module that wasm-bindgen has written.
    ///
    /// # Errors
    /// `cannot read the module: unexpected end`, or a module that this cannot split: several memories, or functions
    /// in a table whose place is not a number.
    pub(super) fn read(wasm: &[u8]) -> Result<Self> {
        let mut facts = Self::default();
        let (mut types, mut bodies) = (Vec::new(), Vec::new());
        let invalid = || "cannot read the module".to_owned();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.or_fail(invalid)? {
                Payload::TypeSection(section) => {
                    for ty in section.into_iter_err_on_gc_types() {
                        facts.types.push(ty.or_fail(invalid)?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section {
                        facts.import(import.or_fail(invalid)?, &mut types)?;
                    }
                }
                Payload::FunctionSection(section) => {
                    for ty in section {
                        types.push(ty.or_fail(invalid)?);
                    }
                }
                Payload::TableSection(section) => {
                    for (index, table) in section.into_iter().enumerate() {
                        let ty = table.or_fail(invalid)?.ty;
                        if index == 0 && ty.element_type == RefType::FUNCREF {
                            facts.table = Some(ty);
                        }
                    }
                }
                Payload::MemorySection(section) => {
                    for memory in section {
                        facts.memory = Some(memory.or_fail(invalid)?);
                    }
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        facts.globals.push(global.or_fail(invalid)?.ty);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.or_fail(invalid)?;
                        if export.kind == ExternalKind::Func {
                            facts.exported.insert(export.index);
                        }
                    }
                }
                Payload::StartSection { func, .. } => {
                    facts.exported.insert(func);
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        facts.element(element.or_fail(invalid)?)?;
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(names) = section.as_known() {
                        for name in names {
                            if let Name::Function(names) = name.or_fail(invalid)? {
                                for name in names {
                                    let name = name.or_fail(invalid)?;
                                    let function = facts.functions.entry(name.index).or_default();
                                    function.name = without_hashes(name.name);
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        if facts.table.is_none() {
            return Err(cannot_split("its first table does not contain functions"));
        }
        for (index, ty) in (0..).zip(types) {
            facts.functions.entry(index).or_default().ty = ty;
        }
        for (index, body) in (facts.imported..).zip(bodies) {
            facts.functions.entry(index).or_default().read(&body).or_fail(invalid)?;
        }
        Ok(facts)
    }

    fn import(&mut self, imports: Imports<'_>, types: &mut Vec<u32>) -> Result {
        match imports {
            Imports::Single(_, import) => match import.ty {
                TypeRef::Func(ty) => {
                    types.push(ty);
                    self.imported += 1;
                    Ok(())
                }
                _ => Err(cannot_split("it imports more than functions")),
            },
            _ => Err(cannot_split("it has compact imports")),
        }
    }

    fn element(&mut self, element: Element<'_>) -> Result {
        let ElementKind::Active { table_index: None | Some(0), offset_expr } = element.kind else {
            return Ok(());
        };
        let Some(Ok(Operator::I32Const { value })) =
            offset_expr.get_operators_reader().into_iter().next()
        else {
            return Err(cannot_split("the place of functions in its table is not a number"));
        };
        let ElementItems::Functions(functions) = element.items else {
            return Err(cannot_split("its table contains expressions"));
        };
        let first = u32::try_from(value).or_fail(|| "a negative slot".to_owned())?;
        for (slot, function) in (first..).zip(functions) {
            self.slots.insert(slot, function.or_fail(|| "cannot read the table".to_owned())?);
        }
        Ok(())
    }

    pub(super) fn function(&self, index: u32) -> Result<&Function> {
        let missing = || Failure::new(format!("the module has no function {index}"));
        self.functions.get(&index).ok_or_else(missing)
    }
}

impl Function {
    fn read(&mut self, body: &FunctionBody<'_>) -> wasmparser::Result<()> {
        let range = body.range();
        self.bytes = usize::try_from(range.end - range.start).unwrap_or_default();
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } => {
                    self.calls.insert(function_index);
                }
                Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                    self.globals.insert(global_index);
                }
                Operator::CallIndirect { table_index, .. } => self.is_pinned |= table_index != 0,
                Operator::TableGet { .. }
                | Operator::TableSet { .. }
                | Operator::TableSize { .. }
                | Operator::TableGrow { .. }
                | Operator::TableFill { .. }
                | Operator::TableCopy { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. }
                | Operator::MemoryInit { .. }
                | Operator::DataDrop { .. } => self.is_pinned = true,
                _ => {}
            }
        }
        Ok(())
    }
}

fn cannot_split(why: &str) -> Failure {
    Failure::new(format!("cannot split the module: {why}"))
}

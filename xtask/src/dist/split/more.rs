//! Writes the second module: the moved functions. Everything else comes from the first module.

use super::facts::Facts;
use super::first::add_elements;
use super::plan::Plan;
use crate::failure::Failure;
use std::collections::BTreeMap;
use wasm_encoder::{
    CodeSection, CustomSection, ElementSection, EntityType, FunctionSection, ImportSection, Module,
    TypeSection,
    reencode::{Error, Reencode},
};
use wasmparser::{Parser, Payload};

type Result<T = ()> = std::result::Result<T, Error<Failure>>;

/// The name of the first module in the imports of the second one.
const FIRST: &str = "";
/// The export of the memory. wasm-bindgen gives it this name.
const MEMORY: &str = "memory";
/// The section with the WebAssembly features that wasm-opt may use.
const FEATURES: &str = "target_features";

/// Writes the second module.
pub(super) fn write(
    wasm: &[u8],
    facts: &Facts,
    plan: &Plan,
    build: &str,
) -> crate::failure::Result<Vec<u8>> {
    More::new(plan)
        .write(wasm, facts, plan, build)
        .map_err(|error| Failure::new(format!("cannot split the module: {error}")))
}

/// The indices in the second module, by those in the original one.
struct More {
    functions: BTreeMap<u32, u32>,
    globals: BTreeMap<u32, u32>,
}

impl More {
    fn new(plan: &Plan) -> Self {
        let functions = plan.shared.keys().chain(&plan.moved).copied().zip(0..).collect();
        Self { functions, globals: plan.globals.keys().copied().zip(0..).collect() }
    }

    fn write(&mut self, wasm: &[u8], facts: &Facts, plan: &Plan, build: &str) -> Result<Vec<u8>> {
        let mut types = TypeSection::new();
        let mut code = CodeSection::new();
        let mut features = None;
        let mut index = facts.imported;
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => self.parse_type_section(&mut types, section)?,
                Payload::CodeSectionEntry(body) => {
                    if plan.moved.contains(&index) {
                        self.parse_function_body(&mut code, body)?;
                    }
                    index += 1;
                }
                Payload::CustomSection(section) if section.name() == FEATURES => {
                    features = Some(section.data());
                }
                _ => {}
            }
        }
        let ty = |index: u32| Ok(facts.function(index).map_err(Error::UserError)?.ty);
        let mut imports = ImportSection::new();
        for (index, name) in &plan.shared {
            imports.import(FIRST, name, EntityType::Function(ty(*index)?));
        }
        if let Some(memory) = facts.memory {
            imports.import(FIRST, MEMORY, EntityType::Memory(self.memory_type(memory)?));
        }
        if let Some(table) = facts.table {
            let mut table = self.table_type(table)?;
            table.minimum = u64::from(plan.table_size);
            table.maximum = table.maximum.map(|maximum| maximum.max(table.minimum));
            imports.import(FIRST, build, EntityType::Table(table));
        }
        for (index, name) in &plan.globals {
            let global = facts.globals.get(usize::try_from(*index).unwrap_or(usize::MAX));
            if let Some(global) = global {
                imports.import(FIRST, name, EntityType::Global(self.global_type(*global)?));
            }
        }
        let mut functions = FunctionSection::new();
        for index in &plan.moved {
            functions.function(ty(*index)?);
        }
        let mut elements = ElementSection::new();
        let mut slots = Vec::new();
        for (slot, function) in &plan.slots {
            slots.push((*slot, self.function_index(*function)?));
        }
        add_elements(&mut elements, slots.into_iter());
        let mut module = Module::new();
        module
            .section(&types)
            .section(&imports)
            .section(&functions)
            .section(&elements)
            .section(&code);
        if let Some(data) = features {
            module.section(&CustomSection { name: FEATURES.into(), data: data.into() });
        }
        Ok(module.finish())
    }
}

impl Reencode for More {
    type Error = Failure;

    fn function_index(&mut self, index: u32) -> Result<u32> {
        found(&self.functions, index)
    }

    fn global_index(&mut self, index: u32) -> Result<u32> {
        found(&self.globals, index)
    }
}

fn found(indices: &BTreeMap<u32, u32>, index: u32) -> Result<u32> {
    let missing = || Error::UserError(Failure::new(format!("the second module lacks {index}")));
    indices.get(&index).copied().ok_or_else(missing)
}

//! Writes the first module: each moved function is empty, or calls its slot in the table.

use super::facts::Facts;
use super::plan::Plan;
use crate::failure::Failure;
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function,
    FunctionSection, Instruction, Module, TableSection,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{
    CodeSectionReader, ElementSectionReader, ExportSectionReader, FunctionBody,
    FunctionSectionReader, Parser, TableSectionReader,
};

type Result<T = ()> = std::result::Result<T, Error<Failure>>;

/// The export that tells `src/form/more.js` that the module is split.
const TABLE: &str = "TABLE";

/// Writes the first module.
pub(super) fn write(
    wasm: &[u8],
    facts: &Facts,
    plan: &Plan,
    build: &str,
) -> crate::failure::Result<Vec<u8>> {
    let trap = facts.functions.len().try_into().unwrap_or(u32::MAX);
    let trap_type = plan.moved.first().and_then(|index| facts.functions.get(index));
    let trap_type = trap_type.map_or(0, |function| function.ty);
    let mut first = First { facts, plan, build, next: facts.imported, trap, trap_type };
    let mut module = Module::new();
    first
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .map_err(|error| Failure::new(format!("cannot split the module: {error}")))?;
    Ok(module.finish())
}

struct First<'a> {
    facts: &'a Facts,
    plan: &'a Plan,
    build: &'a str,
    /// The function whose body follows.
    next: u32,
    /// An additional function that traps. It is in the table in place of moved functions.
    trap: u32,
    trap_type: u32,
}

impl First<'_> {
    /// Returns the body of a moved function.
    fn stub(&self, index: u32) -> std::result::Result<Function, Failure> {
        let mut stub = Function::new([]);
        let Some(slot) = self.plan.entries.get(&index) else {
            stub.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
            return Ok(stub);
        };
        let type_index = self.facts.function(index)?.ty;
        let ty = self.facts.types.get(usize::try_from(type_index).unwrap_or(usize::MAX));
        for (parameter, _) in (0..).zip(ty.iter().flat_map(|ty| ty.params())) {
            stub.instruction(&Instruction::LocalGet(parameter));
        }
        stub.instruction(&Instruction::I32Const(i32::try_from(*slot).unwrap_or(i32::MAX)));
        stub.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
        stub.instruction(&Instruction::End);
        Ok(stub)
    }
}

impl Reencode for First<'_> {
    type Error = Failure;

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result {
        utils::parse_function_section(self, functions, section)?;
        functions.function(self.trap_type);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result {
        utils::parse_code_section(self, code, section)?;
        let mut trap = Function::new([]);
        trap.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
        code.function(&trap);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result {
        let index = self.next;
        self.next += 1;
        if self.plan.moved.contains(&index) {
            code.function(&self.stub(index).map_err(Error::UserError)?);
            return Ok(());
        }
        utils::parse_function_body(self, code, body)
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Result {
        for (index, table) in section.into_iter().enumerate() {
            let mut table = table?;
            if index == 0 {
                let size = u64::from(self.plan.table_size);
                table.ty.initial = size;
                table.ty.maximum = table.ty.maximum.map(|maximum| maximum.max(size));
            }
            utils::parse_table(self, tables, table)?;
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result {
        for element in section {
            let element = element?;
            let is_table = matches!(
                element.kind,
                wasmparser::ElementKind::Active { table_index: None | Some(0), .. }
            );
            if !is_table {
                utils::parse_element(self, elements, element)?;
            }
        }
        let in_place = |(slot, function): (&u32, &u32)| {
            (*slot, if self.plan.moved.contains(function) { self.trap } else { *function })
        };
        add_elements(elements, self.facts.slots.iter().map(in_place));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result {
        utils::parse_export_section(self, exports, section)?;
        exports.export(TABLE, ExportKind::Table, 0);
        exports.export(self.build, ExportKind::Table, 0);
        for (index, name) in &self.plan.globals {
            exports.export(name, ExportKind::Global, *index);
        }
        for (index, name) in &self.plan.shared {
            exports.export(name, ExportKind::Func, *index);
        }
        Ok(())
    }
}

/// Adds a segment for each run of slots. The slots must be in ascending order.
pub(super) fn add_elements(elements: &mut ElementSection, slots: impl Iterator<Item = (u32, u32)>) {
    let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
    for (slot, function) in slots {
        match runs.last_mut() {
            Some((first, run))
                if u32::try_from(run.len()).is_ok_and(|length| *first + length == slot) =>
            {
                run.push(function);
            }
            _ => runs.push((slot, vec![function])),
        }
    }
    for (first, run) in runs {
        let offset = ConstExpr::i32_const(i32::try_from(first).unwrap_or(i32::MAX));
        elements.active(None, &offset, Elements::Functions(run.into()));
    }
}

//! The `[proof]` table of a form definition.

use super::reader::{Reader, Table};
use crate::definition::Proof;

pub(super) fn read(reader: &mut Reader<'_>, form: &mut Table) -> Proof {
    let Some(node) = form.take("proof") else { return Proof::default() };
    let Some(mut table) = Table::open(reader, node, "proof") else { return Proof::default() };
    let mut flag = |name| table.take_boolean(reader, name).is_some_and(|flag| flag.value);
    let proof = Proof { token: flag("token"), captcha: flag("captcha"), work: flag("work") };
    table.close(reader);
    proof
}

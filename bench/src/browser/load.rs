use crate::sections::Measured;

pub(crate) fn measure(_rounds: usize) -> Measured {
    Measured { tables: Vec::new(), versions: Vec::new() }
}

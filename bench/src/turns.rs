//! Determines the order of the measurements.

/// Calls `visit` for each index in each round. Each round starts one index later than the round
/// before, so that a machine that becomes slower affects all indexes similarly.
pub(crate) fn rounds(rounds: usize, names: &[&str], mut visit: impl FnMut(usize)) {
    for round in 0..rounds {
        for position in 0..names.len() {
            let index = (position + round) % names.len();
            eprintln!("  round {}: {}", round + 1, names[index]);
            visit(index);
        }
    }
}

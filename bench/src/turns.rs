//! The order of the measurements.

/// Calls `visit` for each index in each round. Each round starts with the next index, so that a machine that
/// becomes slower affects all of them equally.
pub(crate) fn rounds(rounds: usize, names: &[&str], mut visit: impl FnMut(usize)) {
    for round in 0..rounds {
        for position in 0..names.len() {
            let index = (position + round) % names.len();
            eprintln!("  round {}: {}", round + 1, names[index]);
            visit(index);
        }
    }
}

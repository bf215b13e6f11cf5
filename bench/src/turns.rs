//! Determines the order of the measurements.

/// Calls `visit` for each index in each round. Each round starts with the next index. If the machine becomes
/// slower, this affects all indexes equally.
pub(crate) fn rounds(rounds: usize, names: &[&str], mut visit: impl FnMut(usize)) {
    for round in 0..rounds {
        for position in 0..names.len() {
            let index = (position + round) % names.len();
            eprintln!("  round {}: {}", round + 1, names[index]);
            visit(index);
        }
    }
}

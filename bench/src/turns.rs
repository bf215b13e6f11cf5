//! The order in which things have their turn.

/// Calls for each of them in each round; everybody is first in some round and last in another, so
/// that a machine that grows slower favours nobody.
pub(crate) fn rounds(rounds: usize, names: &[&str], mut visit: impl FnMut(usize)) {
    for round in 0..rounds {
        for turn in 0..names.len() {
            let index = (turn + round) % names.len();
            eprintln!("  round {}: {}", round + 1, names[index]);
            visit(index);
        }
    }
}

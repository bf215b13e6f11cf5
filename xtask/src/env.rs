//! `cargo xtask env`: the tools, for a shell.

use crate::{
    failure::{OrFail as _, Result},
    repo,
    setup::{self, Need},
};
use std::fs;

/// Prints exports for `eval "$(cargo xtask env)"`, and nothing else, on stdout.
///
/// What `trunk serve` needs is installed. Whatever else is there is named, too; nobody waits in a new
/// shell for browsers and for tools that only tests need: those `cargo xtask setup` installs.
pub(crate) fn command() -> Result {
    let tools = setup::tools(Need::SERVE)?;
    let data = repo::data();
    fs::create_dir_all(&data).or_fail(|| format!("cannot make {}", data.display()))?;
    for (name, value) in tools.variables()? {
        println!("export {name}={}", quoted(&value.to_string_lossy()));
    }
    Ok(())
}

/// A value as a shell reads it back.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_a_value_for_a_shell() {
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
    }
}

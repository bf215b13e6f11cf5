//! `cargo xtask env`: makes the tools available in a developer's shell.

use crate::{
    failure::{OrFail as _, Result},
    repo,
    setup::{self, Need},
};
use std::fs;

/// Prints only exports on stdout, for `eval "$(cargo xtask env)"`.
///
/// Installs the tools that `trunk serve` needs, and also exports the other tools that are already
/// installed. Does not install browsers and test tools, because a new shell should not wait for them:
/// `cargo xtask setup` installs those.
pub(crate) fn command() -> Result {
    let tools = setup::tools(Need::SERVE)?;
    let data = repo::data();
    fs::create_dir_all(&data).or_fail(|| format!("cannot create {}", data.display()))?;
    for (name, value) in tools.variables()? {
        println!("export {name}={}", quoted(&value.to_string_lossy()));
    }
    Ok(())
}

/// Quotes a value for a shell.
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

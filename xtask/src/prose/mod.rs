//! Checks spelling in all files, and refused phrases in documents, comments and Rust strings.

mod passage;
mod phrase;

use self::{
    passage::{comments, passages, strings},
    phrase::PHRASES,
};
use crate::{
    failure::{Failure, OrFail as _, Result},
    files, repo, run,
    setup::Tools,
    tracked,
};

/// The spelling checker. `typos.toml` lists the files and words that it accepts.
const SPELLING: &str = "typos";

/// Reports all refused phrases. If it finds no refused phrase, reports the spelling mistakes.
pub(crate) fn command(tools: &Tools) -> Result {
    let mistakes = refused_phrases()?;
    if !mistakes.is_empty() {
        return Err(Failure::new(mistakes.join("\n")));
    }
    let mut spelling = tools.command(SPELLING)?;
    spelling.current_dir(repo::root()).arg("--format=brief");
    run::run(&mut spelling).map_err(|failure| {
        failure.advise("If a word is correct, add it to typos.toml with the reason.")
    })?;
    eprintln!("found no refused phrases or spelling mistakes");
    Ok(())
}

/// The files to check: whole documents, the comments in all other files, and the strings in Rust files.
const FILES: [&str; 6] = ["*.md", "*.rs", "*.js", "*.mjs", "*.ts", "*.css"];

/// The file whose strings are the refused phrases.
const LIST: &str = "xtask/src/prose/phrase.rs";

fn refused_phrases() -> Result<Vec<String>> {
    let mut mistakes = Vec::new();
    for pattern in FILES {
        for file in tracked::files(pattern)? {
            let text = files::read(&file)?;
            let name = file.strip_prefix(repo::root()).unwrap_or(&file).display();
            let mut found = if pattern == "*.md" { passages(&text) } else { comments(&text) };
            if pattern == "*.rs" && !file.ends_with(LIST) {
                let strings = strings(&text).or_fail(|| format!("cannot parse {name}"))?;
                found.extend(strings);
            }
            for passage in found {
                for phrase in PHRASES {
                    let found = phrase.find(&passage.text).map(|at| passage.line(at));
                    mistakes.extend(found.map(|line| format!("{name}:{line}: {phrase}")));
                }
            }
        }
    }
    Ok(mistakes)
}

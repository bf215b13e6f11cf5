//! Checks the words: spelling in all files, and refused phrases in Markdown.

mod passage;
mod phrase;

use self::{passage::passages, phrase::PHRASES};
use crate::{
    documents,
    failure::{Failure, Result},
    files, repo, run,
    setup::Tools,
};

/// The spelling checker. `typos.toml` lists the files and words that it accepts.
const SPELLING: &str = "typos";

/// Reports all refused phrases, then the spelling mistakes.
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
    eprintln!("the documents have no refused phrase and no spelling mistake");
    Ok(())
}

fn refused_phrases() -> Result<Vec<String>> {
    let mut mistakes = Vec::new();
    for document in documents::all()? {
        let text = files::read(&document)?;
        let name = document.strip_prefix(repo::root()).unwrap_or(&document).display();
        for passage in passages(&text) {
            for phrase in PHRASES {
                let found = phrase.find(&passage.text).map(|at| passage.line(at));
                mistakes.extend(found.map(|line| format!("{name}:{line}: {phrase}")));
            }
        }
    }
    Ok(mistakes)
}

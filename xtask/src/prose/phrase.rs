//! The phrases that documents and code must not contain.

use std::fmt::{self, Display, Formatter};

/// A refused phrase, with an example of what to write instead.
#[derive(Debug)]
pub(super) struct Phrase {
    refused: &'static str,
    /// Longer phrases that contain the refused phrase but are allowed.
    allowed: &'static [&'static str],
    /// A sentence with the refused phrase.
    not: &'static str,
    /// The same sentence in plain English.
    but: &'static str,
}

/// Phrases that are correct English, but that readers with English as a second language have to read twice.
pub(super) const PHRASES: &[Phrase] = &[
    Phrase {
        refused: "is no",
        allowed: &["there is no", "is no longer", "is no more"],
        not: "The proxy is no firewall.",
        but: "The proxy is not a firewall.",
    },
    Phrase {
        refused: "nobody",
        allowed: &[],
        not: "Nobody but the operator can read it.",
        but: "Only the operator can read it.",
    },
    Phrase {
        refused: "whoever",
        allowed: &[],
        not: "Whoever knows the address can send the form.",
        but: "Anybody who knows the address can send the form.",
    },
    Phrase {
        refused: "anew",
        allowed: &[],
        not: "A reload reads the forms anew.",
        but: "A reload reads the forms again.",
    },
    Phrase {
        refused: "of its own",
        allowed: &[],
        not: "The unit has a user of its own.",
        but: "The unit has its own user.",
    },
    Phrase {
        refused: "gives way",
        allowed: &[],
        not: "The slowest upload gives way.",
        but: "The proxy ends the slowest upload.",
    },
    Phrase {
        refused: "hangs on",
        allowed: &[],
        not: "The question hangs on an earlier answer.",
        but: "The question depends on an earlier answer.",
    },
    Phrase {
        refused: "comes of",
        allowed: &[],
        not: "The log says what comes of it.",
        but: "The log shows the result.",
    },
    Phrase {
        refused: "came of",
        allowed: &[],
        not: "RESULTS.md says what came of it.",
        but: "RESULTS.md has the results.",
    },
    Phrase {
        refused: "is told",
        allowed: &[],
        not: "The visitor is told that it arrived.",
        but: "The form says that it arrived.",
    },
    Phrase {
        refused: "are told",
        allowed: &["are told apart"],
        not: "Visitors are told to come back.",
        but: "The form asks visitors to try later.",
    },
    Phrase {
        refused: "stands",
        allowed: &["stands for"],
        not: "The list stands in the settings.",
        but: "The list is in the settings.",
    },
    Phrase {
        refused: "so many",
        allowed: &[],
        not: "A form takes so many files.",
        but: "A form takes up to 20 files.",
    },
    Phrase {
        refused: "all the same",
        allowed: &[],
        not: "It becomes one deal all the same.",
        but: "It still becomes one deal.",
    },
    Phrase {
        refused: "but for",
        allowed: &[],
        not: "All files but for pictures are kept.",
        but: "All files except pictures are kept.",
    },
    Phrase {
        refused: "to be had",
        allowed: &[],
        not: "The sources are to be had.",
        but: "The sources are available.",
    },
    Phrase {
        refused: "the like",
        allowed: &[],
        not: "Ids, sizes and the like are logged.",
        but: "Ids, sizes and similar values are logged.",
    },
    Phrase {
        refused: "mended",
        allowed: &[],
        not: "Send it again after the preset was mended.",
        but: "Send it again after you corrected the preset.",
    },
    Phrase {
        refused: "unless you say otherwise",
        allowed: &[],
        not: "30 days unless you say otherwise.",
        but: "30 days by default.",
    },
    Phrase {
        refused: "e-mail",
        // The German word.
        allowed: &["„e-mail", "e-mail-adresse"],
        not: "The proxy sends no e-mail.",
        but: "The proxy sends no email.",
    },
    Phrase {
        refused: "there is no such",
        allowed: &[],
        not: "There is no such file.",
        but: "The file does not exist.",
    },
    Phrase {
        refused: "as programs do",
        allowed: &[],
        not: "A field was filled in, as programs do.",
        but: "A program has filled in a field.",
    },
    Phrase {
        refused: "by which",
        allowed: &[],
        not: "There is no flag by which it stops.",
        but: "It has no flag to stop it.",
    },
    Phrase {
        refused: "of which",
        allowed: &[],
        not: "The files, of which one is missing, are large.",
        but: "One of the large files is missing.",
    },
    Phrase {
        refused: "to whom",
        allowed: &[],
        not: "The person to whom it belongs reads it.",
        but: "Its owner reads it.",
    },
    Phrase {
        refused: "that is all",
        allowed: &[],
        not: "It stores the name, and that is all.",
        but: "It stores only the name.",
    },
    Phrase {
        refused: "tells why",
        allowed: &[],
        not: "The last line tells why.",
        but: "The last line contains the reason.",
    },
    Phrase {
        refused: "goes on",
        allowed: &[],
        not: "The proxy goes on without it.",
        but: "The proxy continues without it.",
    },
    Phrase {
        refused: "was told",
        allowed: &[],
        not: "The visitor was told that it arrived.",
        but: "The visitor has seen that it arrived.",
    },
    Phrase {
        refused: "were told",
        allowed: &[],
        not: "Visitors were told to wait.",
        but: "The form asked visitors to wait.",
    },
    Phrase {
        refused: "hears",
        allowed: &[],
        not: "The page hears of it.",
        but: "The page receives an event.",
    },
    Phrase {
        refused: "for ever",
        allowed: &[],
        not: "It waits for ever.",
        but: "It waits forever.",
    },
    Phrase { refused: "none is", allowed: &[], not: "None is left.", but: "All of them are used." },
];

impl Phrase {
    /// Returns the positions of the phrase in lower-case text.
    pub(super) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        let found = text.match_indices(self.refused).map(|(at, _)| at);
        found.filter(move |at| is_word(text, *at, self.refused) && !self.is_allowed(text, *at))
    }

    fn is_allowed(&self, text: &str, at: usize) -> bool {
        let places =
            |allowed| text.match_indices(allowed).map(|(start, whole)| (start, whole.len()));
        let mut around = self.allowed.iter().flat_map(|allowed| places(*allowed));
        around.any(|(start, length)| start <= at && at < start + length)
    }
}

impl Display for Phrase {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { refused, not, but, .. } = self;
        write!(f, "`{refused}`: not “{not}”, but “{but}”")
    }
}

fn is_word(text: &str, at: usize, word: &str) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::PHRASES;

    fn refused(sentence: &str) -> Vec<&'static str> {
        let text = sentence.to_lowercase();
        let found = PHRASES.iter().filter(|phrase| phrase.find(&text).next().is_some());
        found.map(|phrase| phrase.refused).collect()
    }

    #[test]
    fn refuses_each_example_and_accepts_its_correction() {
        for phrase in PHRASES {
            assert_eq!(refused(phrase.not), [phrase.refused]);
            assert_eq!(refused(phrase.but), [""; 0], "{}", phrase.but);
        }
    }

    #[test]
    fn matches_only_whole_words() {
        assert_eq!(refused("The analysis now understands canewood."), [""; 0]);
        assert_eq!(refused("It (nobody) reads it."), ["nobody"]);
    }

    #[test]
    fn accepts_allowed_longer_phrases() {
        assert_eq!(refused("There is no file, and it is no longer needed."), [""; 0]);
        assert_eq!(refused("There is no file, and this is no file."), ["is no"]);
    }
}

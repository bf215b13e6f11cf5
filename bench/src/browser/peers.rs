//! What is compared.

use std::fs;

use serde_json::Value;

use crate::results::place;

/// One way to make the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Its name in the report.
    pub(crate) name: &'static str,
    /// What its pages' names begin with, as `peers/build.mjs` writes them.
    page: &'static str,
    pub(crate) ours: bool,
    /// Whether it reads a file when that is chosen, and names it once it has.
    pub(crate) reads_files: bool,
    /// The packages whose versions decide what was measured.
    packages: &'static [&'static str],
}

/// As the proxy's snippet embeds it, with a plain form inside.
pub(crate) const OURS: Peer =
    Peer { name: "deal-form", page: "deal-form", ours: true, reads_files: false, packages: &[] };

/// As the two tags alone embed it. Once the widget is there, it is the same.
pub(crate) const OURS_BARE: Peer = Peer {
    name: "deal-form, tags alone",
    page: "deal-form-bare",
    ours: true,
    reads_files: true,
    packages: &[],
};

pub(crate) const OTHERS: [Peer; 6] = [
    Peer { name: "plain HTML", page: "plain", ours: false, reads_files: false, packages: &[] },
    Peer {
        name: "Preact by hand",
        page: "preact",
        ours: false,
        reads_files: false,
        packages: &["preact"],
    },
    Peer {
        name: "React Hook Form + zod",
        page: "hook-form-zod",
        ours: false,
        reads_files: false,
        packages: &["react", "react-hook-form", "@hookform/resolvers", "zod"],
    },
    Peer {
        name: "react-jsonschema-form",
        page: "rjsf",
        ours: false,
        reads_files: true,
        packages: &["react", "@rjsf/core", "@rjsf/validator-ajv8"],
    },
    Peer {
        name: "SurveyJS",
        page: "surveyjs",
        ours: false,
        reads_files: false,
        packages: &["survey-core", "survey-js-ui"],
    },
    Peer {
        name: "Form.io",
        page: "formio",
        ours: false,
        reads_files: true,
        packages: &["@formio/js"],
    },
];

impl Peer {
    /// The address of its page with so many questions.
    pub(crate) fn page(self, questions: usize) -> String {
        format!("/{}-{questions}.html", self.page)
    }
}

/// What the report calls them.
pub(super) fn names(peers: &[Peer]) -> Vec<&'static str> {
    peers.iter().map(|peer| peer.name).collect()
}

/// The versions of all packages, as they are installed.
pub(crate) fn versions() -> Vec<(String, String)> {
    let mut packages: Vec<_> = OTHERS.iter().flat_map(|peer| peer.packages).copied().collect();
    packages.push("esbuild");
    packages.sort_unstable();
    packages.dedup();
    packages.into_iter().map(|name| (name.to_owned(), version(name))).collect()
}

fn version(package: &str) -> String {
    let file = place("peers/node_modules").join(package).join("package.json");
    let json: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    json["version"].as_str().unwrap().to_owned()
}

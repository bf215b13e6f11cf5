//! The compared implementations of the form.

use std::fs;

use serde_json::Value;

use crate::results::path;

/// One implementation of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Implementation {
    /// The implementation's name in the report.
    pub(crate) name: &'static str,
    /// The prefix for the names of its pages, which `alternatives/build.mjs` writes.
    page: &'static str,
    pub(crate) ours: bool,
    /// Whether the implementation reads a file as soon as the visitor chooses it, and then shows
    /// the file's name.
    pub(crate) reads_files: bool,
    /// The packages whose versions the report names.
    packages: &'static [&'static str],
}

/// The widget as the proxy's snippet embeds it, with a plain form inside the element.
pub(crate) const OURS: Implementation = Implementation {
    name: "deal-form",
    page: "deal-form",
    ours: true,
    reads_files: false,
    packages: &[],
};

/// The widget with only a script tag and the element. After loading, it behaves as the snippet does.
pub(crate) const OURS_BARE: Implementation = Implementation {
    name: "deal-form, tags alone",
    page: "deal-form-bare",
    ours: true,
    reads_files: true,
    packages: &[],
};

pub(crate) const OTHERS: [Implementation; 6] = [
    Implementation {
        name: "plain HTML",
        page: "plain",
        ours: false,
        reads_files: false,
        packages: &[],
    },
    Implementation {
        name: "Preact by hand",
        page: "preact",
        ours: false,
        reads_files: false,
        packages: &["preact"],
    },
    Implementation {
        name: "React Hook Form + zod",
        page: "hook-form-zod",
        ours: false,
        reads_files: false,
        packages: &["react", "react-hook-form", "@hookform/resolvers", "zod"],
    },
    Implementation {
        name: "react-jsonschema-form",
        page: "rjsf",
        ours: false,
        reads_files: true,
        packages: &["react", "@rjsf/core", "@rjsf/validator-ajv8"],
    },
    Implementation {
        name: "SurveyJS",
        page: "surveyjs",
        ours: false,
        reads_files: false,
        packages: &["survey-core", "survey-js-ui"],
    },
    Implementation {
        name: "Form.io",
        page: "formio",
        ours: false,
        reads_files: true,
        packages: &["@formio/js"],
    },
];

impl Implementation {
    /// Returns the address of the implementation's page with this number of questions.
    pub(crate) fn page(self, questions: usize) -> String {
        format!("/{}-{questions}.html", self.page)
    }
}

pub(super) fn names(implementations: &[Implementation]) -> Vec<&'static str> {
    implementations.iter().map(|implementation| implementation.name).collect()
}

/// Returns the installed versions of all packages.
pub(crate) fn versions() -> Vec<(String, String)> {
    let mut packages: Vec<_> =
        OTHERS.iter().flat_map(|implementation| implementation.packages).copied().collect();
    packages.push("esbuild");
    packages.sort_unstable();
    packages.dedup();
    packages.into_iter().map(|name| (name.to_owned(), version(name))).collect()
}

fn version(package: &str) -> String {
    let file = path("alternatives/node_modules").join(package).join("package.json");
    let json: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    json["version"].as_str().unwrap().to_owned()
}

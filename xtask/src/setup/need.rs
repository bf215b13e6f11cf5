//! The tools that a command, or a step of `test`, can need. `setup` installs only the tools that
//! are needed.

use crate::flags::Purpose;

/// Something that `setup` installs or, for Node.js, only checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The Rust target for browsers
    WasmTarget,
    /// Joins WebAssembly with JavaScript, and runs the widget's tests
    WasmBindgen,
    /// Bundles and serves the widget
    Trunk,
    /// Node.js, which `setup` does not install
    Node,
    /// wasm-opt and esbuild, which make a release smaller
    Minifiers,
    /// Starts the widget's tests in browsers
    WasmPack,
    /// Builds the guide
    MdBook,
    /// Checks the licences of dependencies
    CargoDeny,
    /// The spelling checker
    Typos,
    /// Builds the Debian package
    CargoDeb,
    /// Writes the SBOM
    CargoCycloneDx,
    /// Files that journeys add to pages
    PageFiles,
    /// Browsers, each with its driver
    Browsers,
}

impl Need {
    /// For `cargo xtask serve`.
    pub(crate) const SERVE: &[Self] = &[Self::WasmTarget, Self::WasmBindgen, Self::Trunk];
    /// For `cargo xtask dist`.
    pub(crate) const DIST: &[Self] =
        &[Self::WasmTarget, Self::WasmBindgen, Self::Trunk, Self::Node, Self::Minifiers];
    /// For all steps of `cargo xtask test`.
    const TEST: &[Self] = &[
        Self::WasmTarget,
        Self::WasmBindgen,
        Self::Trunk,
        Self::Node,
        Self::Minifiers,
        Self::WasmPack,
        Self::MdBook,
        Self::CargoDeny,
        Self::Typos,
        Self::PageFiles,
        Self::Browsers,
    ];

    pub(super) fn of(purpose: Purpose) -> &'static [Self] {
        match purpose {
            Purpose::Serve => Self::SERVE,
            Purpose::Dist => Self::DIST,
            Purpose::Test => Self::TEST,
        }
    }
}

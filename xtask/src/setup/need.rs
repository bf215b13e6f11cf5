//! What a command, or a step of `test`, can need. It gets that set up, and nothing else.

use crate::flags::Purpose;

/// Something that setup installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A Rust that compiles for browsers
    WasmTarget,
    /// What joins that with JavaScript, and runs its tests
    WasmBindgen,
    /// What bundles and serves the widget
    Trunk,
    /// Node.js, which has to be there already
    Node,
    /// What makes a release smaller
    Minifiers,
    /// What starts the widget's tests in browsers
    WasmPack,
    /// What makes the guide
    MdBook,
    /// What reads the licences of dependencies
    CargoDeny,
    /// The spelling checker
    Typos,
    /// What the journeys bring into pages
    PageFiles,
    /// Browsers, each with its driver
    Browsers,
}

impl Need {
    /// To build and serve the widget while working on it.
    pub(crate) const SERVE: &[Self] = &[Self::WasmTarget, Self::WasmBindgen, Self::Trunk];
    /// To build it as it is shipped.
    pub(crate) const DIST: &[Self] =
        &[Self::WasmTarget, Self::WasmBindgen, Self::Trunk, Self::Node, Self::Minifiers];
    /// To test all.
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

    /// What a person wants to be ready for.
    pub(super) fn of(purpose: Purpose) -> &'static [Self] {
        match purpose {
            Purpose::Serve => Self::SERVE,
            Purpose::Dist => Self::DIST,
            Purpose::Test => Self::TEST,
        }
    }
}

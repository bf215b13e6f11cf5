use deal_contract::revision::Revision;

use crate::http::page::Draft;
use crate::http::refusal::Refusal;

/// Why there is no deal, and what the visitor had written, where that is known.
pub(super) struct Failure {
    pub(super) refusal: Refusal,
    pub(super) draft: Option<Draft>,
    /// The revision that the answer is about.
    pub(super) revision: Option<Revision>,
}

impl<R: Into<Refusal>> From<R> for Failure {
    fn from(refusal: R) -> Self {
        Self { refusal: refusal.into(), draft: None, revision: None }
    }
}

use deal_contract::revision::Revision;

use crate::http::page::Draft;
use crate::http::refusal::Refusal;

/// Why a submission was refused, and the draft if the page shows the form again.
pub(super) struct Failure {
    pub(super) refusal: Refusal,
    pub(super) draft: Option<Draft>,
    /// The revision that the response is about.
    pub(super) revision: Option<Revision>,
}

impl<R: Into<Refusal>> From<R> for Failure {
    fn from(refusal: R) -> Self {
        Self { refusal: refusal.into(), draft: None, revision: None }
    }
}

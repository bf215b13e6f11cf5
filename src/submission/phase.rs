use deal_contract::reply::Deal;

use super::failure::Failure;

/// Where a submission stands. One at a time: there is no sending while it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The visitor fills in.
    Editing,
    /// A request is under way.
    Sending(Progress),
    /// The CRM has confirmed the deal.
    Arrived(Box<Deal>),
    /// The proxy has it, under that reference, and hands it on.
    Kept(String),
    /// The last attempt failed; everything entered is kept.
    Failed(Failure),
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Bytes of the body on their way; the seconds that the rest will take, once that can be told.
    Upload { sent: u64, total: u64, left: Option<u64> },
    /// The proxy has it all; the CRM has not answered yet.
    HandingOver,
    /// The answer was lost; the proxy is asked what became of it.
    Asking,
}

impl Progress {
    /// Whether the whole body has left, so that the deal may exist already. Firefox has no other
    /// word of it than a full count, until the answer is there.
    pub(crate) fn is_whole(self) -> bool {
        match self {
            Self::Upload { sent, total, .. } => total > 0 && sent >= total,
            Self::HandingOver | Self::Asking => true,
        }
    }
}

impl Phase {
    pub(crate) fn is_sending(&self) -> bool {
        matches!(self, Self::Sending(_))
    }

    /// Whether a request is under way that has left as a whole.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self, Self::Sending(progress) if progress.is_whole())
    }

    /// Whether there is nothing more for the visitor to do.
    pub(crate) fn is_settled(&self) -> bool {
        matches!(self, Self::Arrived(_) | Self::Kept(_))
    }
}

use deal_contract::reply::Deal;

use super::failure::Failure;

/// The phase of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The visitor fills in the form.
    Editing,
    /// A request is running.
    Sending(Progress),
    /// The CRM has confirmed the deal.
    Arrived(Box<Deal>),
    /// The proxy has stored the submission under this reference, and will deliver it.
    Kept(String),
    /// The last attempt failed. All answers are kept.
    Failed(Failure),
}

/// Who has started an attempt to send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The visitor or the page. The outcome takes the focus.
    #[default]
    Visitor,
    /// The form, after a temporary failure. The visitor may be doing something else, so the focus
    /// does not move and nothing scrolls.
    Retry,
}

/// The progress of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The body is being sent. `left` is the estimated number of seconds for the rest.
    Upload { sent: u64, total: u64, left: Option<u64> },
    /// The whole body has been sent; the response has not arrived yet.
    HandingOver,
    /// The response was lost; the widget asks the proxy for the status.
    Asking,
}

impl Progress {
    /// Returns whether the whole body has been sent, so that the deal may already exist. Until the
    /// response arrives, Firefox reports this only by the number of bytes.
    pub(crate) fn is_body_sent(self) -> bool {
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

    /// Returns whether a request is running and its whole body has been sent.
    pub(crate) fn is_body_sent(&self) -> bool {
        matches!(self, Self::Sending(progress) if progress.is_body_sent())
    }

    /// Returns whether the submission has succeeded.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Arrived(_) | Self::Kept(_))
    }
}

/// Why a submission looks like a program's. It is refused with words that a person can act on, and
/// never dropped: browsers fill in hidden fields too, and a dropped submission would be a lost lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotSuspicion {
    /// The hidden field is filled in.
    Trap,
    /// The form was sent faster than a person fills it in.
    Fast {
        /// Seconds after which it is no longer too fast.
        seconds: u64,
    },
    /// The token is missing, too old, or of another form, draft or start of the proxy.
    Stale,
    /// The proof of work or the captcha's answer is missing, wrong or used up.
    Unproven,
}

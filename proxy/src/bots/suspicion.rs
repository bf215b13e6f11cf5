/// Why a submission looks as if a program had sent it. The submission is always refused with a
/// message that a person can act on. Browsers also fill in hidden fields, so a silently dropped
/// submission could be a lost lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotSuspicion {
    /// The hidden field is filled in.
    Trap,
    /// The form was sent faster than a person can fill it in.
    TooFast {
        /// Seconds until the form may be sent.
        seconds: u64,
    },
    /// The token is missing or too old, or belongs to another form, to another draft, or to an
    /// earlier run of the proxy.
    TokenStale,
    /// The proof of work or the captcha's answer is missing, wrong or already used.
    NotProven,
}

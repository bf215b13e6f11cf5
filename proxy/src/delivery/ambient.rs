use crate::settings::clock::Moment;

/// What the queue takes from outside: the wall clock and chance, so that a test can give its own.
pub(crate) struct Ambient {
    /// The wall clock.
    pub(crate) now: Box<dyn Fn() -> Moment + Send + Sync>,
    /// A random number.
    pub(crate) chance: Box<dyn Fn() -> u64 + Send + Sync>,
}

impl Ambient {
    /// The system's.
    pub(crate) fn real() -> Self {
        Self {
            now: Box::new(Moment::now),
            // Without random numbers nothing is spread, and all else goes on.
            chance: Box::new(|| getrandom::u64().unwrap_or(0)),
        }
    }
}

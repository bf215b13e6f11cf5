//! The services that a proxy with a shared store needs, for tests: PostgreSQL and PgBouncer on the loopback interface.
//!
//! Each service is the real program. A service ends with the process that started it, even if that process is killed.
//! A program that is not installed is [`Missing`]; a test then [skips](skip) itself.
//!
//! Not for production: the database accepts every user without a password.

mod missing;
pub mod pgbouncer;
pub mod postgres;
mod programs;
mod watchdog;

pub use self::missing::{Missing, skip};
pub use self::pgbouncer::PgBouncer;
pub use self::postgres::{Database, Postgres};

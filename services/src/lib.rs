//! The services that a proxy with a shared store needs, for tests: PostgreSQL, PgBouncer and S3 on the loopback interface.
//!
//! PostgreSQL and PgBouncer are the real programs. A service ends with the process that started it, even if that process
//! is killed. A program that is not installed is [`Missing`]; a test then [skips](skip) itself. The [S3 server](s3) is
//! part of this crate, so it is never missing.
//!
//! Not for production: the database accepts every user without a password, and the S3 credentials are public.

mod missing;
pub mod pgbouncer;
pub mod postgres;
mod programs;
pub mod s3;
mod watchdog;

pub use self::missing::{Missing, skip};
pub use self::pgbouncer::PgBouncer;
pub use self::postgres::{Database, Postgres};

//! The services that a proxy with a shared store needs, for tests: an S3 server on the loopback interface.
//!
//! Not for production: the S3 server keeps its multipart uploads in memory, and its credentials are public.

pub mod s3;

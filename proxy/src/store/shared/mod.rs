//! The store that several proxies share: rows in PostgreSQL, files in S3.

mod bucket;
mod bucket_client;
mod bucket_error;
mod bucket_metrics;
#[cfg(test)]
mod bucket_tests;
mod upload;

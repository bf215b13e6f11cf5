//! An S3 server on the loopback interface, for trials and for tests with several processes.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Parser;
use test_services::s3::{ACCESS_KEY_ID, BUCKET, S3Server, SECRET_ACCESS_KEY};

/// Starts an S3 server on the loopback interface, for tests only.
#[derive(Debug, Parser)]
struct Options {
    /// The port, or 0 for a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The folder that keeps the objects.
    #[arg(long)]
    folder: PathBuf,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let server = S3Server::start_on(options.port, &options.folder).await?;
    let endpoint = server.endpoint();
    writeln!(
        io::stdout(),
        "{endpoint} has the bucket {BUCKET} (access key {ACCESS_KEY_ID}, secret {SECRET_ACCESS_KEY})"
    )?;
    tokio::signal::ctrl_c().await
}

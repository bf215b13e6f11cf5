//! An S3 server on the loopback interface, which tests can make fail.
//!
//! The protocol, the signatures and the objects are those of the crates `s3s` and `s3s-fs`.

mod faults;
mod storage;

use std::fmt::{self, Debug};
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3ServiceBuilder, SharedS3Service};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use self::faults::Faults;
pub use self::faults::{Fault, Operation};
use self::storage::{Storage, Uploads};

/// The server's bucket.
pub const BUCKET: &str = "deals";

/// The region that clients have to sign their requests for. The server accepts any region.
pub const REGION: &str = "us-east-1";

/// The ID of the only access key.
pub const ACCESS_KEY_ID: &str = "test-access-key";

/// The secret of the only access key.
pub const SECRET_ACCESS_KEY: &str = "test-secret-key";

/// A server with one bucket. It stops when this value is dropped.
pub struct S3Server {
    address: SocketAddr,
    bucket: PathBuf,
    uploads: Uploads,
    faults: Arc<Faults>,
    accept: JoinHandle<()>,
}

impl S3Server {
    /// Starts a server on a free port. The folder keeps the objects.
    ///
    /// # Errors
    /// If the folder cannot be used.
    pub async fn start(folder: &Path) -> io::Result<Self> {
        Self::start_on(0, folder).await
    }

    /// Starts a server on a port.
    ///
    /// # Errors
    /// If the port is in use, or the folder cannot be used.
    pub async fn start_on(port: u16, folder: &Path) -> io::Result<Self> {
        let bucket = folder.join(BUCKET);
        fs::create_dir_all(&bucket)?;
        let storage = Storage::open(folder)?;
        let uploads = storage.uploads();
        let mut service = S3ServiceBuilder::new(storage);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let faults = Arc::<Faults>::default();
        let accept =
            tokio::spawn(accept(listener, service.build().into_shared(), Arc::clone(&faults)));
        Ok(Self { address, bucket, uploads, faults, accept })
    }

    /// The address, such as `http://127.0.0.1:9000`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes the next `count` requests for the operation fail. Several faults are used up one after another.
    pub fn fail_next(&self, count: usize, operation: Operation, fault: Fault) {
        self.faults.add(Some(count), operation, fault);
    }

    /// Makes all requests for the operation fail until [`recover`](Self::recover).
    pub fn fail(&self, operation: Operation, fault: Fault) {
        self.faults.add(None, operation, fault);
    }

    /// Ends all faults.
    pub fn recover(&self) {
        self.faults.clear();
    }

    /// The number of requests for the operation so far, including those that failed.
    pub fn requests(&self, operation: Operation) -> usize {
        self.faults.requests(operation)
    }

    /// The keys of all objects in the bucket, in order.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn keys(&self) -> io::Result<Vec<String>> {
        let mut keys = Vec::new();
        add_keys(&self.bucket, "", &mut keys)?;
        keys.sort();
        Ok(keys)
    }

    /// The keys of all multipart uploads that are neither complete nor aborted, in order.
    pub fn unfinished_uploads(&self) -> Vec<String> {
        storage::unfinished(&self.uploads)
    }
}

impl Debug for S3Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("S3Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

fn add_keys(folder: &Path, prefix: &str, keys: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add_keys(&entry.path(), &format!("{name}/"), keys)?;
        } else if !name.contains(".tmp.") {
            keys.push(name);
        }
    }
    Ok(())
}

/// Accepts connections in an endless loop.
async fn accept(listener: TcpListener, service: SharedS3Service, faults: Arc<Faults>) {
    // Dropping the set closes the connections when the server stops.
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(serve(stream, service.clone(), Arc::clone(&faults)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, service: SharedS3Service, faults: Arc<Faults>) {
    let answer = service_fn(|request| faults.answer(service.as_ref(), request));
    // A client may close its connection at any time, and faults close connections on purpose.
    let _: Result<_, hyper::Error> =
        http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

//! The S3 bucket: uploads files from the disk, and downloads, checks and removes objects.

use std::fmt::{self, Debug};
use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path as Key;
use object_store::signer::{SignedUrlOptions, Signer};
use object_store::{BackoffConfig, MultipartId, ObjectStoreExt, PutPayload, RetryConfig};
use serde::Deserialize;
use tokio::time::timeout;

use super::bucket_client::BucketClient;
use super::bucket_error::BucketError;
use super::bucket_metrics::BucketMetrics;
use crate::settings::config::StoreSettings;
use crate::settings::random;
use crate::store::engine::FileStream;

/// How long an operation may take, with all its retries. A visitor waits for a few of them.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the check of the bucket may take. A load balancer waits for it.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the signature in an address is valid.
const SIGNATURE_VALIDITY: Duration = Duration::from_secs(60);

/// The operation that errors of a download name.
const DOWNLOAD: &str = "read a file";

/// An access key. Without one, the usual environment variables apply, such as `AWS_ACCESS_KEY_ID`.
#[derive(Clone)]
pub(crate) struct AccessKey {
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// A bucket. Clones share its connections.
#[derive(Clone)]
pub(in crate::store) struct Bucket {
    store: Arc<AmazonS3>,
    client: BucketClient,
    name: String,
    prefix: String,
    metrics: BucketMetrics,
}

/// A download that begins when it is first polled: the files of a submission are opened together and sent one after
/// another.
enum Download {
    Unopened { store: Arc<AmazonS3>, key: Key },
    Opening(Pin<Box<dyn Future<Output = Result<Chunks, BucketError>> + Send>>),
    Open(Chunks),
    End,
}

/// The bytes of an object. If the connection is cut, `object_store` asks for the rest.
type Chunks = Pin<Box<dyn Stream<Item = object_store::Result<Bytes>> + Send>>;

/// The service's list of unfinished multipart uploads.
#[derive(Debug, Deserialize)]
struct UploadList {
    #[serde(rename = "Upload", default)]
    uploads: Vec<ListedUpload>,
}

#[derive(Debug, Deserialize)]
struct ListedUpload {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "UploadId")]
    id: MultipartId,
}

impl Debug for AccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AccessKey").finish_non_exhaustive()
    }
}

/// Without the client of `object_store`, whose `Debug` shows the access key.
impl Debug for Bucket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bucket = formatter.debug_struct("Bucket");
        bucket.field("name", &self.name).field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Bucket {
    /// Prepares the use of a bucket. The first request connects to it.
    pub(in crate::store) fn new(
        settings: &StoreSettings,
        key: Option<&AccessKey>,
        metrics: BucketMetrics,
    ) -> Result<Self, BucketError> {
        let client = BucketClient::new(metrics.clone())
            .map_err(|error| BucketError::Settings(error.to_string()))?;
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_http_connector(client.clone())
            // Some services cannot remove several objects with one request.
            .with_disable_bulk_delete(true)
            .with_retry(retries());
        if let Some(endpoint) = settings.endpoint.url() {
            builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/'));
        }
        if let Some(AccessKey { id, secret }) = key {
            builder = builder.with_access_key_id(id).with_secret_access_key(secret);
        }
        // The messages name settings and environment variables, and none of their values.
        let store = builder.build().map_err(|error| BucketError::Settings(error.to_string()))?;
        let prefix = settings.prefix.trim_matches('/').to_owned();
        Ok(Self { store: Arc::new(store), client, name: settings.bucket.clone(), prefix, metrics })
    }

    pub(super) fn metrics(&self) -> &BucketMetrics {
        &self.metrics
    }

    /// Returns the key of a file. The ID of its set is random.
    pub(super) fn key(&self, set: &str, file: &str) -> String {
        if self.prefix.is_empty() {
            format!("{set}/{file}")
        } else {
            format!("{}/{set}/{file}", self.prefix)
        }
    }

    /// Returns the address of an object, for the operator.
    pub(super) fn location(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.name)
    }

    /// Checks that the bucket answers and exists, and that the credentials permit to read it. It asks for an object that
    /// does not exist, and not for its metadata alone, because only that response says whether the bucket exists.
    pub(super) async fn check(&self) -> Result<(), BucketError> {
        let random = random::hex::<16>()
            .map_err(|_| BucketError::Settings("the system provides no random numbers".into()))?;
        let key = Key::from(self.key("check", &random));
        let Ok(found) = timeout(CHECK_TIMEOUT, self.store.get(&key)).await else {
            return Err(BucketError::TimedOut { operation: DOWNLOAD });
        };
        match found.map_err(|error| BucketError::of(DOWNLOAD, &error)) {
            Ok(_) | Err(BucketError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Returns the size of an object in bytes.
    pub(super) async fn size(&self, key: &str) -> Result<u64, BucketError> {
        let key = Key::from(key);
        let head = self.store.head(&key);
        Ok(within("find a file", head).await?.size)
    }

    /// Uploads a whole object.
    pub(super) async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BucketError> {
        let key = Key::from(key);
        let put = self.store.put(&key, PutPayload::from_bytes(bytes));
        within("store a file", put).await.map(drop)
    }

    /// Begins a multipart upload, and returns its ID.
    pub(super) async fn begin_upload(&self, key: &str) -> Result<MultipartId, BucketError> {
        let key = Key::from(key);
        within("begin an upload", self.store.create_multipart(&key)).await
    }

    /// Uploads one part. The first part has the index 0.
    pub(super) async fn put_part(
        &self,
        key: &str,
        upload: &MultipartId,
        index: usize,
        bytes: Bytes,
    ) -> Result<PartId, BucketError> {
        let key = Key::from(key);
        let put = self.store.put_part(&key, upload, index, PutPayload::from_bytes(bytes));
        within("store a part of a file", put).await
    }

    /// Completes a multipart upload of an object with this size in bytes.
    pub(super) async fn complete_upload(
        &self,
        key: &str,
        upload: &MultipartId,
        parts: Vec<PartId>,
        size: u64,
    ) -> Result<(), BucketError> {
        let path = Key::from(key);
        let complete = self.store.complete_multipart(&path, upload, parts);
        let Err(error) = within("complete an upload", complete).await else { return Ok(()) };
        // If the response was lost, a second try finds no upload.
        if self.size(key).await == Ok(size) { Ok(()) } else { Err(error) }
    }

    /// Aborts a multipart upload. Also succeeds if it does not exist.
    pub(super) async fn abort_upload(
        &self,
        key: &str,
        upload: &MultipartId,
    ) -> Result<(), BucketError> {
        let key = Key::from(key);
        match within("abort an upload", self.store.abort_multipart(&key, upload)).await {
            Err(BucketError::NotFound) => Ok(()),
            aborted => aborted,
        }
    }

    /// Returns the IDs of the unfinished multipart uploads of exactly this key. There may be some that no row knows: the
    /// response with the ID was lost, or the proxy was killed before it stored the ID. Returns none if the service or
    /// the credentials do not permit this list.
    pub(super) async fn uploads(&self, key: &str) -> Result<Vec<MultipartId>, BucketError> {
        let query = [("uploads", ""), ("prefix", key)];
        let options = SignedUrlOptions::default().with_query(query);
        let root = Key::default();
        let sign = self.store.signed_url_opts(
            axum::http::Method::GET,
            &root,
            SIGNATURE_VALIDITY,
            &options,
        );
        let operation = "list uploads";
        let address = within(operation, sign).await?;
        let response = self.client.get(address.as_str()).await;
        let failed = |problem| BucketError::Failed { operation, problem };
        let (status, body) = response.map_err(|error| {
            if error.is_timeout() {
                BucketError::TimedOut { operation }
            } else {
                failed("there was no response".to_owned())
            }
        })?;
        match status {
            200 => {}
            401 | 403 | 404 | 405 | 501 => return Ok(Vec::new()),
            _ => return Err(failed(status.to_string())),
        }
        let list: UploadList = quick_xml::de::from_reader(body.as_ref())
            .map_err(|_| failed("the list cannot be read".to_owned()))?;
        let uploads = list.uploads.into_iter().filter(|upload| upload.key == key);
        Ok(uploads.map(|upload| upload.id).collect())
    }

    /// Removes an object. Also succeeds if it does not exist.
    pub(super) async fn delete(&self, key: &str) -> Result<(), BucketError> {
        let key = Key::from(key);
        match within("remove a file", self.store.delete(&key)).await {
            Err(BucketError::NotFound) => Ok(()),
            deleted => deleted,
        }
    }
}

impl Bucket {
    /// Returns the bytes of an object. The download begins when the stream is first polled.
    pub(super) fn download(&self, key: &str) -> FileStream {
        Box::pin(Download::Unopened { store: Arc::clone(&self.store), key: Key::from(key) })
    }
}

impl Stream for Download {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match mem::replace(&mut *self, Self::End) {
                Self::Unopened { store, key } => {
                    *self = Self::Opening(Box::pin(async move {
                        Ok(within(DOWNLOAD, store.get(&key)).await?.into_stream())
                    }));
                }
                Self::Opening(mut opening) => match opening.as_mut().poll(context) {
                    Poll::Ready(Ok(chunks)) => *self = Self::Open(chunks),
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                    Poll::Pending => {
                        *self = Self::Opening(opening);
                        return Poll::Pending;
                    }
                },
                Self::Open(mut chunks) => {
                    let chunk = chunks.as_mut().poll_next(context);
                    if !matches!(chunk, Poll::Ready(None | Some(Err(_)))) {
                        *self = Self::Open(chunks);
                    }
                    let failed = |error| BucketError::of(DOWNLOAD, &error).into();
                    return chunk.map(|chunk| chunk.map(|chunk| chunk.map_err(failed)));
                }
                Self::End => return Poll::Ready(None),
            }
        }
    }
}

/// Runs an operation with its retries, for a limited time.
async fn within<T>(
    operation: &'static str,
    work: impl Future<Output = object_store::Result<T>>,
) -> Result<T, BucketError> {
    match timeout(OPERATION_TIMEOUT, work).await {
        Ok(result) => result.map_err(|error| BucketError::of(operation, &error)),
        Err(_) => Err(BucketError::TimedOut { operation }),
    }
}

/// Several tries within a few seconds, because the visitor waits.
fn retries() -> RetryConfig {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(100),
        max_backoff: Duration::from_secs(3),
        base: 2.0,
    };
    RetryConfig { backoff, max_retries: 8, retry_timeout: Duration::from_secs(15) }
}

//! The objects, which s3s-fs keeps in a folder, with what s3s-fs lacks: it cannot list multipart uploads, and some of its
//! error codes differ from S3's.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteObjectInput, DeleteObjectOutput, GetObjectInput, GetObjectOutput, HeadBucketInput,
    HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output, MultipartUpload,
    PutObjectInput, PutObjectOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Error, S3ErrorCode, S3Request, S3Response, S3Result};
use s3s_fs::FileSystem;

/// The multipart uploads that are neither complete nor aborted: the key of each by its ID.
pub(super) type Uploads = Arc<Mutex<BTreeMap<String, String>>>;

/// The objects and the multipart uploads.
#[derive(Debug)]
pub(super) struct Storage {
    folder: PathBuf,
    objects: FileSystem,
    uploads: Uploads,
}

/// Returns the keys of the multipart uploads, in order.
pub(super) fn unfinished(uploads: &Uploads) -> Vec<String> {
    let uploads = uploads.lock().unwrap_or_else(PoisonError::into_inner);
    let mut keys: Vec<_> = uploads.values().cloned().collect();
    keys.sort();
    keys
}

impl Storage {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let objects = FileSystem::new(folder)
            .map_err(|_| io::Error::other("s3s-fs cannot use the folder"))?;
        Ok(Self { folder: folder.to_owned(), objects, uploads: Arc::default() })
    }

    pub(super) fn uploads(&self) -> Uploads {
        Arc::clone(&self.uploads)
    }

    /// Fails with S3's error code if the upload does not exist.
    fn check_upload(&self, upload: &str) -> S3Result<()> {
        let uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        let found = uploads.contains_key(upload);
        if found { Ok(()) } else { Err(S3Error::new(S3ErrorCode::NoSuchUpload)) }
    }

    fn end_upload(&self, upload: &str) {
        self.uploads.lock().unwrap_or_else(PoisonError::into_inner).remove(upload);
    }
}

#[async_trait]
impl S3 for Storage {
    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.objects.head_bucket(request).await
    }

    async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.objects.list_objects_v2(request).await
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        self.objects.put_object(request).await
    }

    /// s3s-fs answers `NoSuchKey` if the bucket does not exist.
    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        if !self.folder.join(&request.input.bucket).is_dir() {
            return Err(S3Error::new(S3ErrorCode::NoSuchBucket));
        }
        self.objects.get_object(request).await
    }

    /// s3s-fs answers `NoSuchBucket` if the object does not exist.
    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        self.objects.head_object(request).await.map_err(|error| match error.code() {
            S3ErrorCode::NoSuchBucket => S3Error::new(S3ErrorCode::NoSuchKey),
            _ => error,
        })
    }

    /// S3 also succeeds if the object does not exist.
    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        match self.objects.delete_object(request).await {
            Err(error) if *error.code() == S3ErrorCode::NoSuchKey => {
                Ok(S3Response::new(DeleteObjectOutput::default()))
            }
            deleted => deleted,
        }
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let key = request.input.key.clone();
        let created = self.objects.create_multipart_upload(request).await?;
        if let Some(upload) = &created.output.upload_id {
            let mut uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
            uploads.insert(upload.clone(), key);
        }
        Ok(created)
    }

    async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        self.check_upload(&request.input.upload_id)?;
        self.objects.upload_part(request).await
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let upload = request.input.upload_id.clone();
        self.check_upload(&upload)?;
        let completed = self.objects.complete_multipart_upload(request).await?;
        self.end_upload(&upload);
        Ok(completed)
    }

    /// s3s-fs answers `AccessDenied` if the upload does not exist.
    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let upload = request.input.upload_id.clone();
        self.check_upload(&upload)?;
        let aborted = self.objects.abort_multipart_upload(request).await?;
        self.end_upload(&upload);
        Ok(aborted)
    }

    async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let prefix = request.input.prefix.unwrap_or_default();
        let uploads = self.uploads.lock().unwrap_or_else(PoisonError::into_inner);
        let found = uploads.iter().filter(|(_, key)| key.starts_with(&prefix));
        let listed = found.map(|(upload, key)| MultipartUpload {
            key: Some(key.clone()),
            upload_id: Some(upload.clone()),
            ..MultipartUpload::default()
        });
        let listed = listed.collect();
        Ok(S3Response::new(ListMultipartUploadsOutput {
            bucket: Some(request.input.bucket),
            prefix: Some(prefix),
            is_truncated: Some(false),
            uploads: Some(listed),
            ..ListMultipartUploadsOutput::default()
        }))
    }
}

//! Measures how long the bucket takes to respond.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use strum::IntoStaticStr;

/// The buckets of the histogram in seconds: from an object store in the same rack to a part over a slow connection.
const SECONDS: [f64; 8] = [0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 15.0];

/// The measurements of one proxy. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct BucketMetrics {
    seconds: Family<Labels, Histogram, fn() -> Histogram>,
}

/// A request to the bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Operation {
    Put,
    BeginUpload,
    PutPart,
    CompleteUpload,
    AbortUpload,
    ListUploads,
    Get,
    Head,
    Delete,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    operation: &'static str,
    outcome: &'static str,
}

impl Default for BucketMetrics {
    fn default() -> Self {
        Self { seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)) }
    }
}

impl BucketMetrics {
    /// Adds the histogram to a registry.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "bucket_response_seconds",
            "Seconds from a request to the S3 bucket to its response by operation and outcome; each try counts",
            self.seconds.clone(),
        );
    }

    /// Records the time until a response, or until the request failed.
    pub(super) fn observe(&self, operation: Operation, succeeded: bool, time: Duration) {
        let outcome = if succeeded { "answered" } else { "failed" };
        let labels = Labels { operation: operation.into(), outcome };
        self.seconds.get_or_create(&labels).observe(time.as_secs_f64());
    }
}

//! Metrics for Prometheus. They contain numbers, codes and routes, but no text from visitors.

use std::fmt;
use std::time::Duration;

use axum::http::Method;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use crate::delivery::DeliveryMetrics;
use crate::store::{Counts, Store};

/// The buckets of the histogram in seconds: from a response that is already in memory to a 100 MB upload
/// over a slow connection that the proxy passes on to a slow CRM.
const BUCKETS: [f64; 9] = [0.005, 0.05, 0.25, 1.0, 2.5, 10.0, 30.0, 120.0, 600.0];

/// The route on which a form is shown and sent.
pub(super) const FORM_ROUTE: &str = "/forms/{id}";

/// All metrics of one proxy.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    responses: Family<ResponseLabels, Counter>,
    seconds: Family<RouteLabels, Histogram, fn() -> Histogram>,
    received: Counter,
    dropped: Counter,
    rejected_origins: Family<FormLabels, Counter>,
    /// Open connections.
    pub(crate) connections: Gauge,
    uploads: Gauge,
    submissions: Family<StateLabels, Gauge>,
    oldest_queued: Gauge,
    free_disk: Gauge,
    paused: Gauge,
    reloads: Family<ReloadLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResponseLabels {
    method: &'static str,
    /// The route in the router, with `{id}`.
    route: String,
    status: u16,
    /// The code of a refusal; empty for other responses.
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FormLabels {
    form: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReloadLabels {
    result: &'static str,
}

impl ReloadLabels {
    fn of(applied: bool) -> Self {
        Self { result: if applied { "applied" } else { "refused" } }
    }
}

impl Metrics {
    pub(crate) fn new(deliveries: &DeliveryMetrics, store: &Store) -> Self {
        let responses = Family::<ResponseLabels, Counter>::default();
        let seconds: Family<RouteLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let reloads = Family::<ReloadLabels, Counter>::default();
        let submissions = Family::<StateLabels, Gauge>::default();
        let received = Counter::default();
        let dropped = Counter::default();
        let rejected_origins = Family::<FormLabels, Counter>::default();
        let (connections, uploads, paused) = (Gauge::default(), Gauge::default(), Gauge::default());
        let (oldest_queued, free_disk) = (Gauge::default(), Gauge::default());
        let mut registry = Registry::with_prefix("deal_proxy");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The version of the program", version);
        deliveries.register(&mut registry);
        store.register_metrics(&mut registry);
        registry.register(
            "responses",
            "Responses by method, route, status and code",
            responses.clone(),
        );
        registry.register(
            "response_seconds",
            "Seconds from the head of a request to its response",
            seconds.clone(),
        );
        registry.register("received_bytes", "Bytes of received submissions", received.clone());
        registry.register(
            "dropped_fields",
            "Unknown fields of plain forms that the proxy dropped",
            dropped.clone(),
        );
        registry.register(
            "rejected_origins",
            "Requests from pages whose origin is not in allowed_origins, by form",
            rejected_origins.clone(),
        );
        registry.register("connections", "Open connections", connections.clone());
        registry.register("uploads", "Submissions that are being read", uploads.clone());
        registry.register(
            "reloads",
            "Reloads of the settings and forms by result",
            reloads.clone(),
        );
        registry.register(
            "submissions",
            "Submissions in the journal by state",
            submissions.clone(),
        );
        registry.register(
            "oldest_queued_seconds",
            "Seconds since the oldest queued submission arrived; 0 if no submission is queued",
            oldest_queued.clone(),
        );
        registry.register(
            "free_disk_bytes",
            "Free bytes on the disk of the spool",
            free_disk.clone(),
        );
        registry.register(
            "deliveries_paused",
            "1 if the CRM's responses say that its address or the key is wrong and no deal has been delivered since",
            paused.clone(),
        );
        // Prometheus sees no increase in a counter that first appears with 1, so start these at 0.
        for result in [true, false].map(ReloadLabels::of) {
            drop(reloads.get_or_create(&result));
        }
        for (method, status, code) in [
            ("POST", 503, "unavailable"),
            ("POST", 403, "origin_not_allowed"),
            ("OPTIONS", 403, "origin_not_allowed"),
        ] {
            let route = FORM_ROUTE.to_owned();
            drop(responses.get_or_create(&ResponseLabels { method, route, status, code }));
        }
        Self {
            registry,
            responses,
            seconds,
            received,
            dropped,
            rejected_origins,
            connections,
            uploads,
            submissions,
            oldest_queued,
            free_disk,
            paused,
            reloads,
        }
    }

    /// Counts a response and its time.
    pub(crate) fn count_response(
        &self,
        method: &Method,
        route: &str,
        status: u16,
        code: &'static str,
        elapsed: Duration,
    ) {
        let method = method_label(method);
        let labels = ResponseLabels { method, route: route.to_owned(), status, code };
        self.responses.get_or_create(&labels).inc();
        let route = RouteLabels { method, route: route.to_owned() };
        self.seconds.get_or_create(&route).observe(elapsed.as_secs_f64());
    }

    /// Counts the bytes of a submission.
    pub(crate) fn count_received(&self, bytes: u64) {
        self.received.inc_by(bytes);
    }

    /// Counts the unknown fields of a plain form that the proxy dropped.
    pub(crate) fn count_dropped(&self, fields: usize) {
        self.dropped.inc_by(u64::try_from(fields).unwrap_or(u64::MAX));
    }

    /// Starts the counters of these forms at 0, as [`Self::new`] does for other counters.
    pub(crate) fn add_forms<'a>(&self, forms: impl Iterator<Item = &'a str>) {
        for form in forms {
            drop(self.rejected_origins.get_or_create(&FormLabels { form: form.to_owned() }));
        }
    }

    /// Counts a request from a page that is not allowed to load or send the form. The form must be one that
    /// the proxy serves, so that the number of labels stays small.
    pub(super) fn count_rejected_origin(&self, form: &str) {
        self.rejected_origins.get_or_create(&FormLabels { form: form.to_owned() }).inc();
    }

    /// Counts a reload.
    pub(crate) fn count_reload(&self, applied: bool) {
        self.reloads.get_or_create(&ReloadLabels::of(applied)).inc();
    }

    /// Sets the number of submissions that are being read.
    pub(crate) fn set_uploads(&self, uploads: usize) {
        self.uploads.set(i64::try_from(uploads).unwrap_or(i64::MAX));
    }

    /// Sets whether retries wait because the CRM's address or the key seems wrong.
    pub(crate) fn set_paused(&self, paused: bool) {
        self.paused.set(i64::from(paused));
    }

    /// Sets the number of submissions in each state. If the journal cannot be read (`None`), removes these values.
    pub(crate) fn set_submissions(&self, counts: Option<Counts>) {
        self.submissions.clear();
        let Some(counts) = counts else { return };
        let Counts { queued, delivered, refused, failed } = counts;
        let states = [
            ("queued", queued),
            ("delivered", delivered),
            ("refused", refused),
            ("failed", failed),
        ];
        for (state, count) in states {
            let gauge = self.submissions.get_or_create(&StateLabels { state });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    /// Sets the age of the oldest queued submission, or 0 for `None`.
    pub(crate) fn set_oldest_queued(&self, age: Option<Duration>) {
        let seconds = age.unwrap_or_default().as_secs();
        self.oldest_queued.set(i64::try_from(seconds).unwrap_or(i64::MAX));
    }

    /// Sets the free space of the spool's disk.
    pub(crate) fn set_free_disk(&self, bytes: u64) {
        self.free_disk.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    /// Returns all metrics in the text format.
    ///
    /// # Errors
    /// None in practice: writing to a `String` does not fail.
    pub(crate) fn encode(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// Returns the method as a label. Clients can invent methods, so all unknown methods share one label.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::POST => "POST",
        _ => "other",
    }
}

//! What is counted, for Prometheus: numbers, codes and routes, nothing that anybody wrote.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::store::Counts;

/// Seconds: from an answer out of memory to a hundred megabytes over a slow line and a slow CRM.
const SECONDS: [f64; 9] = [0.005, 0.05, 0.25, 1.0, 2.5, 10.0, 30.0, 120.0, 600.0];

/// The route on which a form is shown and sent.
pub(super) const FORM_ROUTE: &str = "/forms/{id}";

/// All counts of one proxy.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<Answer, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    received: Counter,
    dropped: Counter,
    /// Open connections.
    pub(crate) connections: Gauge,
    uploads: Gauge,
    submissions: Family<InState, Gauge>,
    paused: Gauge,
    reloads: Family<Reload, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    /// As the router has it, with `{id}` in it.
    route: String,
    status: u16,
    /// Of a refusal; else empty.
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct InState {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reload {
    result: &'static str,
}

impl Reload {
    fn of(taken: bool) -> Self {
        Self { result: if taken { "taken" } else { "refused" } }
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let answers = Family::<Answer, Counter>::default();
        let seconds: Family<Route, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let reloads = Family::<Reload, Counter>::default();
        let submissions = Family::<InState, Gauge>::default();
        let received = Counter::default();
        let dropped = Counter::default();
        let (connections, uploads, paused) = (Gauge::default(), Gauge::default(), Gauge::default());
        let mut registry = Registry::with_prefix("deal_proxy");
        registry.register("answers", "Answers by route, status and code", answers.clone());
        registry.register("answer_seconds", "From a request's head to its answer", seconds.clone());
        registry.register("received_bytes", "Bytes of submissions", received.clone());
        registry.register(
            "dropped_fields",
            "Fields that a plain form sent and the form does not ask for",
            dropped.clone(),
        );
        registry.register("connections", "Open connections", connections.clone());
        registry.register("uploads", "Submissions that are being read", uploads.clone());
        registry.register("reloads", "Configurations read anew", reloads.clone());
        registry.register(
            "submissions",
            "Submissions in the journal by state",
            submissions.clone(),
        );
        registry.register(
            "deliveries_paused",
            "1 while the CRM says that address or key are wrong and no deal got through since",
            paused.clone(),
        );
        // What begins at one has not increased: an alert would miss the first.
        for result in [true, false].map(Reload::of) {
            drop(reloads.get_or_create(&result));
        }
        for (status, code) in [(503, "unavailable"), (403, "origin_not_allowed")] {
            let route = FORM_ROUTE.to_owned();
            drop(answers.get_or_create(&Answer { route, status, code }));
        }
        Self {
            registry,
            answers,
            seconds,
            received,
            dropped,
            connections,
            uploads,
            submissions,
            paused,
            reloads,
        }
    }

    /// One answer.
    pub(crate) fn answered(&self, route: &str, status: u16, code: &'static str, took: Duration) {
        let answer = Answer { route: route.to_owned(), status, code };
        self.answers.get_or_create(&answer).inc();
        let route = Route { route: route.to_owned() };
        self.seconds.get_or_create(&route).observe(took.as_secs_f64());
    }

    /// A submission of that many bytes.
    pub(crate) fn received(&self, bytes: u64) {
        self.received.inc_by(bytes);
    }

    /// Counts the fields of a plain form that were dropped.
    pub(crate) fn dropped(&self, fields: usize) {
        self.dropped.inc_by(u64::try_from(fields).unwrap_or(u64::MAX));
    }

    /// The configuration was read anew, and taken or not.
    pub(crate) fn reloaded(&self, taken: bool) {
        self.reloads.get_or_create(&Reload::of(taken)).inc();
    }

    /// How many submissions are being read.
    pub(crate) fn uploads(&self, uploads: usize) {
        self.uploads.set(i64::try_from(uploads).unwrap_or(i64::MAX));
    }

    /// Whether retries wait for address or key to be mended.
    pub(crate) fn paused(&self, paused: bool) {
        self.paused.set(i64::from(paused));
    }

    /// How many submissions are in which state; nothing where the journal does not say.
    pub(crate) fn submissions(&self, counts: Option<Counts>) {
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
            let gauge = self.submissions.get_or_create(&InState { state });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }

    /// All of them as text.
    ///
    /// # Errors
    /// None that is known: writing to a text does not fail.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

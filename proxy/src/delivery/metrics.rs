//! Counts what happens to the submissions of each form.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use strum::{IntoStaticStr, VariantArray};

/// The counters of one proxy. Clones share them. They count only forms that the proxy serves or has
/// served, so that the number of labels stays small.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeliveryMetrics {
    submissions: Family<SubmissionLabels, Counter>,
    attempts: Family<FormLabels, Counter>,
}

/// What happens to a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Event {
    /// The proxy stored it.
    Received,
    /// The CRM has the deal.
    Delivered,
    /// The CRM refused the deal.
    Refused,
    /// The proxy gave up.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SubmissionLabels {
    form: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FormLabels {
    form: String,
}

impl SubmissionLabels {
    fn of(form: &str, event: Event) -> Self {
        Self { form: form.to_owned(), outcome: event.into() }
    }
}

impl DeliveryMetrics {
    /// Starts the counters of these forms at 0: Prometheus sees no increase in a counter that first
    /// appears with 1.
    pub(crate) fn add_forms<'a>(&self, forms: impl Iterator<Item = &'a str>) {
        for form in forms {
            for event in Event::VARIANTS {
                drop(self.submissions.get_or_create(&SubmissionLabels::of(form, *event)));
            }
            drop(self.attempts.get_or_create(&FormLabels { form: form.to_owned() }));
        }
    }

    /// Adds the counters to a registry.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "form_submissions",
            "Submissions by form and outcome: received by the proxy, delivered to the CRM, refused by it, or failed",
            self.submissions.clone(),
        );
        registry.register(
            "delivery_attempts",
            "Attempts to deliver a submission to the CRM by form",
            self.attempts.clone(),
        );
    }

    pub(super) fn count(&self, form: &str, event: Event) {
        if let Some(counter) = self.submissions.get(&SubmissionLabels::of(form, event)) {
            counter.inc();
        }
    }

    pub(super) fn count_attempt(&self, form: &str) {
        if let Some(counter) = self.attempts.get(&FormLabels { form: form.to_owned() }) {
            counter.inc();
        }
    }
}

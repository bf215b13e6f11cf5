//! A day on which the CRM is unavailable.

use std::sync::Arc;
use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::{Instant, sleep};

use super::clock::JumpingClock;
use super::crm::CrmDatabase;
use super::run::Run;
use super::visitor::{Responses, Visit, visit};
use crate::settings::config::DeliveryRules;
use crate::store::{Counts, SubmissionStatus};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Simulates a day with the default rules: 300 visitors submit during the day, a third of them send a correction, and
/// the proxy restarts several times.
pub(super) async fn run() {
    let (database, responses): (_, Arc<Responses>) = (CrmDatabase::new(1), Arc::default());
    let mut run = Run::first(1, &JumpingClock::default());
    // The outage ends a minute after the last restart, at which the proxy takes what is due.
    database.lock().unavailable_until = Some(Instant::now() + 24 * HOUR + MINUTE);
    let mut proxy = run.start(&database, DeliveryRules::default(), (0, false)).await;
    let mut last = Vec::new();
    for number in 0..400_u64 {
        let bytes = u128::from(number % 300).to_be_bytes();
        let reference = Reference::from_random(bytes);
        let text = number.to_string();
        last.retain(|(known, _)| *known != reference);
        last.push((reference.clone(), text.clone()));
        tokio::spawn(visit(Visit {
            proxy: proxy.clone(),
            database: database.clone(),
            interruptions: Arc::new(run.clone()),
            responses: Arc::clone(&responses),
            reference,
            text,
            has_file: number % 5 == 0,
        }));
        sleep(24 * HOUR / 400).await;
        if number % 100 == 99 {
            assert!(proxy.queue.stop(Instant::now() + Duration::from_secs(30)).await);
            run.end();
            run = run.next();
            proxy = run.start(&database, DeliveryRules::default(), (number, false)).await;
        }
    }
    let waiting = proxy.queue.counts().await.unwrap();
    assert_eq!(waiting, Counts { queued: 300, ..Counts::default() });
    // Sleep for the longest wait that the CRM asks for plus the proxy's own longest wait, including its random part.
    sleep(MINUTE + HOUR + 20 * MINUTE).await;
    let arrived = proxy.queue.counts().await.unwrap();
    assert_eq!(arrived, Counts { delivered: 300, ..Counts::default() });
    for (reference, text) in last {
        let status = proxy.queue.status("form", &reference).await.unwrap();
        assert!(matches!(status.map(|status| status.status), Some(SubmissionStatus::Replied(_))));
        let mut crm = database.lock();
        let stored = &crm.draft(&reference).stored;
        assert_eq!(stored.len(), 1, "{reference} was delivered {} times", stored.len());
        assert_eq!(stored[0].0, text, "the CRM has older content");
    }
    assert!(database.lock().counts.retry_after > 1_000, "the CRM was called too rarely");
    assert!(run.data.file_sets().is_empty());
    run.end();
}

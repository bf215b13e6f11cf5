//! A day on which the CRM is away.

use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::{Instant, sleep};

use super::clock::JumpingClock;
use super::crm::Books;
use super::run::Run;
use super::visitor::{Notes, Visit, visit};
use crate::settings::config::DeliveryRules;
use crate::store::{Counts, SubmissionStatus};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// By the default rules: 300 visitors come in the course of the day, every third corrects something later, and the proxy
/// is restarted now and then.
pub(super) async fn day() {
    let (books, notes) = (Books::new(1), Notes::default());
    let mut run = Run::first(1, &JumpingClock::default());
    books.lock().away_until = Some(Instant::now() + 24 * HOUR);
    let mut proxy = run.start(&books, DeliveryRules::default(), (0, false)).await;
    let mut last = Vec::new();
    for number in 0..400_u64 {
        let bytes = u128::from(number % 300).to_be_bytes();
        let reference = Reference::from_random(bytes);
        let text = number.to_string();
        last.retain(|(known, _)| *known != reference);
        last.push((reference.clone(), text.clone()));
        tokio::spawn(visit(Visit {
            proxy: proxy.clone(),
            books: books.clone(),
            run: run.clone(),
            notes: notes.clone(),
            reference,
            text,
            file: number % 5 == 0,
        }));
        sleep(24 * HOUR / 400).await;
        if number % 100 == 99 {
            assert!(proxy.queue.stop(Instant::now() + Duration::from_secs(30)).await);
            run.end();
            run = run.next();
            proxy = run.start(&books, DeliveryRules::default(), (number, false)).await;
        }
    }
    let waiting = proxy.queue.counts().await.unwrap();
    assert_eq!(waiting, Counts { queued: 300, ..Counts::default() });
    // The longest that the CRM asked for, and the longest wait of ours with what chance adds.
    sleep(HOUR + Duration::from_secs(20 * 60)).await;
    let arrived = proxy.queue.counts().await.unwrap();
    assert_eq!(arrived, Counts { delivered: 300, ..Counts::default() });
    for (reference, text) in last {
        let status = proxy.queue.status("form", &reference).await.unwrap();
        assert!(matches!(status.map(|status| status.status), Some(SubmissionStatus::Replied(_))));
        let mut books = books.lock();
        let stored = &books.draft(&reference).stored;
        assert_eq!(stored.len(), 1, "{reference} was delivered {} times", stored.len());
        assert_eq!(stored[0].0, text, "the CRM has an older one");
    }
    assert!(books.lock().seen.retry_after > 1_000, "the CRM was hardly asked");
    assert!(run.data.file_sets().is_empty());
    run.end();
}

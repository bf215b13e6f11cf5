//! A day on which the CRM is away.

use std::time::Duration;

use deal_contract::reference::Reference;
use tokio::time::{Instant, sleep};

use super::crm::Books;
use super::schedule::{Clock, start};
use super::visitor::{Notes, Visit, visit};
use crate::settings::config::Delivery;
use crate::store::journal::simulated::Life;
use crate::store::journal::{Counts, Standing};
use crate::store::spool::Spool;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Under the usual rules: 300 visitors come in the course of the day, every third corrects something
/// later, and the proxy is started again now and then.
pub(super) async fn day(spool: Spool) {
    let (books, clock, notes) = (Books::new(1), Clock::default(), Notes::default());
    let mut life = Life::first(1);
    books.lock().away_until = Some(Instant::now() + 24 * HOUR);
    let mut queue = start(&books, &life, &spool, &clock, Delivery::default(), (0, false)).await;
    let mut last = Vec::new();
    for number in 0..400_u64 {
        let bytes = u128::from(number % 300).to_be_bytes();
        let reference = Reference::from_random(bytes);
        let said = number.to_string();
        last.retain(|(known, _)| *known != reference);
        last.push((reference.clone(), said.clone()));
        tokio::spawn(visit(Visit {
            queue: queue.clone(),
            books: books.clone(),
            spool: spool.clone(),
            life: life.clone(),
            notes: notes.clone(),
            reference,
            said,
            file: number % 5 == 0,
        }));
        sleep(24 * HOUR / 400).await;
        if number % 100 == 99 {
            assert!(queue.stop(Instant::now() + Duration::from_secs(30)).await);
            life.end();
            life = life.next();
            queue =
                start(&books, &life, &spool, &clock, Delivery::default(), (number, false)).await;
        }
    }
    let waiting = queue.counts().await.unwrap();
    assert_eq!(waiting, Counts { queued: 300, ..Counts::default() });
    // The longest that the CRM asked for, and the longest wait of ours with what chance adds.
    sleep(HOUR + Duration::from_secs(20 * 60)).await;
    let arrived = queue.counts().await.unwrap();
    assert_eq!(arrived, Counts { delivered: 300, ..Counts::default() });
    for (reference, said) in last {
        let status = queue.tell("form", &reference).await.unwrap();
        assert!(matches!(status.map(|status| status.standing), Some(Standing::Answered(_))));
        let mut books = books.lock();
        let stored = &books.draft(&reference).stored;
        assert_eq!(stored.len(), 1, "{reference} was delivered {} times", stored.len());
        assert_eq!(stored[0].0, said, "the CRM has an older one");
    }
    assert!(books.lock().seen.retry_after > 1_000, "the CRM was hardly asked");
    assert!(spool.folders().unwrap().is_empty());
    life.end();
}

use super::world::{Proxy, World, delivered, failed, new, refused};
use crate::store::quota::QuotaRemoval;
use crate::store::{Answers, FileSetId, Filter, NewSubmission, StoredFile};

/// How a submission ended.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Refused,
    RefusedAndSeen,
    Failed,
}

use End::{Failed, Refused, RefusedAndSeen};

/// Creates a proxy with settled submissions, each with a one-megabyte file.
async fn settled(world: &World, ends: &[End]) -> Proxy {
    let proxy = world.proxy();
    for (number, end) in (1..).zip(ends) {
        let file = StoredFile {
            name: "a.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: 1_000_000,
            file: "0".to_owned(),
        };
        let values = vec![("contact_name".to_owned(), "Zoë".to_owned())];
        let ticket = proxy
            .submit(NewSubmission {
                answers: Answers { values, files: vec![file], ..Answers::default() },
                files: Some(set(number)),
                ..new(number, "Zoë")
            })
            .await;
        let outcome = if *end == Failed { failed() } else { refused() };
        assert!(proxy.settle(ticket, &outcome).await);
        // The mark has no effect on a failure.
        if *end != Refused {
            proxy.mark_seen(number).await;
        }
        world.advance(std::time::Duration::from_secs(1));
    }
    // A delivered submission does not use any of the quota.
    let ticket = proxy.submit(new(99, "Zoë")).await;
    assert!(proxy.settle(ticket, &delivered()).await);
    proxy
}

fn set(number: u8) -> FileSetId {
    FileSetId(format!("{number:032}"))
}

async fn check(proxy: &Proxy, share: u64, files: &[u8], unseen: usize, left: u64) {
    let mut removal = proxy.rows.enforce_quota(share).await.unwrap();
    removal.files.sort();
    let files = files.iter().map(|number| set(*number)).collect();
    assert_eq!(removal, QuotaRemoval { files, unseen });
    let counts = proxy.rows.counts().await.unwrap();
    assert_eq!((counts.refused + counts.failed, counts.delivered), (left, 1));
}

pub(super) async fn removes_seen_refusals_first_and_unseen_answers_last(world: World) {
    let ends = [Refused, RefusedAndSeen, Refused, RefusedAndSeen, RefusedAndSeen];
    let proxy = settled(&world, &ends).await;
    check(&proxy, 5_200_000, &[], 0, 5).await;
    check(&proxy, 3_200_000, &[2, 4], 0, 3).await;
    check(&proxy, 1_100_000, &[1, 5], 1, 2).await;
    check(&proxy, 100_000, &[3], 1, 2).await;
    check(&proxy, 6_000, &[], 1, 1).await;
    check(&proxy, 0, &[], 1, 0).await;
}

pub(super) async fn enforces_one_quota_for_failures_and_refusals(world: World) {
    let proxy = settled(&world, &[Failed, Refused, RefusedAndSeen, Failed]).await;
    check(&proxy, 4_200_000, &[], 0, 4).await;
    check(&proxy, 3_100_000, &[3], 0, 3).await;
    check(&proxy, 1_100_000, &[1, 2], 2, 3).await;
    check(&proxy, 100_000, &[4], 1, 3).await;
    check(&proxy, 6_000, &[], 2, 1).await;
    check(&proxy, 0, &[], 1, 0).await;
}

pub(super) async fn keeps_the_problem_of_a_failed_submission_without_its_files(world: World) {
    let proxy = settled(&world, &[Failed, Refused]).await;
    check(&proxy, 100_000, &[1, 2], 2, 2).await;
    let page = proxy.rows.list(&Filter::default(), None, 9).await.unwrap();
    let problem = |index: usize| page.items[index].0.problem.clone().unwrap_or_default();
    assert!(
        problem(0).starts_with("the CRM is unavailable; its files were removed:"),
        "{}",
        problem(0)
    );
    assert!(problem(1).starts_with("its files were removed:"), "{}", problem(1));
    // The answers can still be sent.
    proxy.rows.retry(&Filter::default()).await.unwrap();
    let due = proxy.rows.take_due(9, &[]).await.unwrap();
    assert!(!due[0].has_files);
    let delivery = proxy.claim(due[0].ticket).await;
    assert_eq!((delivery.answers.values.len(), delivery.answers.files.len()), (1, 0));
}

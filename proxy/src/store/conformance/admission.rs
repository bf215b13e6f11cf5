use std::time::Duration;

use super::world::{
    World, deal, delivered, draft, failed, new, numbered, reference, refusal, refused,
};
use crate::store::admission::Replaced;
use crate::store::{
    AdmissionKind, ClaimResult, Mark, NewSubmission, Outcome, StatusReport, SubmissionStatus,
};

pub(super) async fn repeats_the_reply_for_the_same_content(world: World) {
    let proxy = world.proxy();
    for (byte, reply) in [(1, deal()), (2, refusal())] {
        let ticket = proxy.submit(new(byte, "Zoë")).await;
        assert_eq!(proxy.admit(new(byte, "Zoë")).await, AdmissionKind::Known(ticket));
        assert!(proxy.settle(ticket, &Outcome::Replied(reply.clone())).await);
        assert_eq!(proxy.admit(new(byte, "Zoë")).await, AdmissionKind::Replied(reply));
    }
}

pub(super) async fn replaces_earlier_content_of_the_same_draft(world: World) {
    let proxy = world.proxy();
    let first = proxy.submit(new(1, "Zoë")).await;
    let kind = proxy.admit(new(1, "Zoe")).await;
    let AdmissionKind::Stored { ticket: second, replaced, .. } = kind else { panic!("{kind:?}") };
    assert!(second > first);
    assert_eq!(replaced, Some(Replaced { ticket: first, files: None }));
    assert!(matches!(proxy.rows.claim(first).await.unwrap(), ClaimResult::Gone));
    assert_eq!(proxy.status(1).await, Some(SubmissionStatus::Received));
    assert_eq!(proxy.claim(second).await.answers.values[0].1, "Zoe");
    // After delivery, new content updates the same deal.
    assert!(proxy.settle(second, &delivered()).await);
    assert!(proxy.submit(new(1, "Zoë")).await > second);
    assert_eq!(proxy.status(1).await, Some(SubmissionStatus::Received));
}

pub(super) async fn refuses_the_reference_of_another_form(world: World) {
    let proxy = world.proxy();
    proxy.submit(new(1, "Zoë")).await;
    let other = NewSubmission { form: "callback".to_owned(), ..new(1, "Zoë") };
    assert_eq!(proxy.admit(other).await, AdmissionKind::AnotherForm);
    assert_eq!(proxy.rows.status("callback", &reference(1)).await.unwrap(), None);
}

pub(super) async fn admits_a_failed_submission_again(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(new(1, "Zoë")).await;
    assert!(proxy.settle(ticket, &failed()).await);
    assert_eq!(proxy.status(1).await, Some(SubmissionStatus::Failed));
    assert!(proxy.submit(new(1, "Zoë")).await > ticket);
}

pub(super) async fn repeats_a_refusal_for_two_minutes_and_then_calls_the_crm_again(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(new(1, "Zoë")).await;
    proxy.settle(ticket, &refused()).await;
    world.advance(Duration::from_secs(60));
    assert_eq!(proxy.admit(new(1, "Zoë")).await, AdmissionKind::Replied(refusal()));
    world.advance(Duration::from_secs(120));
    assert!(proxy.submit(new(1, "Zoë")).await > ticket);
}

pub(super) async fn ignores_an_older_revision_that_arrives_late(world: World) {
    let proxy = world.proxy();
    let newest = proxy.submit(numbered("new", 2)).await;
    let report =
        StatusReport { status: SubmissionStatus::Received, revision: numbered("", 2).revision };
    assert_eq!(proxy.admit(numbered("old", 1)).await, AdmissionKind::Outdated(report.clone()));
    assert_eq!(proxy.rows.status("quote", &reference(1)).await.unwrap(), Some(report));
    proxy.settle(newest, &delivered()).await;
    match proxy.admit(numbered("old", 1)).await {
        AdmissionKind::Outdated(StatusReport { status, .. }) => {
            assert_eq!(status, SubmissionStatus::Replied(deal()));
        }
        other => panic!("{other:?}"),
    }
}

pub(super) async fn reports_the_highest_revision_of_the_same_content(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(numbered("same", 1)).await;
    for (sent, expected) in [(3, 3), (2, 3)] {
        assert_eq!(proxy.admit(numbered("same", sent)).await, AdmissionKind::Known(ticket));
        let report = proxy.rows.status("quote", &reference(1)).await.unwrap().unwrap();
        assert_eq!(report.revision.map(|revision| revision.number), Some(expected));
    }
    // Content with a revision in between is outdated.
    let between = proxy.admit(numbered("between", 2)).await;
    assert!(matches!(between, AdmissionKind::Outdated(_)), "{between:?}");
}

pub(super) async fn marks_corrections_but_not_repetitions(world: World) {
    let proxy = world.proxy();
    for (value, number, expected) in
        [("first", 1, false), ("first", 2, false), ("second", 3, true), ("second", 4, true)]
    {
        let ticket = proxy.submit(numbered(value, number)).await;
        assert_eq!(proxy.claim(ticket).await.correction, expected, "{value} {number}");
        assert!(proxy.settle(ticket, &failed()).await);
    }
}

pub(super) async fn treats_new_content_of_a_plain_page_as_another_draft_after_the_confirmation(
    world: World,
) {
    let proxy = world.proxy();
    proxy.submit(new(1, "Ana")).await;
    // The page may correct its submission until it has confirmed to its visitor that the submission
    // arrived.
    let ana = proxy.submit(new(1, "Anna")).await;
    proxy.rows.mark("quote", &reference(1), Mark::ArrivalConfirmed).await.unwrap();
    assert_eq!(proxy.admit(new(1, "Anna")).await, AdmissionKind::Known(ana));
    assert_eq!(proxy.admit(new(1, "Ben")).await, AdmissionKind::AnotherDraft);
    let ben = || NewSubmission { fallback: Some(draft(2, "Ben")), ..new(1, "Ben") };
    let admission = proxy.rows.admit(ben()).await.unwrap();
    assert_eq!(admission.reference, reference(2));
    let AdmissionKind::Stored { ticket, replaced: None, .. } = admission.kind else {
        panic!("{admission:?}")
    };
    // The same request again, after a double click.
    assert_eq!(proxy.admit(ben()).await, AdmissionKind::Known(ticket));
    assert_eq!(proxy.claim(ana).await.answers.values[0].1, "Anna");
}

pub(super) async fn ignores_a_plain_request_that_began_before_the_newer_content(world: World) {
    let proxy = world.proxy();
    let began_after = proxy.rows.newest_ticket().await.unwrap();
    proxy.submit(new(1, "new")).await;
    let late = proxy.admit(NewSubmission { began_after, ..new(1, "old") }).await;
    assert!(matches!(late, AdmissionKind::Outdated(_)), "{late:?}");
}

pub(super) async fn delays_a_correction_as_long_as_the_crm_asked(world: World) {
    let proxy = world.proxy();
    let ticket = proxy.submit(new(1, "Ana")).await;
    let (problem, wait) = ("away".to_owned(), Duration::from_secs(600));
    let deferred = Outcome::Retry { problem, wait, deferred: true, counts: true };
    assert!(proxy.settle(ticket, &deferred).await);
    world.advance(Duration::from_secs(200));
    let kind = proxy.admit(new(1, "Anna")).await;
    let AdmissionKind::Stored { ticket, due_in, .. } = kind else { panic!("{kind:?}") };
    assert_eq!(due_in, Some(Duration::from_secs(400)));
    world.advance(Duration::from_secs(399));
    assert_eq!(proxy.take_due().await, []);
    world.advance(Duration::from_secs(1));
    assert_eq!(proxy.take_due().await, [ticket]);
}

pub(super) async fn admits_parallel_copies_of_a_submission_once(world: World) {
    let proxies = [world.proxy(), world.proxy()];
    let copies = (0..8).map(|number| proxies[number % 2].admit(new(1, "Ana")));
    let kinds = futures_util::future::join_all(copies).await;
    let entered = kinds.iter().filter(|kind| matches!(kind, AdmissionKind::Stored { .. }));
    assert_eq!(entered.count(), 1, "{kinds:?}");
    let known = kinds.iter().filter(|kind| matches!(kind, AdmissionKind::Known(_)));
    assert_eq!(known.count(), 7, "{kinds:?}");
}

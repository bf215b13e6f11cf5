//! Two proxies on one journal: each submission is delivered by one of them at a time.

use super::*;

/// Two stores on one file, as two proxies would have them.
fn two_proxies() -> (tempfile::TempDir, Store, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.sqlite");
    let (one, other) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
    (folder, one, other)
}

#[track_caller]
fn granted(store: &mut Store, ticket: Ticket, now: Moment) -> Parcel {
    match store.claim(ticket, now).unwrap() {
        Claimed::Granted(parcel) => parcel,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_held(store: &mut Store, ticket: Ticket, now: Moment) {
    let claimed = store.claim(ticket, now).unwrap();
    assert!(matches!(claimed, Claimed::Held(_)), "{claimed:?}");
}

fn away() -> Settlement {
    later(1, true)
}

#[test]
fn another_proxy_cannot_claim_a_submission_until_the_lease_ends() {
    let (_folder, mut one, mut other) = two_proxies();
    let ticket = enter(&mut one, &arrival(1, "Ana", None));
    assert_held(&mut other, ticket, NOW);
    let parcel = granted(&mut one, ticket, NOW);
    assert_held(&mut other, ticket, NOW.plus(LEASE * 9 / 10));
    assert!(one.renew(&parcel.claim, NOW.plus(LEASE / 2)).unwrap());
    assert_held(&mut other, ticket, NOW.plus(LEASE));
    granted(&mut other, ticket, NOW.plus(LEASE * 2));
    assert!(!one.renew(&parcel.claim, NOW.plus(LEASE * 2)).unwrap());
}

#[test]
fn a_settlement_counts_only_with_the_last_claim() {
    let (_folder, mut one, mut other) = two_proxies();
    let ticket = enter(&mut one, &arrival(1, "Ana", None));
    let lost = granted(&mut one, ticket, NOW);
    let after = NOW.plus(LEASE * 2);
    let parcel = granted(&mut other, ticket, after);
    let refused = Settlement::Answered(refused());
    assert!(!one.settle(&lost.claim, &refused, after).unwrap());
    assert_held(&mut one, ticket, after);
    assert!(other.settle(&parcel.claim, &Settlement::Answered(delivered()), after).unwrap());
    assert!(!other.settle(&parcel.claim, &refused, after).unwrap());
    let standing = one.standing("quote", &reference(1)).unwrap();
    assert_eq!(standing, Some(Standing::Answered(delivered())));
}

#[test]
fn a_settlement_that_is_not_final_frees_the_submission_for_every_proxy() {
    let (_folder, mut one, mut other) = two_proxies();
    let ticket = enter(&mut one, &arrival(1, "Ana", None));
    let parcel = granted(&mut one, ticket, NOW);
    assert!(one.settle(&parcel.claim, &away(), NOW).unwrap());
    granted(&mut other, ticket, NOW);
}

#[test]
fn a_correction_waits_for_the_delivery_of_the_content_that_it_replaces() {
    let (_folder, mut one, mut other) = two_proxies();
    let first = enter(&mut one, &arrival(1, "Ana", None));
    let parcel = granted(&mut one, first, NOW);
    let corrected = enter(&mut other, &arrival(1, "Anna", None));
    assert_held(&mut other, corrected, NOW);
    assert!(one.renew(&parcel.claim, NOW.plus(LEASE)).unwrap());
    assert_held(&mut other, corrected, NOW.plus(LEASE));
    // The call for the replaced content has ended.
    assert!(!one.settle(&parcel.claim, &Settlement::Answered(delivered()), NOW).unwrap());
    let parcel = granted(&mut other, corrected, NOW);
    assert!(other.settle(&parcel.claim, &Settlement::Answered(delivered()), NOW).unwrap());
}

#[test]
fn a_start_ends_the_claims_of_proxies_that_were_killed() {
    let (_folder, mut killed, mut next) = two_proxies();
    let ticket = enter(&mut killed, &arrival(1, "Ana", None));
    assert_held(&mut next, ticket, NOW);
    next.release_others().unwrap();
    granted(&mut next, ticket, NOW);
}

#[test]
fn the_proxy_that_takes_a_submission_delivers_it_without_another_commit() {
    let mut store = Store::in_memory();
    let ticket = enter(&mut store, &arrival(1, "Ana", None));
    let before = store.connection.total_changes();
    granted(&mut store, ticket, NOW.plus(Duration::from_secs(1)));
    assert_eq!(store.connection.total_changes(), before);
}

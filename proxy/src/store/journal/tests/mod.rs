//! What the journal keeps, replaces, replays and forgets.

mod claims;

use std::path::Path;
use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;

use super::store::Store;
use super::*;
use crate::settings::clock::Moment;
use crate::store::spool::FolderName;

const NOW: Moment = Moment(1_000_000);

fn reference(byte: u8) -> Reference {
    Reference::from_random([byte; 16])
}

fn arrival(byte: u8, value: &str, folder: Option<&str>) -> Arrival {
    let values = vec![("contact_name".to_owned(), value.to_owned())];
    let reference = reference(byte);
    let pairs = values.iter().map(|(name, value)| (&**name, &**value));
    Arrival {
        form: "quote".to_owned(),
        content: Content::of("quote", Some(&reference), pairs, std::iter::empty()),
        reference,
        body: Body { values, files: Vec::new() },
        folder: folder.map(|name| FolderName::known(name.to_owned())),
        revision: None,
        begun: Ticket(i64::MAX),
        otherwise: None,
    }
}

fn admit(store: &mut Store, arrival: &Arrival, now: Moment) -> Admitted {
    let Admission { reference, admitted } = store.admit(arrival, now).unwrap();
    assert_eq!(reference, arrival.reference);
    admitted
}

fn enter(store: &mut Store, arrival: &Arrival) -> Ticket {
    match admit(store, arrival, NOW) {
        Admitted::Entered { ticket, .. } => ticket,
        other => panic!("{other:?}"),
    }
}

fn delivered() -> Answer {
    let deal_id = "5452".to_owned();
    Answer::Delivered(deal_contract::reply::Deal { deal_id, ..Default::default() })
}

fn refused() -> Answer {
    Answer::Refused("Wrong stage".to_owned())
}

fn claim(store: &mut Store, ticket: Ticket) -> Option<Parcel> {
    match store.claim(ticket, NOW).unwrap() {
        Claimed::Granted(parcel) => Some(parcel),
        Claimed::Gone => None,
        Claimed::Held(until) => panic!("held until {until}"),
    }
}

/// Settles a submission that waits, and tells whether that counted.
fn end(store: &mut Store, ticket: Ticket, settlement: &Settlement) -> bool {
    claim(store, ticket).is_some_and(|parcel| store.settle(&parcel.claim, settlement, NOW).unwrap())
}

fn settle(store: &mut Store, ticket: Ticket, answer: Answer) -> bool {
    end(store, ticket, &Settlement::Answered(answer))
}

fn later(wait: u64, counts: bool) -> Settlement {
    let wait = Duration::from_secs(wait);
    Settlement::Later {
        problem: "away".to_owned(),
        due_at: NOW.plus(wait),
        wait,
        asked: false,
        counts,
    }
}

#[test]
fn what_was_settled_is_answered_the_same_again() {
    for answer in [delivered(), refused()] {
        let mut store = Store::in_memory();
        let ticket = enter(&mut store, &arrival(1, "Zoë", None));
        assert_eq!(admit(&mut store, &arrival(1, "Zoë", None), NOW), Admitted::Known(ticket));
        assert!(settle(&mut store, ticket, answer.clone()));
        let again = admit(&mut store, &arrival(1, "Zoë", None), NOW);
        assert_eq!(again, Admitted::Answered(answer));
    }
}

#[test]
fn another_content_takes_the_place_of_the_one_before_and_an_old_attempt_settles_nothing() {
    let mut store = Store::in_memory();
    let first = enter(&mut store, &arrival(1, "Zoë", Some("a")));
    let Admitted::Entered { ticket: second, replaced: Some(replaced) } =
        admit(&mut store, &arrival(1, "Zoe", Some("b")), NOW)
    else {
        panic!("it was not replaced");
    };
    assert!(second > first);
    let folder = Some(FolderName::known("a".to_owned()));
    assert_eq!(replaced, Replaced { ticket: first, folder });
    assert!(!settle(&mut store, first, delivered()), "an old attempt settled the new content");
    assert_eq!(store.standing("quote", &reference(1)).unwrap(), Some(Standing::Received));
    assert_eq!(claim(&mut store, first).map(|_| ()), None);
    assert_eq!(claim(&mut store, second).unwrap().body.values[0].1, "Zoe");
    // After delivery, another content begins anew: an update of the same deal.
    assert!(settle(&mut store, second, delivered()));
    let third = enter(&mut store, &arrival(1, "Zoë", None));
    assert!(third > second);
    assert_eq!(store.standing("quote", &reference(1)).unwrap(), Some(Standing::Received));
}

#[test]
fn a_reference_stays_with_its_form() {
    let mut store = Store::in_memory();
    enter(&mut store, &arrival(1, "Zoë", None));
    let other = Arrival { form: "callback".to_owned(), ..arrival(1, "Zoë", None) };
    assert_eq!(admit(&mut store, &other, NOW), Admitted::Foreign);
    assert_eq!(store.standing("callback", &reference(1)).unwrap(), None);
}

#[test]
fn waits_are_added_up_only_where_they_count() {
    let mut store = Store::in_memory();
    let ticket = enter(&mut store, &arrival(1, "Zoë", None));
    for (wait, counts) in [(5, true), (60, false), (7, true)] {
        assert!(end(&mut store, ticket, &later(wait, counts)));
    }
    let parcel = claim(&mut store, ticket).unwrap();
    assert_eq!((parcel.attempts, parcel.waited), (2, Duration::from_secs(12)));
    let [open] = &store.open_entries().unwrap()[..] else { panic!("one is open") };
    let wait = Duration::from_secs(7);
    assert_eq!((open.ticket, open.due_at, open.wait), (ticket, NOW.plus(wait), wait));
}

#[test]
fn what_failed_begins_anew_when_it_is_sent_again() {
    let mut store = Store::in_memory();
    let ticket = enter(&mut store, &arrival(1, "Zoë", Some("a")));
    let failed = Settlement::Failed { problem: "away for good".to_owned() };
    assert!(end(&mut store, ticket, &failed));
    assert_eq!(store.standing("quote", &reference(1)).unwrap(), Some(Standing::Failed));
    assert!(enter(&mut store, &arrival(1, "Zoë", Some("b"))) > ticket);
}

#[test]
fn a_refusal_is_said_again_for_a_while_and_then_the_crm_is_asked_again() {
    let mut store = Store::in_memory();
    let ticket = enter(&mut store, &arrival(1, "Zoë", Some("a")));
    settle(&mut store, ticket, refused());
    let soon = NOW.plus(Duration::from_secs(60));
    let again = admit(&mut store, &arrival(1, "Zoë", Some("b")), soon);
    assert_eq!(again, Admitted::Answered(refused()));
    let later = NOW.plus(Duration::from_secs(180));
    let folder = Some(FolderName::known("a".to_owned()));
    match admit(&mut store, &arrival(1, "Zoë", Some("b")), later) {
        Admitted::Entered { replaced, .. } => {
            assert_eq!(replaced, Some(Replaced { ticket, folder }));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_refused_stays_until_its_visitor_has_heard_of_it() {
    let mut store = Store::in_memory();
    let later = NOW.plus(Duration::from_secs(60));
    for byte in 1..=3 {
        let ticket = enter(&mut store, &arrival(byte, "x", None));
        settle(&mut store, ticket, refused());
    }
    store.forget(later).unwrap();
    assert_eq!(store.counts().unwrap().refused, 3);
    // One asks for the status, another sends again.
    let heard = Some(Standing::Answered(refused()));
    let told = store.tell("quote", &reference(1)).unwrap();
    assert_eq!(told.map(|status| status.standing), heard);
    admit(&mut store, &arrival(2, "x", None), NOW);
    store.forget(later).unwrap();
    assert_eq!(store.counts().unwrap().refused, 1);
    assert_eq!(store.standing("quote", &reference(3)).unwrap(), heard);
}

#[test]
fn old_answers_are_forgotten_and_nothing_else() {
    let mut store = Store::in_memory();
    let tickets: Vec<Ticket> = (0..4)
        .map(|byte| enter(&mut store, &arrival(byte, "x", Some(&byte.to_string()))))
        .collect();
    settle(&mut store, tickets[0], delivered());
    settle(&mut store, tickets[1], refused());
    store.tell("quote", &reference(1)).unwrap();
    end(&mut store, tickets[2], &Settlement::Failed { problem: "gone".to_owned() });
    let counts = Counts { queued: 1, delivered: 1, refused: 1, failed: 1 };
    assert_eq!(store.counts().unwrap(), counts);
    assert_eq!(store.forget(NOW).unwrap(), []);
    assert_eq!(store.counts().unwrap(), counts);
    // Delivered files are gone already.
    let folders = store.forget(NOW.plus(Duration::from_millis(1))).unwrap();
    assert_eq!(folders, [FolderName::known("1".to_owned())]);
    assert_eq!(store.counts().unwrap(), Counts { queued: 1, failed: 1, ..Counts::default() });
}

#[test]
fn nothing_that_a_visitor_wrote_stays_on_disk_once_the_crm_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let mut store = Store::open(&path).unwrap();
    let ticket = enter(&mut store, &arrival(1, "Zerberus", None));
    let on_disk = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect::<Vec<_>>().concat()
    };
    let found = |bytes: &[u8]| bytes.windows(8).any(|eight| eight == b"Zerberus");
    assert!(found(&on_disk()), "it was never there");
    settle(&mut store, ticket, delivered());
    drop(store);
    assert!(!found(&on_disk()));
}

#[test]
fn a_journal_of_a_newer_proxy_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    drop(Store::open(&path).unwrap());
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    let error = Store::open(&path).unwrap_err();
    let words = "the journal was written by a newer proxy (version 99); start that one";
    assert_eq!(error.to_string(), words);
    // Nor does an operator's command bring a journal up to date that an older proxy may be using.
    connection.pragma_update(None, "user_version", 0).unwrap();
    let error = Submissions::open(folder.path()).unwrap_err();
    let words = "the journal was written by an older proxy (version 0); start this one first";
    assert_eq!(error.to_string(), words);
}

#[test]
fn a_setting_that_does_not_take_is_an_error() {
    // A journal in memory cannot be in WAL mode.
    let error = Store::open(Path::new(":memory:")).unwrap_err();
    assert!(matches!(error, JournalError::Pragma { name: "journal_mode", .. }), "{error}");
}

#[tokio::test]
async fn a_journal_is_the_same_after_it_was_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let journal = Journal::open(&path).unwrap();
    journal.admit(arrival(1, "Zoë", Some("a")), NOW).await.unwrap();
    let open = journal.open_entries().await.unwrap();
    drop(journal);
    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.open_entries().await.unwrap(), open);
    assert_eq!(journal.folders().await.unwrap(), [FolderName::known("a".to_owned())]);
}

#[tokio::test]
async fn what_an_operator_changes_is_noticed_once() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join(FILE)).unwrap();
    journal.admit(arrival(1, "Zoë", None), NOW).await.unwrap();
    assert_eq!(journal.changed_entries().await.unwrap(), None);
    let mut operator = Submissions::open(folder.path()).unwrap();
    let all = Filter::default();
    assert_eq!(operator.retry(&all).unwrap(), [reference(1).as_str()]);
    assert_eq!(journal.changed_entries().await.unwrap().map(|open| open.len()), Some(1));
    assert_eq!(journal.changed_entries().await.unwrap(), None);
    // Nothing that is on its way goes unless it is named.
    assert_eq!(operator.purge(&all).unwrap(), [""; 0]);
    let named = Filter { references: vec![reference(1).to_string()], ..all };
    assert_eq!(operator.purge(&named).unwrap(), [reference(1).as_str()]);
    assert_eq!(journal.counts().await.unwrap(), Counts::default());
}

fn numbered(value: &str, number: u32) -> Arrival {
    Arrival {
        revision: Some(Revision { session: "7".to_owned(), number }),
        ..arrival(1, value, None)
    }
}

#[test]
fn an_older_revision_that_arrives_late_replaces_nothing() {
    let mut store = Store::in_memory();
    let newest = enter(&mut store, &numbered("new", 2));
    let status = Status {
        standing: Standing::Received,
        revision: Some(Revision { session: "7".to_owned(), number: 2 }),
    };
    assert_eq!(admit(&mut store, &numbered("old", 1), NOW), Admitted::Outdated(status.clone()));
    assert_eq!(store.tell("quote", &reference(1)).unwrap(), Some(status));
    settle(&mut store, newest, delivered());
    match admit(&mut store, &numbered("old", 1), NOW) {
        Admitted::Outdated(Status { standing, .. }) => {
            assert_eq!(standing, Standing::Answered(delivered()));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_status_names_the_revision_that_was_sent_last_with_the_same_content() {
    let mut store = Store::in_memory();
    let ticket = enter(&mut store, &numbered("same", 1));
    let revision = |store: &mut Store| {
        let status = store.tell("quote", &reference(1)).unwrap().unwrap();
        status.revision.map(|revision| revision.number)
    };
    assert_eq!(admit(&mut store, &numbered("same", 3), NOW), Admitted::Known(ticket));
    assert_eq!(revision(&mut store), Some(3));
    assert_eq!(admit(&mut store, &numbered("same", 2), NOW), Admitted::Known(ticket));
    assert_eq!(revision(&mut store), Some(3));
    // A content in between is outdated, although the first one was older.
    assert!(matches!(admit(&mut store, &numbered("between", 2), NOW), Admitted::Outdated(_)));
}

#[test]
fn a_correction_is_marked_and_a_repetition_is_not() {
    let mut store = Store::in_memory();
    let is_correction = |store: &mut Store, ticket| claim(store, ticket).unwrap().correction;
    let first = enter(&mut store, &numbered("first", 1));
    assert!(!is_correction(&mut store, first));
    end(&mut store, first, &Settlement::Failed { problem: String::new() });
    let again = enter(&mut store, &numbered("first", 2));
    assert!(!is_correction(&mut store, again));
    let corrected = enter(&mut store, &numbered("second", 3));
    assert!(is_correction(&mut store, corrected));
    end(&mut store, corrected, &Settlement::Failed { problem: String::new() });
    let again = enter(&mut store, &numbered("second", 4));
    assert!(is_correction(&mut store, again));
}

#[test]
fn other_content_of_a_plain_page_is_another_draft_after_the_confirmation() {
    let mut store = Store::in_memory();
    enter(&mut store, &arrival(1, "Ana", None));
    // Stopped before the answer, it may be corrected.
    let ana = enter(&mut store, &arrival(1, "Anna", None));
    store.confirm("quote", &reference(1)).unwrap();
    assert_eq!(admit(&mut store, &arrival(1, "Anna", None), NOW), Admitted::Known(ana));
    assert_eq!(admit(&mut store, &arrival(1, "Ben", None), NOW), Admitted::AnotherDraft);
    let Arrival { content, .. } = arrival(2, "Ben", None);
    let otherwise = Some(OtherDraft { reference: reference(2), content });
    let ben = Arrival { otherwise, ..arrival(1, "Ben", None) };
    let Admission { reference: known_as, admitted } = store.admit(&ben, NOW).unwrap();
    assert_eq!(known_as, reference(2));
    let Admitted::Entered { ticket, replaced: None } = admitted else { panic!("{admitted:?}") };
    // Pressed twice, it is one draft.
    let otherwise = Some(OtherDraft { reference: reference(2), content });
    let ben = Arrival { otherwise, ..arrival(1, "Ben", None) };
    assert_eq!(store.admit(&ben, NOW).unwrap().admitted, Admitted::Known(ticket));
    assert_eq!(claim(&mut store, ana).unwrap().body.values[0].1, "Anna");
}

#[test]
fn a_plain_request_that_began_before_the_newer_content_arrived_replaces_nothing() {
    let mut store = Store::in_memory();
    let begun = store.newest_ticket().unwrap();
    enter(&mut store, &arrival(1, "new", None));
    let late = Arrival { begun, ..arrival(1, "old", None) };
    assert!(matches!(admit(&mut store, &late, NOW), Admitted::Outdated(_)));
}

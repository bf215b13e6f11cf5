use super::*;

const SECOND: Duration = Duration::from_secs(1);
const PROBE: Duration = Duration::from_secs(60);

fn reference(byte: u8) -> Reference {
    Reference::from_random([byte; 16])
}

fn delivery(number: i64, byte: u8) -> ScheduledDelivery {
    ScheduledDelivery { ticket: Ticket(number), reference: reference(byte), has_files: false }
}

fn start(number: i64, byte: u8) -> Step {
    Step::Start(delivery(number, byte))
}

#[test]
fn starts_first_attempts_before_retries_and_retries_by_due_time() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    scheduler.add(delivery(1, 1), Priority::Retry, now);
    scheduler.add(delivery(2, 2), Priority::Retry, now - SECOND);
    scheduler.add(delivery(3, 3), Priority::Retry, now + SECOND);
    scheduler.add(delivery(4, 4), Priority::FirstAttempt, now);
    assert_eq!(scheduler.next(now), start(4, 4));
    assert_eq!(scheduler.next(now), start(2, 2));
    assert_eq!(scheduler.next(now), start(1, 1));
    assert_eq!(scheduler.next(now), Step::Wait(Some(now + SECOND)));
    assert_eq!(scheduler.next(now + SECOND), start(3, 3));
    assert_eq!(scheduler.next(now + SECOND), Step::Wait(None));
}

#[test]
fn starts_a_retry_after_three_first_attempts() {
    let (mut scheduler, now) = (Scheduler::new(99, PROBE), Instant::now());
    for byte in 1..=9 {
        scheduler.add(delivery(byte.into(), byte), Priority::FirstAttempt, now);
    }
    scheduler.add(delivery(10, 10), Priority::Retry, now);
    let started: Vec<i64> = (0..4)
        .map(|_| match scheduler.next(now) {
            Step::Start(delivery) => delivery.ticket.0,
            Step::Wait(_) => 0,
        })
        .collect();
    assert_eq!(started, [1, 2, 3, 10]);
    assert_eq!(scheduler.next(now), start(4, 4));
}

#[test]
fn starts_no_retry_while_the_proxy_stops() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    scheduler.add(delivery(1, 1), Priority::Retry, now);
    scheduler.stop_retries();
    scheduler.add(delivery(2, 2), Priority::FirstAttempt, now);
    assert_eq!(scheduler.next(now), start(2, 2));
    assert_eq!(scheduler.next(now), Step::Wait(None));
}

#[test]
fn reserves_a_place_for_submissions_without_files() {
    let (mut scheduler, now) = (Scheduler::new(3, PROBE), Instant::now());
    for byte in 1..=3 {
        scheduler.add(
            ScheduledDelivery { has_files: true, ..delivery(byte.into(), byte) },
            Priority::FirstAttempt,
            now,
        );
    }
    assert!(matches!(scheduler.next(now), Step::Start(_)));
    assert!(matches!(scheduler.next(now), Step::Start(_)));
    assert_eq!(scheduler.next(now), Step::Wait(None));
    scheduler.add(delivery(4, 4), Priority::Retry, now);
    assert_eq!(scheduler.next(now), start(4, 4));
    scheduler.finish(&reference(1));
    assert!(matches!(scheduler.next(now), Step::Start(_)));
}

#[test]
fn delivers_one_submission_per_reference_at_a_time_up_to_the_limit() {
    let (mut scheduler, now) = (Scheduler::new(2, PROBE), Instant::now());
    scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
    assert_eq!(scheduler.next(now), start(1, 1));
    scheduler.add(delivery(2, 1), Priority::FirstAttempt, now);
    assert_eq!(scheduler.next(now), Step::Wait(None));
    scheduler.add(delivery(3, 3), Priority::Retry, now);
    scheduler.add(delivery(4, 4), Priority::Retry, now);
    assert_eq!(scheduler.next(now), start(3, 3));
    assert_eq!(scheduler.next(now), Step::Wait(None));
    scheduler.finish(&reference(1));
    assert_eq!(scheduler.next(now), start(2, 1));
}

#[test]
fn delays_a_correction_as_long_as_the_crm_asked() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    let later = now + Duration::from_secs(60);
    scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
    assert_eq!(scheduler.next(now), start(1, 1));
    scheduler.defer_until(&reference(1), later);
    scheduler.finish(&reference(1));
    scheduler.add(delivery(2, 1), Priority::FirstAttempt, now);
    scheduler.add(delivery(3, 3), Priority::Retry, now);
    assert_eq!(scheduler.wait_of(Ticket(2), now), Some(Duration::from_secs(60)));
    assert_eq!(scheduler.next(now), start(3, 3));
    assert_eq!(scheduler.next(now), Step::Wait(Some(later)));
    assert_eq!(scheduler.next(later), start(2, 1));
}

fn taken(number: i64, byte: u8, is_immediate: bool) -> DueSubmission {
    DueSubmission {
        ticket: Ticket(number),
        reference: reference(byte),
        has_files: false,
        is_immediate,
        due_in: Duration::ZERO,
    }
}

#[test]
fn changes_the_due_time_of_a_known_submission_only_after_an_operators_retry() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    let later = now + Duration::from_secs(60);
    scheduler.add(delivery(1, 1), Priority::Retry, later);
    scheduler.add_taken(&taken(1, 1, false), now);
    assert_eq!(scheduler.next(now), Step::Wait(Some(later)));
    scheduler.add_taken(&taken(1, 1, true), now);
    assert_eq!(scheduler.next(now), start(1, 1));
    // The submission is being delivered.
    scheduler.add_taken(&taken(1, 1, true), now);
    assert_eq!(scheduler.next(now), Step::Wait(None));
    scheduler.add_taken(&taken(2, 2, false), now);
    assert_eq!(scheduler.next(now), start(2, 2));
}

#[test]
fn takes_only_as_many_submissions_as_are_not_already_due() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    scheduler.add(delivery(1, 1), Priority::Retry, now);
    scheduler.add(delivery(2, 2), Priority::FirstAttempt, now);
    scheduler.add(delivery(3, 3), Priority::Retry, now + SECOND);
    assert_eq!(scheduler.missing(5, now), 3);
    assert_eq!(scheduler.missing(2, now), 0);
    scheduler.stop_retries();
    assert_eq!(scheduler.missing(5, now), 0);
}

/// Makes an attempt that the CRM rejects with 403.
fn reject(scheduler: &mut Scheduler, number: i64, byte: u8, now: Instant) -> Cause {
    assert_eq!(scheduler.next(now), start(number, byte));
    scheduler.finish(&reference(byte));
    let cause = scheduler.record_rejection(&reference(byte), now);
    scheduler.add(delivery(number, byte), Priority::Retry, now);
    cause
}

#[test]
fn starts_first_attempts_and_one_probe_at_a_time_while_the_key_is_wrong() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    for byte in 1..=3 {
        scheduler.add(delivery(byte.into(), byte), Priority::FirstAttempt, now);
        let cause = reject(&mut scheduler, byte.into(), byte, now);
        assert_eq!(cause, Cause::Credentials { opened: byte == 3 });
    }
    scheduler.add(delivery(4, 4), Priority::Retry, now);
    scheduler.add(delivery(5, 5), Priority::FirstAttempt, now);
    assert_eq!(scheduler.next(now), start(5, 5));
    assert_eq!(scheduler.next(now), Step::Wait(Some(now + PROBE)));
    assert_eq!(scheduler.wait_of(Ticket(1), now), Some(PROBE));
    // The first probe is a submission that was not rejected itself.
    assert_eq!(scheduler.next(now + PROBE), start(4, 4));
    assert_eq!(scheduler.next(now + PROBE), Step::Wait(Some(now + PROBE * 2)));
    assert!(scheduler.record_success() && !scheduler.record_success());
    assert_eq!(scheduler.next(now + PROBE), start(1, 1));
    assert_eq!(scheduler.next(now + PROBE), start(2, 2));
}

#[test]
fn blocks_only_the_rejected_submission_while_others_are_delivered() {
    let (mut scheduler, now) = (Scheduler::new(9, PROBE), Instant::now());
    scheduler.add(delivery(1, 1), Priority::FirstAttempt, now);
    assert_eq!(reject(&mut scheduler, 1, 1, now), Cause::Credentials { opened: false });
    // A single suspect does not block the retries of other submissions.
    scheduler.add(delivery(2, 2), Priority::Retry, now);
    assert_eq!(scheduler.next(now), start(2, 2));
    assert!(scheduler.record_success());
    assert_eq!(reject(&mut scheduler, 1, 1, now), Cause::Submission);
    assert!(!scheduler.has_suspects());
    scheduler.finish(&reference(1));
    scheduler.forget(&reference(1));
    assert_eq!(
        scheduler.record_rejection(&reference(1), now),
        Cause::Credentials { opened: false }
    );
}

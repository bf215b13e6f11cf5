//! What every engine of the store has to do: each test runs against each engine.

mod admission;
mod claims;
mod files;
mod model;
mod operator;
mod quota;
mod settlement;
mod world;

use self::world::World;

/// Runs tests against each engine.
macro_rules! each_engine {
    ($($module:ident: $($test:ident),+;)+) => {
        mod in_memory {
            use super::World;
            $($(
                #[tokio::test]
                async fn $test() {
                    super::$module::$test(World::in_memory()).await;
                }
            )+)+
        }

        mod local {
            use super::World;
            $($(
                #[tokio::test]
                async fn $test() {
                    super::$module::$test(World::local()).await;
                }
            )+)+
        }
    };
}

each_engine! {
    admission:
        repeats_the_answer_for_the_same_content,
        another_content_replaces_the_one_before,
        a_reference_belongs_to_one_form,
        a_failed_submission_can_be_sent_again,
        repeats_a_refusal_for_a_while_and_then_asks_the_crm_again,
        an_older_revision_that_arrives_late_replaces_nothing,
        the_status_names_the_last_revision_of_the_same_content,
        marks_corrections_and_not_repetitions,
        another_content_of_a_plain_page_is_another_draft_after_the_confirmation,
        a_plain_request_that_began_before_the_newer_content_replaces_nothing,
        a_correction_waits_as_long_as_the_crm_asked_for,
        parallel_copies_of_a_submission_are_admitted_once;
    claims:
        another_proxy_cannot_claim_a_submission_until_the_lease_ends,
        a_settlement_counts_only_with_the_last_claim,
        a_settlement_that_is_not_final_frees_the_submission,
        a_correction_waits_for_the_delivery_of_the_content_that_it_replaces,
        a_claim_is_granted_to_one_of_two_proxies;
    settlement:
        adds_up_only_waits_that_count,
        prunes_refusals_only_after_their_visitors_have_seen_them,
        prunes_old_answers_and_nothing_else,
        a_status_changes_nothing;
    operator:
        lists_submissions_page_by_page,
        a_filter_needs_every_condition_to_hold,
        retries_everything_that_the_crm_does_not_have,
        purges_waiting_submissions_only_by_their_references,
        a_running_proxy_notices_the_changes_of_an_operator_once;
    quota:
        removes_seen_refusals_first_and_unseen_answers_last,
        failures_share_the_quota_with_refusals,
        a_failure_without_its_files_still_says_why_it_failed;
    files:
        files_are_kept_with_their_submission_and_removed_after_it,
        discards_the_files_of_a_submission_that_is_not_admitted,
        removes_the_files_of_an_aborted_upload,
        files_of_a_replaced_content_stay_until_its_attempt_has_finished,
        removes_unknown_files_only_after_the_grace_time,
        does_not_remove_the_files_of_a_long_upload;
}

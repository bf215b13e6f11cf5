//! The conformance suite for the store's engines: each test runs against each engine.

mod admission;
#[cfg(feature = "shared")]
pub(super) mod bucket_files;
mod claims;
mod files;
mod model;
mod operator;
mod quota;
mod settlement;
#[cfg(feature = "shared")]
pub(super) mod shared_rows;
pub(super) mod world;

use self::world::World;

/// Defines each test once for each engine.
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

        #[cfg(feature = "shared")]
        mod shared {
            use super::World;
            $($(
                #[tokio::test]
                async fn $test() {
                    if let Some(world) = World::shared().await {
                        super::$module::$test(world).await;
                    }
                }
            )+)+
        }

        #[cfg(feature = "shared")]
        mod shared_behind_pgbouncer {
            use super::World;
            $($(
                #[tokio::test]
                async fn $test() {
                    if let Some(world) = World::shared_behind_bouncer().await {
                        super::$module::$test(world).await;
                    }
                }
            )+)+
        }
    };
}

/// Defines each test of files with a bucket.
#[cfg(feature = "shared")]
macro_rules! with_bucket {
    ($($test:ident),+ $(,)?) => {
        mod shared_with_bucket {
            use super::World;
            $(
                #[tokio::test]
                async fn $test() {
                    if let Some(world) = World::shared_with_bucket().await {
                        super::files::$test(world).await;
                    }
                }
            )+
        }
    };
}

each_engine! {
    admission:
        repeats_the_reply_for_the_same_content,
        replaces_earlier_content_of_the_same_draft,
        refuses_the_reference_of_another_form,
        admits_a_failed_submission_again,
        repeats_a_refusal_for_two_minutes_and_then_calls_the_crm_again,
        ignores_an_older_revision_that_arrives_late,
        reports_the_highest_revision_of_the_same_content,
        marks_corrections_but_not_repetitions,
        treats_new_content_of_a_plain_page_as_another_draft_after_the_confirmation,
        ignores_a_plain_request_that_began_before_the_newer_content,
        delays_a_correction_as_long_as_the_crm_asked,
        admits_parallel_copies_of_a_submission_once;
    claims:
        grants_no_claim_to_another_proxy_until_the_lease_ends,
        settles_only_with_the_last_claim,
        releases_the_claim_after_a_failed_attempt,
        leaves_the_wait_to_the_proxy_that_made_the_last_attempt,
        delays_a_correction_until_the_delivery_of_the_replaced_content_ends,
        takes_due_submissions_in_order_and_each_only_once,
        does_not_take_content_that_the_proxy_is_delivering,
        releases_its_own_claims_except_some,
        takes_each_submission_only_once_if_several_proxies_take_at_the_same_time,
        grants_a_claim_to_only_one_of_two_proxies;
    settlement:
        adds_up_only_the_waits_that_count_towards_giving_up,
        prunes_refusals_only_after_their_visitors_have_seen_them,
        prunes_old_delivered_and_seen_refused_submissions_only,
        reads_without_changing_rows;
    operator:
        lists_submissions_page_by_page,
        filters_by_all_conditions,
        retries_all_submissions_except_delivered_ones,
        purges_waiting_submissions_only_by_reference;
    quota:
        removes_seen_refusals_first_and_unseen_answers_last,
        enforces_one_quota_for_failures_and_refusals,
        keeps_the_problem_of_a_failed_submission_without_its_files;
    files:
        keeps_files_until_the_delivery_ends,
        discards_the_files_of_a_submission_that_is_not_admitted,
        removes_the_files_of_an_aborted_upload,
        keeps_files_of_replaced_content_until_its_attempt_ends,
        removes_unknown_files_only_after_the_grace_time,
        keeps_the_files_of_a_long_upload;
}

#[cfg(feature = "shared")]
with_bucket! {
    keeps_files_until_the_delivery_ends,
    discards_the_files_of_a_submission_that_is_not_admitted,
    removes_the_files_of_an_aborted_upload,
    keeps_files_of_replaced_content_until_its_attempt_ends,
    removes_unknown_files_only_after_the_grace_time,
    keeps_the_files_of_a_long_upload,
}

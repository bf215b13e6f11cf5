//! The widget's own words. What is wrong with an answer is said by the contract.

mod english;

pub(crate) use english::ENGLISH;

/// Every text of the widget. `{name}` marks a place for a word.
pub(crate) struct Catalog {
    pub(crate) loading: &'static str,
    pub(crate) load_failed: &'static str,
    pub(crate) load_again: &'static str,
    pub(crate) required_note: &'static str,
    pub(crate) required_mark: &'static str,
    pub(crate) required: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) choose_date: &'static str,
    pub(crate) date_example: &'static str,
    pub(crate) tags_hint: &'static str,
    pub(crate) choose_files: &'static str,
    pub(crate) drop_files: &'static str,
    pub(crate) files_hint: &'static str,
    pub(crate) files_total: &'static str,
    pub(crate) remove: &'static str,
    pub(crate) remove_file: &'static str,
    pub(crate) submit: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) sent_of: &'static str,
    pub(crate) handing_over: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) success: &'static str,
    pub(crate) success_message: &'static str,
    pub(crate) another: &'static str,
    pub(crate) deal: DealWords,
    pub(crate) failure: FailureWords,
}

/// What the members of the CRM's reply are called.
pub(crate) struct DealWords {
    pub(crate) deal_id: &'static str,
    pub(crate) external_reference_id: &'static str,
    pub(crate) stage: &'static str,
    pub(crate) resolution: &'static str,
    pub(crate) expected_closing_date: &'static str,
    pub(crate) actual_closing_date: &'static str,
    pub(crate) expected_closing_amount: &'static str,
    pub(crate) actual_closing_amount: &'static str,
}

/// Heading and advice for each way in which sending can fail.
pub(crate) struct FailureWords {
    pub(crate) network: Advice,
    pub(crate) timeout: Advice,
    pub(crate) cancelled: Advice,
    pub(crate) abandoned: Advice,
    pub(crate) crm_refused: Advice,
    pub(crate) invalid: Advice,
    pub(crate) too_large: Advice,
    pub(crate) wrong_type: Advice,
    pub(crate) too_many: Advice,
    pub(crate) unavailable: Advice,
    pub(crate) refused: Advice,
    pub(crate) unreadable: Advice,
}

/// What happened, and what to do.
pub(crate) struct Advice {
    pub(crate) heading: &'static str,
    pub(crate) advice: &'static str,
}

use super::{Advice, Catalog, DealWords, FailureWords};

/// The words that are always there.
pub(crate) static ENGLISH: Catalog = Catalog {
    loading: "Loading the form …",
    load_failed: "The form could not be loaded. Check your connection and try again.",
    load_again: "Load again",
    required_note: "Fields with * are required.",
    required_mark: "*",
    required: " (required)",
    choose: "Please choose",
    choose_date: "Choose a day from a calendar: {label}",
    date_example: "Year-month-day, for example 2026-09-30",
    tags_hint: "Separate several by commas",
    choose_files: "Choose files",
    drop_files: "or drop them here",
    files_hint: "{kinds}; together under {limit}",
    files_total: "{total} of {limit}",
    remove: "Remove",
    remove_file: "Remove {file}",
    submit: "Send",
    summary: "Please correct the following",
    sending: "Sending",
    sent_of: "{sent} of {total} sent",
    handing_over: "All sent. Waiting for the confirmation …",
    cancel: "Cancel",
    retry: "Try again",
    kept: "Everything that you entered is still here.",
    success: "Thank you",
    success_message: "Your request has arrived.",
    another: "Send another request",
    deal: DealWords {
        deal_id: "Your reference number",
        external_reference_id: "Reference of this form",
        stage: "Stage",
        resolution: "Status",
        expected_closing_date: "Expected closing date",
        actual_closing_date: "Actual closing date",
        expected_closing_amount: "Expected amount",
        actual_closing_amount: "Actual amount",
    },
    failure: FailureWords {
        network: Advice {
            heading: "The connection was lost",
            advice: "Check that you are online, then try again; sending again never makes a second request. If you changed or moved a file after you added it, remove it and add it again.",
        },
        timeout: Advice {
            heading: "There was no answer in time",
            advice: "Your request may or may not have arrived. Try again: sending again never makes a second request.",
        },
        cancelled: Advice {
            heading: "You stopped the sending",
            advice: "Change what you like, then send it again.",
        },
        abandoned: Advice {
            heading: "You stopped the waiting",
            advice: "Your request may or may not have arrived. Try again: sending again never makes a second request.",
        },
        crm_refused: Advice {
            heading: "Your request was not accepted",
            advice: "Change what is named above, then try again.",
        },
        invalid: Advice {
            heading: "Some answers were not accepted",
            advice: "Correct what is named here, then send the form again.",
        },
        too_large: Advice {
            heading: "Your request is too large",
            advice: "Remove or shrink some files, then try again.",
        },
        wrong_type: Advice {
            heading: "The request could not be read",
            advice: "Reload the page, then send the form again. If this comes back, tell the owner of this page.",
        },
        too_many: Advice {
            heading: "There are too many requests at the moment",
            advice: "Wait a minute, then try again.",
        },
        unavailable: Advice {
            heading: "Your request could not be delivered just now",
            advice: "Wait a moment, then try again. Sending again never makes a second request.",
        },
        refused: Advice {
            heading: "The request was refused",
            advice: "Try again later. If this comes back, tell the owner of this page.",
        },
        unreadable: Advice {
            heading: "The answer could not be understood",
            advice: "Your request may or may not have arrived. Try again: sending again never makes a second request.",
        },
    },
};

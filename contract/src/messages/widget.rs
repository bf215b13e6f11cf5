use super::message::messages;
use crate::attachments::KINDS;

messages! {
    /// What the widget says as long as it has no form. A form cannot word it: nobody knows it yet.
    pub enum EarlyMessageKey {
        /// The definition did not come.
        LoadFailed = "load_failed": "The form could not be loaded. Check your connection and try again.";
        /// There is no form at the address.
        LoadMissing = "load_missing": "There is no form at this address. Please tell the owner of this page.";
        /// A button: fetch the definition again.
        LoadAgain = "load_again": "Load again";
    }
}

messages! {
    /// What the widget says; the plain page says some of it too. `{name}` marks a place for a word.
    pub enum MessageKey {
        /// Above the questions: what the mark means.
        RequiredNote = "required_note": "Fields with * are required.";
        /// Beside a label.
        RequiredMark = "required_mark": "*";
        /// Beside a label, for a screen reader only.
        Required = "required": " (required)";
        /// The entry of a choice that is none of its answers.
        Choose = "choose": "Please choose";
        /// A button's name. `{label}`: the question.
        ChooseDate = "choose_date": "Choose a day from a calendar: {label}";
        /// How to write a day. `{pattern}`: in letters; `{example}`: a day written so.
        DateExample = "date_example": "{pattern}, for example {example}";
        /// The letters that stand for a day, a month and a year, in this order with spaces between.
        DateLetters = "date_letters": "DD MM YYYY";
        /// How to write a phone number.
        PhoneHint = "phone_hint": "For example +49 30 123456 or 030/123456 ext. 12";
        /// Below a text that is nearly as long as it may be.
        CharactersLeft = "characters_left": "{count} characters left", one "{count} character left";
        /// Below a text that is too long.
        CharactersOver = "characters_over": "{count} characters too many", one "{count} character too many";
        /// Where a page cannot hide a question: when it counts. `{label}`: the earlier question;
        /// `{answers}`: its answers.
        ShowWhenIs = "show_when_is": "Only if “{label}” is: {answers}";

        /// How to enter tags.
        TagsHint = "tags_hint": "Press Enter or a comma after each";
        /// A button: add the tag that is typed.
        TagAdd = "tag_add": "Add";
        /// A button's name.
        TagRemove = "tag_remove": "Remove {tag}";
        /// For a screen reader, after a tag was added.
        TagAdded = "tag_added": "{tag} was added.";
        /// For a screen reader, after a tag was removed.
        TagRemoved = "tag_removed": "{tag} was removed.";

        /// A button: open the file dialogue.
        ChooseFiles = "choose_files": "Choose files";
        /// After it.
        DropFiles = "drop_files": "or drop or paste them here";
        /// What is taken. `{kinds}` of files, a size as `{limit}`.
        FilesHint = "files_hint": "{kinds}; together under {limit}";
        /// The sum of the files, and what is allowed.
        FilesTotal = "files_total": "{total} of {limit}";
        /// What becomes of pictures that the CRM would not keep.
        PicturesHint = "pictures_hint": "Other pictures become JPG.";
        /// At a file: the picture was made into a JPEG file.
        Converted = "file_converted": "Converted to JPG";
        /// The kinds of file that the CRM keeps.
        FileKinds = "file_kinds": KINDS;
        /// A button: remove a file.
        Remove = "remove": "Remove";
        /// That button's name.
        RemoveFile = "remove_file": "Remove {file}";
        /// Which file makes the others fit.
        RemoveToFit = "remove_to_fit": "Remove “{file}” and the rest fits.";

        /// The place of a step among all.
        StepOf = "step_of": "Step {step} of {steps}";
        /// A button: on to the next step.
        Next = "next": "Continue";
        /// A button: back to the step before.
        Back = "back": "Back";
        /// The button that sends.
        Submit = "submit": "Send";
        /// Above the list of what is wrong.
        Summary = "summary": "Please correct the following";

        /// While the form is sent.
        Sending = "sending": "Sending";
        /// How much has left.
        SentOf = "sent_of": "{sent} of {total} sent";
        /// How long it will take.
        TimeLeft = "time_left": "{time} left";
        /// All has left, and the CRM has not answered.
        HandingOver = "handing_over": "All sent. Waiting for the confirmation …";
        /// The answer was lost: the proxy is asked what became of the request.
        Asking = "asking": "Checking whether your request has arrived …";
        /// After a failure that passes by itself. `{time}`: some seconds.
        RetryIn = "retry_in": "Trying again in {time} …";
        /// A button: stop the sending.
        Cancel = "cancel": "Cancel";
        /// The button that sends, after a failure.
        Retry = "retry": "Try again";
        /// After a failure.
        Kept = "kept": "Everything that you entered is still here.";
        /// After a reload of the page.
        Restored = "restored": "What you entered before is back.";
        /// A button: empty the form.
        StartOver = "start_over": "Start over";

        /// The heading once the deal has arrived.
        Success = "success": "Thank you";
        /// Below it.
        SuccessMessage = "success_message": "Your request has arrived.";
        /// Below it, where the proxy has the request and the CRM has not.
        Received = "received": "We have your request and pass it on as soon as we can. There is nothing more for you to do.";
        /// A button: a new draft.
        Another = "another": "Send another request";

        /// The CRM's number of the deal.
        DealId = "deal.deal_id": "Your reference number";
        /// The draft's reference.
        DealExternalReferenceId = "deal.external_reference_id": "Reference of this form";
        /// The stage that the deal is in.
        DealStage = "deal.stage": "Stage";
        /// Open, closed, won or lost.
        DealResolution = "deal.resolution": "Status";
        /// A day.
        DealExpectedClosingDate = "deal.expected_closing_date": "Expected closing date";
        /// A day.
        DealActualClosingDate = "deal.actual_closing_date": "Actual closing date";
        /// An amount.
        DealExpectedClosingAmount = "deal.expected_closing_amount": "Expected amount";
        /// An amount.
        DealActualClosingAmount = "deal.actual_closing_amount": "Actual amount";

        /// No connection, or it broke.
        NetworkHeading = "failure.network.heading": "The connection was lost";
        /// What to do then.
        NetworkAdvice = "failure.network.advice": "Check that you are online, then try again; sending again never makes a second request.";
        /// Nothing was heard for too long.
        TimeoutHeading = "failure.timeout.heading": "There was no answer in time";
        /// What to do then.
        TimeoutAdvice = "failure.timeout.advice": "Your request may or may not have arrived. Try again: sending again never makes a second request.";
        /// The visitor stopped it while it was sent.
        CancelledHeading = "failure.cancelled.heading": "You stopped the sending";
        /// What to do then.
        CancelledAdvice = "failure.cancelled.advice": "Change what you like, then send it again.";
        /// The visitor waited no longer for the answer.
        AbandonedHeading = "failure.abandoned.heading": "You stopped the waiting";
        /// What to do then.
        AbandonedAdvice = "failure.abandoned.advice": "Your request may or may not have arrived. Try again: sending again never makes a second request.";
        /// The CRM did not take it.
        CrmRefusedHeading = "failure.crm_refused.heading": "Your request was not accepted";
        /// What to do then.
        CrmRefusedAdvice = "failure.crm_refused.advice": "Change what is named above, then try again.";
        /// The proxy found problems.
        InvalidHeading = "failure.invalid.heading": "Some answers were not accepted";
        /// What to do then.
        InvalidAdvice = "failure.invalid.advice": "Correct what is named here, then send the form again.";
        /// The browser cannot read a file that was chosen before.
        FilesLostHeading = "failure.files_lost.heading": "Not every file can be read";
        /// What to do then.
        FilesLostAdvice = "failure.files_lost.advice": "A file that was changed, moved or deleted, or is only in the cloud, cannot be sent. Save it on this device first, then add it again.";
        /// A button: remove those files, and send the form without them.
        SendRest = "failure.files_lost.send_rest": "Send the rest";
        /// More than is taken.
        TooLargeHeading = "failure.too_large.heading": "Your request is too large";
        /// What to do then.
        TooLargeAdvice = "failure.too_large.advice": "Remove or shrink some files, then try again.";
        /// Not in the form that is taken.
        WrongTypeHeading = "failure.wrong_type.heading": "The request could not be read";
        /// What to do then.
        WrongTypeAdvice = "failure.wrong_type.advice": "Reload the page, then send the form again. If this comes back, tell the owner of this page.";
        /// More often than is taken.
        TooManyHeading = "failure.too_many.heading": "There are too many requests at the moment";
        /// What to do then.
        TooManyAdvice = "failure.too_many.advice": "Wait a minute, then try again.";
        /// The proxy is there, the CRM is not.
        UnavailableHeading = "failure.unavailable.heading": "Your request could not be delivered just now";
        /// What to do then.
        UnavailableAdvice = "failure.unavailable.advice": "Wait a moment, then try again. Sending again never makes a second request.";
        /// Any other refusal.
        RefusedHeading = "failure.refused.heading": "The request was refused";
        /// What to do then.
        RefusedAdvice = "failure.refused.advice": "Try again later. If this comes back, tell the owner of this page.";
        /// An answer that nobody understands.
        UnreadableHeading = "failure.unreadable.heading": "The answer could not be understood";
        /// What to do then.
        UnreadableAdvice = "failure.unreadable.advice": "Your request may or may not have arrived. Try again: sending again never makes a second request.";
    }
}

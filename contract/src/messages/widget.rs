use super::message::messages;
use crate::attachments::KINDS;

messages! {
    /// The messages of the widget before it has a form. A form cannot replace them.
    pub enum EarlyMessageKey {
        /// The definition could not be loaded.
        LoadFailed = "load_failed": "The form could not be loaded. Check your connection and try again.";
        /// The address has no form.
        LoadMissing = "load_missing": "This form was not found. Please tell the owner of this page.";
        /// A button: load the definition again.
        LoadAgain = "load_again": "Load again";
    }
}

messages! {
    /// The messages of the widget. The plain page uses some of them. `{name}` is a placeholder.
    pub enum MessageKey {
        /// Shown above the questions: the meaning of the mark.
        RequiredNote = "required_note": "Fields marked * are required.";
        /// Shown beside the label of a required question.
        RequiredMark = "required_mark": "*";
        /// Added to a label, for screen readers only.
        Required = "required": " (required)";
        /// The empty option of a choice.
        Choose = "choose": "Select an option";
        /// The last option of a choice: an answer that is not in the list.
        Other = "other": "Other";
        /// The accessible name of the text field beside *Other*.
        OtherAnswer = "other_answer": "Your answer";
        /// Added after a link in a text, for screen readers only.
        NewTab = "new_tab": " (opens in a new tab)";
        /// The accessible name of the button that opens a calendar. `{label}`: the question.
        ChooseDate = "choose_date": "Choose a date from a calendar: {label}";
        /// How to type a date. `{pattern}`: the pattern in letters; `{example}`: a date in this
        /// pattern.
        DateExample = "date_example": "{pattern}, for example {example}";
        /// The letters for day, month and year, in this order and separated by spaces.
        DateLetters = "date_letters": "DD MM YYYY";
        /// How to type a phone number.
        PhoneHint = "phone_hint": "For example +49\u{a0}30\u{a0}123456 or 030/123456\u{a0}ext.\u{a0}12";
        /// Shown below text that is longer than half of its maximum length.
        CharactersLeft = "characters_left": "{count} characters left", one "{count} character left";
        /// Shown below text that is too long.
        CharactersOver = "characters_over": "{count} characters too many", one "{count} character too many";

        /// How to enter tags.
        TagsHint = "tags_hint": "Press Enter or comma after each one";
        /// A button: add the typed tag.
        TagAdd = "tag_add": "Add";
        /// The accessible name of the button that removes a tag.
        TagRemove = "tag_remove": "Remove {tag}";
        /// Announced to screen readers when a tag has been added.
        TagAdded = "tag_added": "{tag} was added.";
        /// Announced to screen readers when a tag has been removed.
        TagRemoved = "tag_removed": "{tag} was removed.";

        /// A button: open the file dialogue.
        ChooseFiles = "choose_files": "Choose files";
        /// Shown after the button `choose_files`.
        DropFiles = "drop_files": "or drop or paste them here";
        /// Which files can be sent. `{kinds}`: their kinds; `{limit}`: a size.
        FilesHint = "files_hint": "{kinds}; under {limit} in total";
        /// Which files can be sent, if the form limits their number. `{kinds}`: their kinds;
        /// `{count}`: the maximum number; `{limit}`: a size.
        FilesHintCount = "files_hint_count": "{kinds}; at most {count} files, under {limit} in total", one "{kinds}; only {count} file, under {limit}";
        /// The size of all files, and the limit.
        FilesTotal = "files_total": "{total} of {limit}";
        /// How the widget handles pictures that the CRM would drop.
        PicturesHint = "pictures_hint": "Other images are converted to JPG.";
        /// Shown beside a file: the picture was converted to JPEG.
        Converted = "file_converted": "Converted to JPG";
        /// The kinds of file that the CRM keeps.
        FileKinds = "file_kinds": KINDS;
        /// A button: remove a file.
        Remove = "remove": "Remove";
        /// The accessible name of the button that removes a file.
        RemoveFile = "remove_file": "Remove {file}";
        /// Names a file to remove. Without this file, the others stay under the limit.
        RemoveToFit = "remove_to_fit": "Remove “{file}” and the rest will fit.";

        /// The number of the step.
        StepOf = "step_of": "Step {step} of {steps}";
        /// A button: go to the next step.
        Next = "next": "Continue";
        /// A button: go to the previous step.
        Back = "back": "Back";
        /// The submit button.
        Submit = "submit": "Send";
        /// The heading of the summary.
        Summary = "summary": "Please correct the following";

        /// Shown during the upload.
        Sending = "sending": "Sending";
        /// How much is uploaded.
        SentOf = "sent_of": "{sent} of {total} sent";
        /// How long the upload will take.
        TimeLeft = "time_left": "{time} left";
        /// The upload is complete, but the response has not arrived yet.
        HandingOver = "handing_over": "Everything is sent. Waiting for confirmation…";
        /// The response was lost, and the widget asks the proxy for the status.
        Asking = "asking": "Checking whether your request has arrived…";
        /// Shown after a temporary failure. `{time}`: some seconds.
        RetryIn = "retry_in": "Trying again in {time}…";
        /// A button: stop the upload or the next retry.
        Cancel = "cancel": "Cancel";
        /// The submit button after a failure.
        Retry = "retry": "Try again";
        /// Shown after a failure.
        Kept = "kept": "Everything you entered is still here.";
        /// Shown after a reload of the page.
        Restored = "restored": "Your answers were restored.";
        /// A button: clear the form.
        StartOver = "start_over": "Start over";
        /// Shown for some seconds after the visitor has cleared the form.
        StartedOver = "started_over": "The form is empty again.";
        /// A button: bring back the answers that the visitor has cleared.
        Undo = "undo": "Undo";

        /// The heading after success.
        Success = "success": "Thank you";
        /// Shown below the heading after success, if the deal is in the CRM.
        SuccessMessage = "success_message": "Your request has arrived.";
        /// Shown below the heading after success, if the proxy has the request but the CRM does
        /// not.
        Received = "received": "We have your request and will pass it on as soon as we can. You do not need to do anything else.";
        /// A button: begin a new draft.
        Another = "another": "Send another request";

        /// The CRM's number for the deal.
        DealId = "deal.deal_id": "Your reference number";
        /// The draft's reference.
        DealExternalReferenceId = "deal.external_reference_id": "Form reference";
        /// The deal's stage.
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

        /// The connection failed.
        NetworkHeading = "failure.network.heading": "The connection was lost";
        /// Advice for the visitor.
        NetworkAdvice = "failure.network.advice": "Check that you are online, then try again. Sending again never creates a duplicate.";
        /// The connection was inactive for too long.
        TimeoutHeading = "failure.timeout.heading": "The response took too long";
        /// Advice for the visitor.
        TimeoutAdvice = "failure.timeout.advice": "Your request may or may not have arrived. Try again: sending again never creates a duplicate.";
        /// The visitor stopped the upload.
        CancelledHeading = "failure.cancelled.heading": "Sending stopped";
        /// Advice for the visitor.
        CancelledAdvice = "failure.cancelled.advice": "Your request was not sent. Send the form when you are ready.";
        /// The visitor stopped waiting for the response.
        AbandonedHeading = "failure.abandoned.heading": "You stopped waiting";
        /// Advice for the visitor.
        AbandonedAdvice = "failure.abandoned.advice": "Your request may or may not have arrived. Try again: sending again never creates a duplicate.";
        /// The CRM refused the deal.
        CrmRefusedHeading = "failure.crm_refused.heading": "We could not pass on your request";
        /// Introduces the CRM's message. The message is a quotation: its language may be another than
        /// the form's.
        CrmRefusedQuote = "failure.crm_refused.quote": "The system behind this form gave this reason:";
        /// What the visitor can do, below the CRM's message. Often the message is about settings that
        /// the visitor cannot change.
        CrmRefusedAdvice = "failure.crm_refused.advice": "If the message names something that you can change, change it and send the form again. Otherwise, please tell the owner of this page.";
        /// The proxy found problems.
        InvalidHeading = "failure.invalid.heading": "Some answers were not accepted";
        /// Advice for the visitor.
        InvalidAdvice = "failure.invalid.advice": "Correct the problems named here, then send the form again.";
        /// The browser cannot read a file that was added earlier.
        FilesLostHeading = "failure.files_lost.heading": "Some files cannot be read";
        /// Advice for the visitor.
        FilesLostAdvice = "failure.files_lost.advice": "Files that were changed, moved or deleted, or are only in the cloud, cannot be sent. Save them on this device, then add them again.";
        /// A button: remove these files and send the form without them.
        SendRest = "failure.files_lost.send_rest": "Send the rest";
        /// The request is larger than the limit.
        TooLargeHeading = "failure.too_large.heading": "Your request is too large";
        /// Advice for the visitor.
        TooLargeAdvice = "failure.too_large.advice": "Remove or shrink some files, then try again.";
        /// The request has the wrong media type.
        WrongTypeHeading = "failure.wrong_type.heading": "The request could not be read";
        /// Advice for the visitor.
        WrongTypeAdvice = "failure.wrong_type.advice": "Reload the page, then send the form again. If this happens again, tell the owner of this page.";
        /// The sender or the form has reached its rate limit.
        TooManyHeading = "failure.too_many.heading": "Too many requests at the moment";
        /// Advice for the visitor.
        TooManyAdvice = "failure.too_many.advice": "Wait a minute, then try again.";
        /// The proxy or the CRM is unavailable.
        UnavailableHeading = "failure.unavailable.heading": "We could not deliver your request";
        /// Advice for the visitor.
        UnavailableAdvice = "failure.unavailable.advice": "Wait a moment, then try again. Sending again never creates a duplicate.";
        /// Any other refusal.
        RefusedHeading = "failure.refused.heading": "The request was refused";
        /// Advice for the visitor.
        RefusedAdvice = "failure.refused.advice": "Try again later. If this happens again, tell the owner of this page.";
        /// The widget does not understand the response.
        UnreadableHeading = "failure.unreadable.heading": "The response could not be read";
        /// Advice for the visitor.
        UnreadableAdvice = "failure.unreadable.advice": "Your request may or may not have arrived. Try again: sending again never creates a duplicate.";
    }
}

use super::message::messages;

messages! {
    /// What the plain page says beside the words that it shares with the widget. The widget
    /// carries none of it.
    pub enum PageMessageKey {
        /// The title of a page that came back. `{heading}`: why; `{title}`: the form's.
        Title = "plain.title": "{heading}: {title}";
        /// Beside the label of a question that need not be answered.
        Optional = "plain.optional": "(optional)";
        /// The answer of a box that is ticked.
        Yes = "plain.yes": "yes";
        /// The answer of a box that is not ticked.
        No = "plain.no": "no";
        /// How to write tags.
        TagsHint = "plain.tags_hint": "Separate several by commas";
        /// Heading: the deal is in the CRM.
        Arrived = "plain.arrived": "Your request has arrived";
        /// Heading: certainly no deal yet.
        NotSent = "plain.not_sent": "Not sent yet";
        /// Heading: the request is safe, and not in the CRM yet.
        Received = "plain.received": "We have your request";
        /// Heading where there is no form to show again.
        Failed = "plain.failed": "That did not work";
        /// Below that.
        GoBack = "plain.go_back": "Your browser's Back button brings you to what you had typed.";
        /// On a form that came back and had files.
        AddFilesAgain = "plain.add_files_again": "Please add your files again: browsers do not let a page keep them.";

        /// The label of a field that nobody sees, for whoever finds it all the same.
        Trap = "plain.trap": "Leave this field empty";

        /// A page of an origin that is not among those allowed.
        Origin = "plain.refusal.origin": "The page that you came from may not send this form. Open the form at its own address instead.";
        /// Something else than `multipart/form-data`.
        ContentType = "plain.refusal.content_type": "The form has to be sent as multipart/form-data. Reload the page and send the form again.";
        /// A body that is compressed or otherwise encoded.
        ContentEncoding = "plain.refusal.content_encoding": "The form was sent in an encoding that is not taken here. Reload the page and send the form again.";
        /// A body that no form sends.
        Malformed = "plain.refusal.malformed": "The form did not arrive whole. Reload the page and send the form again.";
        /// The whole request. `{limit}`: a size.
        TooLarge = "plain.refusal.too_large": "What you sent is too large: this form takes {limit} at most, files included. Remove or shrink some files and send the form again.";
        /// One text value.
        TextTooLong = "plain.refusal.text_too_long": "“{label}” is too long. Shorten it and send the form again.";
        /// Values and files together.
        TooManyParts = "plain.refusal.too_many_parts": "What you sent has more than {limit} parts. Reload the page and send the form again.";
        /// A part's header, which holds the name of field and file.
        NameTooLong = "plain.refusal.name_too_long": "The name of a file or field is too long. Give the file a shorter name and add it again.";
        /// The rest of the body did not come in time.
        TooSlow = "plain.refusal.too_slow": "The rest of the form did not arrive in time. Check your connection and send the form again.";
        /// More submissions in a time than one sender or one form may have.
        TooMany = "plain.refusal.too_many": "Too many forms are being sent just now. Nothing was lost: wait a few minutes and send the form again.";
        /// Something stands in the field that nobody sees.
        Trapped = "plain.refusal.trapped": "A field that nobody sees was filled in, as programs do. Nothing was lost: send the form again.";
        /// Faster than anybody fills in a form.
        TooFast = "plain.refusal.too_fast": "The form came faster than anybody can fill it in. Nothing was lost: wait a few seconds and send it again.";
        /// The page's token is missing or too old.
        Stale = "plain.refusal.stale": "This page was open for too long. Nothing was lost: send the form again.";
        /// Without work or an answer of the captcha.
        Unproven = "plain.refusal.unproven": "We could not tell whether a person sent this form. Allow scripts for this page, reload it and send the form again.";
        /// The page's reference belongs to what was sent before.
        DraftEnded = "plain.refusal.draft_ended": "This form was already sent once from here. Nothing was lost: reload the page and send the form again.";
        /// The proxy cannot take the form.
        Unavailable = "plain.refusal.unavailable": "We cannot take the form just now. Nothing was lost: send it again in a few minutes.";
        /// Asked for a submission that has not arrived.
        SubmissionUnknown = "plain.refusal.submission_unknown": "This request has not arrived here. Send the form again.";
    }
}

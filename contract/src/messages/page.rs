use super::message::messages;

messages! {
    /// The messages of the plain page, except those that it shares with the widget. They are not in
    /// the widget's wasm.
    pub enum PageMessageKey {
        /// The title of a page with a result. `{heading}`: the result; `{title}`: the form's title.
        Title = "plain.title": "{heading}: {title}";
        /// The answer for a ticked box.
        Yes = "plain.yes": "yes";
        /// The answer for a box that is not ticked.
        No = "plain.no": "no";
        /// Shown at a question or step that this page cannot hide. `{condition}`: one of the texts
        /// below.
        OnlyIf = "plain.only_if": "Only if {condition}";
        /// Shown at a question that this page cannot require. `{condition}`: one of the texts
        /// below.
        RequiredIf = "plain.required_if": "Required if {condition}";
        /// A condition. `{label}`: an earlier question; `{value}`: its answers.
        ConditionIs = "plain.condition.is": "“{label}” is: {value}";
        /// A condition. `{label}`: an earlier question; `{value}`: other answers.
        ConditionIsNot = "plain.condition.is_not": "“{label}” is not: {value}";
        /// A condition. `{label}`: an earlier question.
        ConditionFilled = "plain.condition.filled": "“{label}” has an answer";
        /// A condition. `{label}`: an earlier question.
        ConditionEmpty = "plain.condition.empty": "“{label}” has no answer";
        /// A condition. `{label}`: an earlier question; `{value}`: an amount or a number.
        ConditionAtLeast = "plain.condition.at_least": "“{label}” is at least {value}";
        /// A condition. `{label}`: an earlier question; `{value}`: an amount or a number.
        ConditionAtMost = "plain.condition.at_most": "“{label}” is at most {value}";
        /// A condition. `{label}`: an earlier question; `{value}`: a day.
        ConditionFrom = "plain.condition.from": "“{label}” is {value} or later";
        /// A condition. `{label}`: an earlier question; `{value}`: a day.
        ConditionUntil = "plain.condition.until": "“{label}” is {value} or earlier";
        /// Two conditions. Both have to be met.
        And = "plain.condition.and": "{first} and {second}";
        /// Two conditions. At least one of them has to be met.
        Or = "plain.condition.or": "{first} or {second}";
        /// How to enter tags.
        TagsHint = "plain.tags_hint": "Separate them with commas";
        /// Heading: the deal is in the CRM.
        Arrived = "plain.arrived": "Your request has arrived";
        /// Heading: the deal is not in the CRM yet.
        NotSent = "plain.not_sent": "Not sent yet";
        /// Heading: the proxy has the request, but the CRM does not have the deal yet.
        Received = "plain.received": "We have your request";
        /// Heading of a refusal, on a page that cannot show the form again.
        Failed = "plain.failed": "That did not work";
        /// Shown below the heading of a refusal.
        GoBack = "plain.go_back": "Use the Back button of your browser to return to what you entered.";
        /// Shown with a refused form that had files.
        AddFilesAgain = "plain.add_files_again": "Please add your files again: browsers do not let a page keep them.";

        /// The label of the hidden field, for visitors who find it.
        Trap = "plain.trap": "Leave this field empty";

        /// The origin is not allowed.
        Origin = "plain.refusal.origin": "The page you came from is not allowed to send this form. Open the form on its own page instead.";
        /// The body is not `multipart/form-data`.
        ContentType = "plain.refusal.content_type": "The form must be sent as multipart/form-data. Reload the page and send the form again.";
        /// The body is compressed or encoded in another way.
        ContentEncoding = "plain.refusal.content_encoding": "The form was sent in an encoding that is not accepted. Reload the page and send the form again.";
        /// The body is not valid multipart.
        Malformed = "plain.refusal.malformed": "The form arrived incomplete. Reload the page and send the form again.";
        /// The request is too large. `{limit}`: a size.
        TooLarge = "plain.refusal.too_large": "Your request, including files, is over the limit of {limit}. Remove or shrink some files and send the form again.";
        /// One text is too long.
        TextTooLong = "plain.refusal.text_too_long": "“{label}” is too long. Shorten it and send the form again.";
        /// The request has too many text values and files.
        TooManyParts = "plain.refusal.too_many_parts": "Your request has more than {limit} parts. Reload the page and send the form again.";
        /// A part's header, with the names of field and file, is too long.
        NameTooLong = "plain.refusal.name_too_long": "The name of a file or field is too long. Give the file a shorter name and add it again.";
        /// The rest of the body did not arrive in time.
        TooSlow = "plain.refusal.too_slow": "The rest of the form did not arrive in time. Check your connection and send the form again.";
        /// The sender or the form has reached its rate limit.
        TooMany = "plain.refusal.too_many": "Too many forms are being sent right now. Nothing was lost: wait a few minutes and send the form again.";
        /// The hidden field has a value.
        Trapped = "plain.refusal.trapped": "A hidden field was filled in, as spam programs do. Nothing was lost: send the form again.";
        /// The form was sent faster than a person can fill it in.
        TooFast = "plain.refusal.too_fast": "The form was sent faster than a person can fill it in. Nothing was lost: wait a few seconds and send it again.";
        /// The page's token is missing or too old.
        Stale = "plain.refusal.stale": "This page was open for too long. Nothing was lost: send the form again.";
        /// The proof of work or the captcha answer is missing.
        Unproven = "plain.refusal.unproven": "We could not tell whether a person sent this form. Allow scripts for this page, reload it and send the form again.";
        /// The reference belongs to a draft that was sent before.
        DraftEnded = "plain.refusal.draft_ended": "This form was already sent from this page. Nothing was lost: reload the page and send the form again.";
        /// The proxy cannot accept the submission now.
        Unavailable = "plain.refusal.unavailable": "We cannot accept the form right now. Nothing was lost: send it again in a few minutes.";
        /// No submission with this reference has arrived.
        SubmissionUnknown = "plain.refusal.submission_unknown": "This request has not arrived. Send the form again.";
    }
}

use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use crate::template::fill;

/// Declares each code with its stable name and its English sentence.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $sentence:literal,)+) => {
        /// What is wrong with an answer, as a stable code.
        ///
        /// The sentence is a template: `{label}` is the field's label, `{subject}` the file, day or
        /// number with the problem, and `{limit}` the allowed value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* $variant,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the code's name in JSON. The name never changes.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Returns the English template of the sentence.
            pub const fn english(self) -> &'static str {
                match self {
                    $(Self::$variant => $sentence,)+
                }
            }
        }
    };
}

codes! {
    /// A required field is empty.
    Required = "required": "Fill in “{label}”.",
    /// A required checkbox is not ticked.
    RequiredFlag = "required_flag": "Tick “{label}” to continue.",
    /// A required choice has no answer.
    RequiredChoice = "required_choice": "Select an option for “{label}”.",
    /// A required field for files has no file.
    RequiredFile = "required_file": "Add a file to “{label}”.",

    /// A control character such as NUL.
    TextControl = "text_control": "Enter “{label}” again: it contains an invisible character that cannot be sent.",
    /// A line break in a one-line text.
    TextLine = "text_line": "Enter “{label}” on one line.",
    /// A text that is longer than the form allows.
    TextLength = "text_length": "Shorten “{label}” to {limit} characters; it has {subject} now.",
    /// A text that is shorter than the form requires.
    TextShort = "text_short": "Write at least {limit} characters for “{label}”; it has {subject} now.",
    /// A text that does not match the form's pattern.
    TextPattern = "text_pattern": "Enter “{label}” in the requested format.",

    /// A date that is neither in the language's pattern nor in the form `YYYY-MM-DD`.
    DateFormat = "date_format": "Enter a date for “{label}” in the format {limit}, or in the form 2026-09-30.",
    /// Numbers that are not a date in the language's order.
    DateOrder = "date_order": "Enter a real date for “{label}”, in the order {limit}: this day does not exist.",
    /// The pattern is right, but the day does not exist.
    DateDay = "date_day": "Enter a real date for “{label}”: this day does not exist.",
    /// A day before the first day that the form accepts.
    DateEarly = "date_early": "Choose a date for “{label}” on or after {limit}.",
    /// A day after the last day that the form accepts.
    DateLate = "date_late": "Choose a date for “{label}” on or before {limit}.",

    /// A character that is not a digit, a space, a comma or a full stop.
    AmountCharacter = "amount_character": "Enter an amount for “{label}”, such as 1,250.00. Use only digits, spaces, commas and full stops.",
    /// No digit.
    AmountDigit = "amount_digit": "Enter a number for “{label}”, such as 1250.",

    /// An amount or number below the form's minimum.
    NumberLow = "number_low": "Enter at least {limit} for “{label}”.",
    /// An amount or number above the form's maximum.
    NumberHigh = "number_high": "Enter at most {limit} for “{label}”.",

    /// A flag that is neither `1` nor `2`.
    FlagValue = "flag_value": "Enter 1 or 2 for “{label}”.",

    /// Text that is not in the form `name@example.com`.
    EmailFormat = "email_format": "Enter an email address for “{label}”, such as name@example.com.",

    /// A character that phone numbers do not contain.
    PhoneCharacter = "phone_character": "Enter a phone number for “{label}”, such as +49\u{a0}30\u{a0}123456\u{a0}ext.\u{a0}5. Besides digits, you can use spaces, brackets, dots, slashes and dashes.",
    /// A phone number with too few or too many digits.
    PhoneLength = "phone_length": "Enter a complete phone number for “{label}”, with 5 to 20 digits.",

    /// An id that is not a positive whole number.
    IdFormat = "id_format": "Enter a whole number above zero for “{label}”, such as 5452.",

    /// A value other than open, closed, won or lost.
    ResolutionValue = "resolution_value": "Enter open, closed, won or lost for “{label}”.",

    /// An answer that is not one of the form's options.
    ChoiceValue = "choice_value": "Select one of the options for “{label}”.",

    /// Fewer answers than the form requires.
    ChoicesFew = "choices_few": "Select {limit} or more options for “{label}”.",
    /// More answers than the form accepts.
    ChoicesMany = "choices_many": "Select up to {limit} options for “{label}”. You selected {subject}.",

    /// Two commas without a tag between them, or a comma at the beginning or end.
    TagEmpty = "tag_empty": "Remove the extra comma from “{label}”.",

    /// A web address that does not begin with http:// or https://, or has no host.
    HandleAddress = "handle_address": "Enter a name or a web address that starts with https:// for “{label}”.",

    /// An invalid API name of a custom field.
    CustomFieldName = "custom_field_name": "“{label}” is not a valid custom field name. Use letters, digits and underscores, starting with a letter.",

    /// A reference that no form can have created.
    ReferenceShape = "reference_shape": "The reference of this form is damaged. Reload the page and send the form again.",

    /// A parameter that the form does not list.
    ParameterUnknown = "parameter_unknown": "This form does not accept “{subject}”. Reload the page and send the form again.",
    /// A parameter that was sent twice.
    ParameterTwice = "parameter_twice": "“{label}” was sent twice. Reload the page and send the form again.",

    /// A picture in a format that the CRM drops.
    FilePicture = "file_picture": "“{subject}” has an image format that cannot be sent. Save it as JPG and add it again.",
    /// A file type that the CRM drops.
    FileType = "file_type": "“{subject}” cannot be sent. Choose another file: {limit}.",
    /// A dropped folder.
    FileFolder = "file_folder": "“{subject}” is a folder. Add the files in it, or add it as a ZIP file.",
    /// A file that the browser can no longer read: it was changed, moved or deleted, or is only in
    /// the cloud.
    FileUnreadable = "file_unreadable": "“{subject}” can no longer be read. Add it again, or remove it.",
    /// The name and the declared type contradict each other.
    FileMismatch = "file_mismatch": "The name of “{subject}” does not match its file type. Save it again in the right format.",
    /// An empty file.
    FileEmpty = "file_empty": "“{subject}” is empty. Choose another file.",
    /// A file name that is not safe to send.
    FileName = "file_name": "The name of “{subject}” cannot be sent. Give the file a short, simple name and add it again.",
    /// Too many files.
    FileCount = "file_count": "You added {subject} files, but at most {limit} can be sent. Remove some.",
    /// Files that are too large in total.
    FileTotal = "file_total": "The files are {subject} too large in total: keep them under {limit}. Remove or shrink some.",
}

impl Code {
    /// Returns the code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }

    /// Returns whether the code means that an answer is missing.
    pub const fn is_missing_answer(self) -> bool {
        matches!(
            self,
            Self::Required | Self::RequiredFlag | Self::RequiredChoice | Self::RequiredFile
        )
    }
}

impl Display for Code {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&fill(self.english(), &[("label", "the value")]))
    }
}

impl std::error::Error for Code {}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

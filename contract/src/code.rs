use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

use crate::template::fill;

/// Names each code, its stable spelling and its English sentence in one place.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $sentence:literal,)+) => {
        /// What is wrong, as a stable code.
        ///
        /// The sentence is a template: `{label}` is the field's label, `{subject}` the thing in
        /// question (a file, a day, a number), `{limit}` what is allowed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $($(#[$doc])* $variant,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is written in JSON. It never changes.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The English template of its sentence.
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
    /// A required box is not ticked.
    RequiredFlag = "required_flag": "Tick “{label}” to go on.",
    /// A required choice is not made.
    RequiredChoice = "required_choice": "Choose an answer to “{label}”.",
    /// A required field for files has none.
    RequiredFile = "required_file": "Add a file to “{label}”.",

    /// A control character, such as NUL, that no keyboard types.
    TextControl = "text_control": "“{label}” contains an invisible character that cannot be sent. Delete it and type it again.",
    /// A line break in a text of one line.
    TextLine = "text_line": "Write “{label}” on one line.",
    /// Longer than the form allows.
    TextLength = "text_length": "Shorten “{label}” to {limit} characters; now it has {subject}.",

    /// Neither in the form of the language nor in the form YYYY-MM-DD.
    DateFormat = "date_format": "Write “{label}” as {limit}, or as year-month-day such as 2026-09-30.",
    /// Numbers that are no day in the order of the language.
    DateOrder = "date_order": "“{label}” is read as {limit}, and there is no such day. Write day, month and year in that order.",
    /// In the right form, but no such day.
    DateDay = "date_day": "“{label}”: there is no such day. Check the day and the month.",
    /// A day before the first that the form takes.
    DateEarly = "date_early": "“{label}” has to be {limit} or later.",
    /// A day after the last that the form takes.
    DateLate = "date_late": "“{label}” has to be {limit} or earlier.",

    /// Something else than digits, spaces, commas and full stops.
    AmountCharacter = "amount_character": "Write “{label}” with digits, spaces, commas and full stops only, for example 1,250.00.",
    /// No digit at all.
    AmountDigit = "amount_digit": "Write “{label}” as a number, for example 1250.",

    /// Neither `1` nor `2`.
    FlagValue = "flag_value": "“{label}” can only be 1 or 2.",

    /// Not of the form name@example.com.
    EmailFormat = "email_format": "Write “{label}” as an email address, for example name@example.com.",

    /// Something that no phone number contains.
    PhoneCharacter = "phone_character": "Write “{label}” with digits; a leading +, spaces, brackets, dots, slashes and dashes are fine, and an extension such as “ext. 5”.",
    /// Too few or too many digits.
    PhoneLength = "phone_length": "“{label}” should have 5 to 20 digits. Check that the number is complete.",

    /// Not a positive whole number.
    IdFormat = "id_format": "Write “{label}” as a whole number above zero, for example 5452.",

    /// Neither open nor closed nor won nor lost.
    ResolutionValue = "resolution_value": "“{label}” can only be open, closed, won or lost.",

    /// Not among the answers that the form offers.
    ChoiceValue = "choice_value": "Choose one of the answers offered for “{label}”.",

    /// Two commas with nothing between them, or a comma at an end.
    TagEmpty = "tag_empty": "“{label}” has an empty tag. Remove the comma that is too many.",

    /// A web address that does not begin with http:// or https://, or has no host.
    HandleAddress = "handle_address": "Write “{label}” as a name, or as a web address that begins with https://.",

    /// The API could not tell this custom field's name from something else.
    CustomFieldName = "custom_field_name": "“{label}” is no name for a custom field. Use letters, digits and underscores, a letter first.",

    /// Not a reference that a form makes.
    ReferenceShape = "reference_shape": "The submission's reference is damaged. Reload the page and send the form again.",

    /// A parameter that the form does not list.
    ParameterUnknown = "parameter_unknown": "This form does not take “{subject}”. Reload the page and send the form again.",
    /// The same parameter twice.
    ParameterTwice = "parameter_twice": "“{label}” was sent twice. Reload the page and send the form again.",

    /// A picture of a kind that the CRM would drop.
    FilePicture = "file_picture": "“{subject}” is a picture of a kind that cannot be sent. Save it as JPG and add it again.",
    /// A kind of file that the CRM would drop.
    FileType = "file_type": "“{subject}” cannot be sent: use {limit}.",
    /// A folder that was dropped.
    FileFolder = "file_folder": "“{subject}” is a folder. Add the files in it, or pack it as a ZIP file first.",
    /// The browser can no longer read the file: it was changed, moved or deleted, or is only in the
    /// cloud.
    FileUnreadable = "file_unreadable": "“{subject}” can no longer be read. Add it again, or remove it.",
    /// Name and declared type contradict each other.
    FileMismatch = "file_mismatch": "“{subject}” is not the kind of file that its name says. Save it again in the right format.",
    /// No bytes.
    FileEmpty = "file_empty": "“{subject}” is empty. Choose a file with content.",
    /// A name that cannot be sent safely.
    FileName = "file_name": "The name of “{subject}” cannot be sent. Give the file a short, plain name and add it again.",
    /// More files than allowed.
    FileCount = "file_count": "{subject} files are too many: {limit} can be sent. Remove some.",
    /// More bytes than allowed, over all files.
    FileTotal = "file_total": "The files are {subject} too large together: they have to stay under {limit}. Remove or shrink some.",
}

impl Code {
    /// The code spelt so, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
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

//! Texts, tags and social profiles.

use deal_contract::definition::Choice;
use deal_contract::normalize::add_value;

use super::*;

#[test]
fn removes_control_characters_from_a_line() {
    normalizes(
        TextFormat::SingleLine,
        &[
            ("  Zoë \t", "Zoë"),
            ("Ada\tLovelace", "Ada Lovelace"),
            ("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f\r\ng\rh\ni", "a b c d e f g h i"),
            ("Donau\u{ad}dampf\0schiff\u{1b}\u{7f}\u{9f}", "Donaudampfschiff"),
            ("\u{feff}a\u{200b}b\u{2060}c\u{202e}d\u{202c}\u{2068}e\u{2069}", "abcde"),
            ("می\u{200c}خواهم 👩\u{200d}💻 ש\u{200f}!", "می\u{200c}خواهم 👩\u{200d}💻 ש\u{200f}!"),
            ("٣ شقق", "٣ شقق"),
        ],
    );
}

#[test]
fn keeps_line_breaks_and_tabs_in_long_text() {
    normalizes(
        TextFormat::MultiLine,
        &[
            ("  kept\n", "  kept\n"),
            ("a\r\nb\rc\u{b}d\u{c}e\u{85}f\u{2028}g\u{2029}h", "a\nb\nc\nd\ne\nf\ng\nh"),
            ("a\tb\0\u{ad}\u{8}", "a\tb"),
        ],
    );
}

#[test]
fn separates_tags_by_commas_and_drops_empty_ones() {
    normalizes(
        TextFormat::Tags,
        &[
            (" ويب، جديد,网页，新、三 ", "ويب, جديد, 网页, 新, 三"),
            ("web,, new ,", "web, new"),
            ("a\tb", "a b"),
        ],
    );
    assert_eq!(normalize("en", TextFormat::Tags, " ,، "), "");
}

#[test]
fn drops_directional_marks_from_a_social_profile() {
    normalizes(
        TextFormat::SocialProfile,
        &[
            ("\u{200e}https://example.com/zoe\u{200f} ", "https://example.com/zoe"),
            ("@zoe\n", "@zoe"),
        ],
    );
    rejects(
        TextFormat::SocialProfile,
        Code::HandleAddress,
        &["java\u{200b}script:alert(1)", "\u{1}javascript:x", "java\nscript:x", "java\tscript:x"],
    );
}

/// Creates a choice with several answers that also accepts other answers.
pub(super) fn choices() -> FieldKind {
    let option = |value: &str| Choice { value: value.to_owned(), label: value.to_owned() };
    FieldKind::Choices {
        options: ["web", "print"].map(option).into(),
        control: None,
        other: true,
        min: None,
        max: None,
    }
}

#[test]
fn puts_choices_in_the_order_of_the_form_and_other_answers_last() {
    let normal = |typed| normalize("en", choices(), typed);
    assert_eq!(normal(" A podcast ,print, df-other,web,print"), "web, print, A podcast");
    assert_eq!(normal("df-other"), "");
}

/// Returns the answer to which a plain form's values are joined.
fn joined(kind: &FieldKind, values: &[&str]) -> String {
    let mut answer = String::new();
    for value in values {
        add_value(kind, &mut answer, value);
    }
    answer
}

#[test]
fn joins_the_values_of_a_plain_form_without_losing_text() {
    let choices = choices();
    assert_eq!(joined(&choices, &["web", "df-other", "A podcast"]), "web, A podcast");
    assert_eq!(joined(&choices, &["df-other", "A podcast"]), "A podcast");
    assert_eq!(joined(&choices, &["web", ""]), "web");
    let choice = FieldKind::Choice { options: Vec::new(), control: None, other: true };
    assert_eq!(joined(&choice, &["df-other", "A podcast"]), "A podcast");
    assert_eq!(joined(&choice, &["web", ""]), "web");
    // The visitor wrote a text and chose another option. Both arrive.
    assert_eq!(joined(&choice, &["web", "A podcast"]), "web, A podcast");
    let other_kind = FieldKind::choice(Vec::new());
    assert_eq!(joined(&other_kind, &["web"]), "");
}

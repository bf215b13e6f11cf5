//! Texts, tags and handles.

use super::*;

#[test]
fn a_line_takes_pasted_control_characters() {
    becomes(
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
fn long_text_keeps_its_lines_and_tabs() {
    becomes(
        TextFormat::MultiLine,
        &[
            ("  kept\n", "  kept\n"),
            ("a\r\nb\rc\u{b}d\u{c}e\u{85}f\u{2028}g\u{2029}h", "a\nb\nc\nd\ne\nf\ng\nh"),
            ("a\tb\0\u{ad}\u{8}", "a\tb"),
        ],
    );
}

#[test]
fn tags_come_between_commas_and_none_is_empty() {
    becomes(
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
fn drops_directional_marks_from_a_handle() {
    becomes(
        TextFormat::SocialProfile,
        &[
            ("\u{200e}https://example.com/zoe\u{200f} ", "https://example.com/zoe"),
            ("@zoe\n", "@zoe"),
        ],
    );
    stays_wrong(
        TextFormat::SocialProfile,
        Code::HandleAddress,
        &["java\u{200b}script:alert(1)", "\u{1}javascript:x", "java\nscript:x", "java\tscript:x"],
    );
}

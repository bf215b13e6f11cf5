//! File names.

use deal_contract::attachments::{FileInfo, check_file};
use deal_contract::normalize::file_name;

use super::*;

#[test]
fn replaces_forbidden_characters_and_shortens_long_names() {
    for (name, clean) in [
        ("Invoice\u{200e}.pdf", "Invoice.pdf"),
        ("\u{200f}لقطة.jpg", "لقطة.jpg"),
        ("Report 10:15.pdf", "Report 10-15.pdf"),
        ("#1 <offer>?.pdf", "#1 -offer--.pdf"),
        ("a\u{202e}b\u{2066}\u{feff}.pdf", "ab.pdf"),
        ("tab\there.pdf", "tab here.pdf"),
        ("a\r\nb\0.pdf", "a b.pdf"),
        ("the \"best\" offer.pdf", "the -best- offer.pdf"),
        ("100%22.pdf", "100%22.pdf"),
        ("100%.pdf", "100%.pdf"),
        ("100%2", "100%2"),
        (" a.pdf ", "a.pdf"),
        ("👩\u{200d}💻 Füße.pdf", "👩\u{200d}💻 Füße.pdf"),
        ("می\u{200c}خواهم.pdf", "می\u{200c}خواهم.pdf"),
        ("", ""),
    ] {
        assert_eq!(file_name(name), clean, "{name:?}");
    }
    let long = file_name(&format!("{}.pdf", "ä".repeat(200)));
    assert_eq!(long, format!("{}.pdf", "ä".repeat(125)));
    assert_eq!(file_name(&"a".repeat(300)).len(), 255);
}

#[test]
fn does_not_make_a_forbidden_name_valid() {
    for name in [
        "../a.pdf",
        "a\\b.pdf",
        "C:\\a.pdf",
        "CON.txt",
        "\u{200e}CON.txt",
        "nul\u{202e}.a.pdf",
        "shell.php.txt",
        "shell.p\u{200b}hp.txt",
        "....txt",
    ] {
        let clean = file_name(name);
        let info = FileInfo { name: &clean, media_type: "", bytes: 1 };
        assert_eq!(check_file(info), Err(Code::FileName), "{name:?}");
    }
}

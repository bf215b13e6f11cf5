//! Email addresses.

use super::*;

#[test]
fn extracts_the_email_address_from_pasted_text() {
    normalizes(
        TextFormat::Email,
        &[
            (" mike@example.com ", "mike@example.com"),
            ("max@müller.de", "max@xn--mller-kva.de"),
            ("max\u{200d}@müller.de", "max@xn--mller-kva.de"),
            ("Max <max@MÜLLER.de>", "max@xn--mller-kva.de"),
            ("taro@例え。jp", "taro@xn--r8jz45g.jp"),
            ("ali@نامه\u{200c}ای.com", "ali@xn--mgba3gch31f060k.com"),
            ("mike\u{200c}@example\u{200d}.com", "mike@example.com"),
            ("ｍａｘ＠ｅｘａｍｐｌｅ．ｃｏｍ", "max@example.com"),
            ("mailto:mike@example.com", "mike@example.com"),
            ("MAILTO:mike@example.com?subject=Hi", "mike@example.com"),
            ("<mike@example.com>", "mike@example.com"),
            ("<mailto:mike@example.com>,", "mike@example.com"),
            ("Mike Douglas <mike@example.com>;", "mike@example.com"),
            ("\"Douglas, Mike\" <mike@example.com>", "mike@example.com"),
            ("mike@example.com <mike@example.com>", "mike@example.com"),
            ("mike@example.com,", "mike@example.com"),
            ("mike@example.com;", "mike@example.com"),
            ("mike@example.com.", "mike@example.com"),
            ("\"mike@example.com\"", "mike@example.com"),
            ("'mike@example.com'", "mike@example.com"),
            ("„mike@example.com“", "mike@example.com"),
            ("(mike@example.com)", "mike@example.com"),
            ("o'neil@example.com", "o'neil@example.com"),
        ],
    );
    rejects(
        TextFormat::Email,
        Code::EmailFormat,
        &[
            "mike@",
            "a b@example.com",
            "a@x.com, b@y.com",
            "a@x.com <b@y.com>",
            "A <a@x.com>, B <b@y.com>",
            "jörg@example.com",
            "max@unknown-ü.de",
            "max@𝟏.𝟐",
            "max@mü ller.de",
            "max@mü/ller.de",
        ],
    );
}

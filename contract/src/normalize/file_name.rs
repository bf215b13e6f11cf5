//! File names: removes invisible characters, replaces forbidden ones, and shortens long names.

use crate::attachments::NAME_LIMIT;
use crate::characters::{is_direction_mark, text, trim};

/// Returns the file name to check and send: without invisible characters, with `-` for each
/// character that an operating system forbids, and at most 255 bytes long.
///
/// Slashes and backslashes are not replaced. The check rejects them, because they indicate a path.
///
/// ```
/// use deal_contract::normalize::file_name;
///
/// assert_eq!(file_name("Report 10:15\u{200e}.pdf"), "Report 10-15.pdf");
/// ```
pub fn file_name(name: &str) -> String {
    let mut name = text(name, ' ');
    name.retain(|c| !is_direction_mark(*c));
    let mut bytes = 0_usize;
    for c in &mut name {
        // Windows forbids all of these, and other systems forbid some of them.
        if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
            *c = '-';
        }
        bytes = bytes.saturating_add(c.len_utf8());
    }
    // Shorten the name, but keep the extension.
    let name = trim(&name, char::is_whitespace);
    let dot = name.iter().rposition(|c| *c == '.').unwrap_or(name.len());
    let (mut stem, extension) = name.split_at_checked(dot).unwrap_or_default();
    while bytes > NAME_LIMIT
        && let [shorter @ .., last] = stem
    {
        bytes = bytes.saturating_sub(last.len_utf8());
        stem = shorter;
    }
    let mut short: String = stem.iter().collect();
    short.push_str(&extension.iter().collect::<String>());
    short
}

//! Names of files.

use super::characters::{is_direction_mark, text, trim};
use crate::attachments::NAME_LIMIT;

/// A file's name as it is checked and sent: without marks that nobody sees, with `-` for each
/// character that some system forbids in names, and at most 255 bytes long.
///
/// Slashes and backslashes stay, and are refused: no file has them in its name, so whoever sends them
/// means a path.
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
        // Windows forbids them all, others some.
        if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') {
            *c = '-';
        }
        bytes = bytes.saturating_add(c.len_utf8());
    }
    // Shortened before its extension.
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

//! Rules for single characters: which are dropped and which are replaced.
//!
//! The functions work on character slices, because the search functions of `str` would add several
//! kB to the widget.

/// The digit zero in each script from U+0080 to U+FFFF (Unicode 17, general category `Nd`), except
/// the full-width zero, which [`latin`] converts. The digits 1 to 9 follow each zero.
const ZEROS: [u16; 35] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
];

/// Removes characters without meaning. Every kind of line break becomes `line_break`. If
/// `line_break` is a space, tabs become spaces too.
pub(crate) fn text(typed: &str, line_break: char) -> Vec<char> {
    let mut text = Vec::new();
    let mut last = '\0';
    for c in typed.chars() {
        let kept = match c {
            // Word and PowerPoint break lines by U+000B, and pages by U+000C.
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => line_break,
            '\t' if line_break == ' ' => ' ',
            c => c,
        };
        let is_second = c == '\n' && last == '\r';
        if !is_second && (matches!(kept, '\n' | '\t') || !is_meaningless(kept)) {
            text.push(kept);
        }
        last = c;
    }
    text
}

/// Returns whether the character is a control character or an invisible character without meaning,
/// such as a soft hyphen, a zero-width space, or one of the directional embeddings, overrides and
/// isolates that software puts around copied text.
///
/// Returns false for joiners, because Persian, Indic scripts and emoji need them, and for the
/// directional marks that Arabic and Hebrew keyboards type.
pub(crate) fn is_meaningless(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{200b}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
        )
}

/// Returns whether the character is a directional mark.
pub(crate) fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}')
}

/// Returns whether the character is a joiner, which has a meaning only between other characters.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Converts spaces, dashes and full-width characters to those of a Latin keyboard. Does not convert
/// digits from other scripts. Returns `None` for characters without meaning and directional marks.
pub(crate) fn latin(c: char) -> Option<char> {
    match c {
        c if c.is_whitespace() => Some(' '),
        c if is_meaningless(c) || is_direction_mark(c) => None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)),
        c => Some(c),
    }
}

/// Drops control characters and invisible characters from a web address or profile name. Browsers
/// remove line breaks and tabs from an address (WHATWG URL, 4.4); replacing them with spaces could
/// hide its scheme.
pub(crate) fn address(c: char) -> Option<char> {
    let dropped = is_meaningless(c) || is_direction_mark(c) || matches!(c, '\u{2028}' | '\u{2029}');
    (!dropped).then_some(c)
}

/// Like [`latin`], but also converts the digits of other scripts (see [`ZEROS`]) to 0 to 9, and
/// drops joiners.
pub(crate) fn keyboard(c: char) -> Option<char> {
    latin(c).filter(|c| !is_joiner(*c)).map(ascii_digit)
}

fn ascii_digit(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let value = ZEROS
        .iter()
        .find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// A condition on a character. The type is a function pointer instead of a generic parameter,
/// because each compiled copy of a generic function would add bytes to the widget.
type Predicate = fn(char) -> bool;

/// Replaces or drops each character.
pub(crate) fn map(text: &str, replace: fn(char) -> Option<char>) -> Vec<char> {
    let mut mapped = Vec::new();
    for c in text.chars() {
        if let Some(c) = replace(c) {
            mapped.push(c);
        }
    }
    mapped
}

/// Drops characters at the beginning as long as `is_dropped` is true for them.
pub(crate) fn trim_start(mut text: &[char], is_dropped: Predicate) -> &[char] {
    while let [first, rest @ ..] = text
        && is_dropped(*first)
    {
        text = rest;
    }
    text
}

/// Drops characters at the end as long as `is_dropped` is true for them.
pub(crate) fn trim_end(mut text: &[char], is_dropped: Predicate) -> &[char] {
    while let [rest @ .., last] = text
        && is_dropped(*last)
    {
        text = rest;
    }
    text
}

/// Drops characters at both ends as long as `is_dropped` is true for them.
pub(crate) fn trim(text: &[char], is_dropped: Predicate) -> &[char] {
    trim_end(trim_start(text, is_dropped), is_dropped)
}

/// Returns the text without leading and trailing white space.
pub(crate) fn trimmed(text: &[char]) -> String {
    trim(text, char::is_whitespace).iter().collect()
}

/// Returns whether a space-separated list contains the word, ignoring case.
pub(crate) fn is_one_of(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known.eq_ignore_ascii_case(word))
}

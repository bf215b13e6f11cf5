//! Email addresses: drops the text that mail programs copy with an address, and converts the domain
//! to Punycode.

use crate::characters::{is_joiner, latin, map, trim};

/// Converts an international domain to Punycode (UTS 46, `ToASCII`). Returns `None` if the text is
/// not a domain.
///
/// The function is a parameter, because browsers already contain the necessary tables.
pub type DomainToAscii = fn(&str) -> Option<String>;

pub(super) fn normalize(typed: &str, domain_to_ascii: DomainToAscii) -> String {
    let text = map(typed, latin);
    let unwrapped = unwrap(&text);
    // Joiners have a meaning in non-ASCII domains, such as Persian ones. Elsewhere they come from a
    // paste, so drop them.
    let at = unwrapped.iter().rposition(|c| *c == '@').unwrap_or(unwrapped.len());
    let (local, domain) = unwrapped.split_at_checked(at).unwrap_or_default();
    let keeps_joiners = domain.iter().any(|c| !c.is_ascii() && !is_joiner(*c));
    let mut address = Vec::new();
    address.extend(local.iter().filter(|c| !is_joiner(**c)));
    address.extend(domain.iter().filter(|c| keeps_joiners || !is_joiner(**c)));
    let address = unwrap(&address);
    let at = address.iter().rposition(|c| *c == '@').map_or(0, |at| at.saturating_add(1));
    let (local, domain) = address.split_at_checked(at).unwrap_or_default();
    let is_part = |c: &char| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let mut normal: String = local.iter().collect();
    let typed: String = domain.iter().collect();
    let mut ascii = None;
    if !domain.iter().all(char::is_ascii) && domain.iter().all(is_part) {
        // Browsers parse a host that ends in a number as an IPv4 address and rewrite it.
        let is_name = |ascii: &String| ascii.as_bytes().last().is_some_and(u8::is_ascii_alphabetic);
        ascii = domain_to_ascii(&typed).filter(is_name);
    }
    normal.push_str(&ascii.unwrap_or(typed));
    normal
}

/// Returns the address without the name, brackets, quotes, `mailto:` and punctuation around it.
fn unwrap(mut text: &[char]) -> &[char] {
    loop {
        let length = text.len();
        text = trim(in_brackets(text).unwrap_or(text), is_wrapping);
        if let Some((scheme, address)) = text.split_at_checked(7)
            && scheme.iter().map(char::to_ascii_lowercase).eq("mailto:".chars())
        {
            text = address.split(|c| *c == '?').next().unwrap_or_default();
        }
        if text.len() == length {
            return text;
        }
    }
}

/// Returns the address in `Name <address>`. The name can repeat the address, but must not contain
/// another address.
fn in_brackets(text: &[char]) -> Option<&[char]> {
    let (name, rest) = split_once(text, '<')?;
    let (address, after) = split_once(rest, '>')?;
    let alone = after.iter().all(|c| is_wrapping(*c));
    let same = !name.contains(&'@') || trim(name, is_wrapping) == address;
    (alone && same).then_some(address)
}

fn split_once(text: &[char], at: char) -> Option<(&[char], &[char])> {
    let (before, rest) = text.split_at_checked(text.iter().position(|c| *c == at)?)?;
    Some((before, rest.split_first()?.1))
}

/// Returns whether to drop the character at both ends. The HTML standard allows some of these
/// characters there, but real addresses do not have them.
fn is_wrapping(c: char) -> bool {
    is_joiner(c)
        || matches!(
            c,
            ' ' | ','
                | ';'
                | ':'
                | '.'
                | '"'
                | '\''
                | '<'
                | '>'
                | '('
                | ')'
                | '['
                | ']'
                | '«'
                | '»'
                | '‹'
                | '›'
                | '\u{2018}'..='\u{201f}' | '。'
        )
}

//! Sentences with places for words.

/// Puts each word into the place `{name}` of the template.
///
/// In one pass, so that a word that itself contains `{name}` stays as it is. A name without a word
/// leaves nothing.
///
/// ```
/// use deal_contract::template::fill;
///
/// assert_eq!(fill("{sent} of {total}", &[("sent", "1 MB"), ("total", "5 MB")]), "1 MB of 5 MB");
/// ```
///
/// In a sentence that is written from right to left each word stands between U+2068 and U+2069
/// (Unicode Standard Annex #9, isolates): a name in Latin letters would pull the signs around it,
/// and numbers beside it, to its own side.
///
/// ```
/// use deal_contract::template::fill;
///
/// assert_eq!(fill("إزالة {file}", &[("file", "a.pdf")]), "إزالة \u{2068}a.pdf\u{2069}");
/// ```
pub fn fill(template: &str, words: &[(&str, &str)]) -> String {
    let [before_word, after_word] =
        if is_right_to_left(template) { ["\u{2068}", "\u{2069}"] } else { [""; 2] };
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        filled.push_str(before);
        let word = words.iter().find(|(known, _)| *known == name);
        filled.push_str(before_word);
        filled.push_str(word.map_or("", |(_, word)| word));
        filled.push_str(after_word);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Whether any letter is of a script from right to left. The bytes that begin the letters from
/// U+05C0 to U+07FF in UTF-8, Hebrew's to N'Ko's, are in no other.
fn is_right_to_left(template: &str) -> bool {
    template.bytes().any(|byte| matches!(byte, 0xd7..=0xdf))
}

/// The names of the template's places, in their order.
///
/// ```
/// use deal_contract::template::placeholders;
///
/// assert_eq!(placeholders("{sent} of {total}"), ["sent", "total"]);
/// ```
pub fn placeholders(template: &str) -> Vec<&str> {
    let (mut names, mut rest) = (Vec::new(), template);
    while let Some((_, begun)) = rest.split_once('{')
        && let Some((name, after)) = begun.split_once('}')
    {
        names.push(name);
        rest = after;
    }
    names
}

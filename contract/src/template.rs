//! Sentences with placeholders.

/// Replaces each placeholder `{name}` with the value that has this name, or removes the placeholder
/// if no value has this name.
///
/// Does not replace placeholders in values.
///
/// ```
/// use deal_contract::template::fill;
///
/// assert_eq!(fill("{sent} of {total}", &[("sent", "1 MB"), ("total", "5 MB")]), "1 MB of 5 MB");
/// ```
///
/// In a right-to-left sentence, each value is enclosed in U+2068 and U+2069 (isolates, Unicode
/// Standard Annex #9). Otherwise Latin letters would change the order of the punctuation and
/// numbers around them.
///
/// ```
/// use deal_contract::template::fill;
///
/// assert_eq!(fill("إزالة {file}", &[("file", "a.pdf")]), "إزالة \u{2068}a.pdf\u{2069}");
/// ```
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let [before_value, after_value] =
        if is_right_to_left(template) { ["\u{2068}", "\u{2069}"] } else { [""; 2] };
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        filled.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(before_value);
        filled.push_str(value.map_or("", |(_, value)| value));
        filled.push_str(after_value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Returns whether the template has a letter from a right-to-left script. In UTF-8, only the
/// characters from U+05C0 to U+07FF (Hebrew to N'Ko) contain these bytes.
fn is_right_to_left(template: &str) -> bool {
    template.bytes().any(|byte| matches!(byte, 0xd7..=0xdf))
}

/// Returns the names of the template's placeholders, in order.
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

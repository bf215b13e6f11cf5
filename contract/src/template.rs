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
pub fn fill(template: &str, words: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        filled.push_str(before);
        let word = words.iter().find(|(known, _)| *known == name);
        filled.push_str(word.map_or("", |(_, word)| word));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The names of the template's places, in their order.
///
/// ```
/// use deal_contract::template::places;
///
/// assert_eq!(places("{sent} of {total}"), ["sent", "total"]);
/// ```
pub fn places(template: &str) -> Vec<&str> {
    let (mut names, mut rest) = (Vec::new(), template);
    while let Some((_, begun)) = rest.split_once('{')
        && let Some((name, after)) = begun.split_once('}')
    {
        names.push(name);
        rest = after;
    }
    names
}

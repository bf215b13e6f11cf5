//! Converts Markdown to HTML, with the same heading anchors as on GitHub.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use std::collections::BTreeMap;

pub(super) fn to_html(text: &str) -> String {
    let mut events: Vec<Event<'_>> = Parser::new_ext(text, Options::ENABLE_TABLES).collect();
    name_headings(&mut events);
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    out
}

fn name_headings(events: &mut [Event<'_>]) {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut text: Option<String> = None;
    let mut names = Vec::new();
    for event in events.iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => text = Some(String::new()),
            Event::Text(piece) | Event::Code(piece) => {
                if let Some(text) = &mut text {
                    text.push_str(piece);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let name = slug(&text.take().unwrap_or_default());
                let times = taken.entry(name.clone()).and_modify(|times| *times += 1).or_default();
                names.push(if *times == 0 { name } else { format!("{name}-{times}") });
            }
            _ => {}
        }
    }
    let headings = events.iter_mut().filter_map(|event| match event {
        Event::Start(Tag::Heading { id, .. }) => Some(id),
        _ => None,
    });
    for (id, name) in headings.zip(names) {
        *id = Some(CowStr::from(name));
    }
}

/// Returns a heading's anchor by GitHub's rule: lower case, hyphens for spaces, and no
/// punctuation except hyphens and underscores.
fn slug(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(to_html(text).trim(), expected);
    }

    #[test]
    fn gives_headings_the_same_anchors_as_github() {
        check(
            "## No lead lost, `none` doubled",
            "<h2 id=\"no-lead-lost-none-doubled\">No lead lost, <code>none</code> doubled</h2>",
        );
        check("# A\n# A", "<h1 id=\"a\">A</h1>\n<h1 id=\"a-1\">A</h1>");
    }

    #[test]
    fn keeps_links_as_they_are() {
        check("[a](b.md#c)", "<p><a href=\"b.md#c\">a</a></p>");
    }
}

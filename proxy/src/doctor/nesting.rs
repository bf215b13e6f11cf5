//! Two rules of HTML parsers that break a form (WHATWG HTML 13.2.6.4.7, "in body"): a block element closes an open
//! paragraph with every element in it, and a form inside a form is dropped.

/// The elements whose start tag closes an open paragraph.
const BLOCKS: [&str; 41] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "ul",
    "xmp",
];

/// A start tag inside one of these elements does not close a paragraph around it ("button scope").
const SCOPES: [&str; 13] = [
    "applet",
    "button",
    "caption",
    "desc",
    "foreignobject",
    "html",
    "marquee",
    "object",
    "table",
    "td",
    "template",
    "th",
    "title",
];

/// The elements without an end tag.
const VOID: [&str; 15] = [
    "area", "base", "basefont", "br", "col", "embed", "hr", "img", "input", "link", "meta",
    "param", "source", "track", "wbr",
];

/// The open elements at one position of the page.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    /// Whether a form is open. Only `</form>` closes it.
    in_form: bool,
}

/// The effect of a tag on forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Nothing,
    /// The tag closes a `<deal-form>` before `</deal-form>`.
    ClosesDealForm,
    /// The parser drops the tag, because it begins a form inside a form.
    Dropped,
}

impl Nesting {
    /// Handles a start tag. The name is in lower case.
    pub(super) fn start(&mut self, name: &str) -> Effect {
        if name == "form" && self.in_form {
            return Effect::Dropped;
        }
        let paragraph = if BLOCKS.contains(&name) { self.paragraph() } else { None };
        let closes_deal_form = paragraph.is_some_and(|at| self.close(at));
        if !VOID.contains(&name) {
            self.open.push(name.to_owned());
        }
        self.in_form |= name == "form";
        if closes_deal_form { Effect::ClosesDealForm } else { Effect::Nothing }
    }

    /// Handles an end tag. The name is in lower case.
    pub(super) fn end(&mut self, name: &str) -> Effect {
        if name == "form" {
            self.in_form = false;
        }
        let at = if name == "p" {
            self.paragraph()
        } else {
            self.open.iter().rposition(|open| open == name)
        };
        // An end tag without an open element has no effect here.
        let closes_deal_form = at.is_some_and(|at| self.close(at)) && name != "deal-form";
        if closes_deal_form { Effect::ClosesDealForm } else { Effect::Nothing }
    }

    /// Returns the index of the paragraph that a block element would close.
    fn paragraph(&self) -> Option<usize> {
        let scope = self.open.iter().rposition(|open| SCOPES.contains(&&**open)).unwrap_or(0);
        let open = self.open.iter().enumerate().skip(scope);
        open.filter(|(_, open)| *open == "p").map(|(at, _)| at).next_back()
    }

    /// Closes the element at the index and all elements in it. Returns whether a `<deal-form>` was among them.
    fn close(&mut self, at: usize) -> bool {
        self.open.drain(at..).any(|open| open == "deal-form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Handles tags such as `p` and `/p`, and returns the effect of the last one.
    fn effect_of_last(tags: &str) -> Effect {
        let mut nesting = Nesting::default();
        let mut effect = Effect::Nothing;
        for tag in tags.split(' ') {
            effect = match tag.strip_prefix('/') {
                Some(name) => nesting.end(name),
                None => nesting.start(tag),
            };
        }
        effect
    }

    #[test]
    fn closes_a_paragraph_and_its_form_at_a_block_element() {
        for tags in
            ["p deal-form form", "p span deal-form h2", "div p b deal-form p", "p deal-form /p"]
        {
            assert_eq!(effect_of_last(tags), Effect::ClosesDealForm, "{tags}");
        }
        for tags in [
            "div deal-form form",
            "p /p deal-form form",
            "p deal-form a /a /deal-form",
            "p div deal-form form",
            "p deal-form br",
            "p deal-form /deal-form form",
            "p button deal-form form",
            "p object table td deal-form form",
        ] {
            assert_eq!(effect_of_last(tags), Effect::Nothing, "{tags}");
        }
    }

    #[test]
    fn drops_a_form_inside_a_form() {
        for tags in ["form form", "form div deal-form form", "form table tr td deal-form form"] {
            assert_eq!(effect_of_last(tags), Effect::Dropped, "{tags}");
        }
        assert_eq!(effect_of_last("form div /form deal-form form"), Effect::Nothing);
    }
}

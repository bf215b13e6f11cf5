//! Two rules by which the HTML parser of a browser moves or drops a form.
//!
//! A block element closes an open paragraph and every element within it (WHATWG HTML 13.2.6.4.7,
//! "in body"), and a form within a form is dropped.

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

/// Within these elements, a start tag does not close a paragraph outside of them ("button scope").
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

/// The elements that are open at one position of the page.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    /// Whether a form is open. Only its own end tag closes it.
    in_form: bool,
}

/// What a tag does besides opening or closing its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Nothing,
    /// It closes a `<deal-form>` before its own end tag.
    CutsForm,
    /// It is the start of a form within a form, which the parser drops.
    IsLeftOut,
}

impl Nesting {
    /// Handles a start tag. The name is in lower case.
    pub(super) fn start(&mut self, name: &str) -> Effect {
        if name == "form" && self.in_form {
            return Effect::IsLeftOut;
        }
        let paragraph = if BLOCKS.contains(&name) { self.paragraph() } else { None };
        let cut = paragraph.is_some_and(|at| self.close(at));
        if !VOID.contains(&name) {
            self.open.push(name.to_owned());
        }
        self.in_form |= name == "form";
        if cut { Effect::CutsForm } else { Effect::Nothing }
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
        // An end tag without an open element does nothing here.
        let is_cut = at.is_some_and(|at| self.close(at)) && name != "deal-form";
        if is_cut { Effect::CutsForm } else { Effect::Nothing }
    }

    /// The index of the paragraph that a block element would close.
    fn paragraph(&self) -> Option<usize> {
        let reach = self.open.iter().rposition(|open| SCOPES.contains(&&**open)).unwrap_or(0);
        let open = self.open.iter().enumerate().skip(reach);
        open.filter(|(_, open)| *open == "p").map(|(at, _)| at).next_back()
    }

    /// Closes that element and everything in it. Returns whether a `<deal-form>` was among them.
    fn close(&mut self, at: usize) -> bool {
        self.open.drain(at..).any(|open| open == "deal-form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Handles tags such as `p` and `/p`, and returns the effect of the last one.
    fn last(tags: &str) -> Effect {
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
    fn a_block_ends_a_paragraph_with_the_form_in_it() {
        for tags in
            ["p deal-form form", "p span deal-form h2", "div p b deal-form p", "p deal-form /p"]
        {
            assert_eq!(last(tags), Effect::CutsForm, "{tags}");
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
            assert_eq!(last(tags), Effect::Nothing, "{tags}");
        }
    }

    #[test]
    fn a_form_within_a_form_is_left_out() {
        for tags in ["form form", "form div deal-form form", "form table tr td deal-form form"] {
            assert_eq!(last(tags), Effect::IsLeftOut, "{tags}");
        }
        assert_eq!(last("form div /form deal-form form"), Effect::Nothing);
    }
}

//! What a browser makes of elements within elements, as far as it moves a form.
//!
//! A paragraph ends where a block begins (WHATWG HTML 13.2.6.4.7, "in body"), and takes with it whatever
//! is open within; and a form within a form is left out.

/// What ends an open paragraph when it begins.
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

/// Behind these, a paragraph outside is out of reach ("button scope").
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

/// What has no end tag.
const VOID: [&str; 15] = [
    "area", "base", "basefont", "br", "col", "embed", "hr", "img", "input", "link", "meta",
    "param", "source", "track", "wbr",
];

/// The elements that are open at a place of a page.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<String>,
    /// Whether a form is open: its end tag alone ends it, whatever else ended meanwhile.
    in_form: bool,
}

/// What a tag does beside opening or closing its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Nothing,
    /// It ends a `<deal-form>` that has not come to its own end.
    CutsForm,
    /// It begins a form within a form, and is left out.
    IsLeftOut,
}

impl Nesting {
    /// A start tag, its name in small letters.
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

    /// An end tag, its name in small letters.
    pub(super) fn end(&mut self, name: &str) -> Effect {
        if name == "form" {
            self.in_form = false;
        }
        let at = if name == "p" {
            self.paragraph()
        } else {
            self.open.iter().rposition(|open| open == name)
        };
        // What it does not end is ended by nothing here.
        let is_cut = at.is_some_and(|at| self.close(at)) && name != "deal-form";
        if is_cut { Effect::CutsForm } else { Effect::Nothing }
    }

    /// The paragraph that a block would end.
    fn paragraph(&self) -> Option<usize> {
        let reach = self.open.iter().rposition(|open| SCOPES.contains(&&**open)).unwrap_or(0);
        let open = self.open.iter().enumerate().skip(reach);
        open.filter(|(_, open)| *open == "p").map(|(at, _)| at).next_back()
    }

    /// Closes that element with all that is in it. Whether a `<deal-form>` is among them.
    fn close(&mut self, at: usize) -> bool {
        self.open.drain(at..).any(|open| open == "deal-form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads tags such as `p` and `/p`, and gives the last one's effect.
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

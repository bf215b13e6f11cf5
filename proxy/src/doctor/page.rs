//! Reads the HTML of a landing page.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use reqwest::Url;

use super::nesting::{Effect, Nesting};
use super::policy::Policies;

/// The parts of a page that matter to its forms.
#[derive(Debug)]
pub(super) struct Page {
    /// The page's address, after all redirects.
    pub(super) url: Url,
    /// The base for relative addresses in the page.
    base: Url,
    /// The policies from the header and from `<meta>` elements. All of them apply.
    pub(super) policies: Policies,
    pub(super) scripts: Vec<Script>,
    pub(super) forms: Vec<EmbeddedForm>,
}

/// A `<script src>`.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) url: Url,
    pub(super) is_module: bool,
    pub(super) nonce: Option<String>,
}

/// A `<deal-form>`.
#[derive(Debug)]
pub(super) struct EmbeddedForm {
    /// The form's address. `None` if the page contains the definition.
    pub(super) src: Option<Url>,
    /// The address for submissions, if it is not `src`.
    pub(super) proxy_url: Option<Url>,
    /// Whether the element contains a plain form for visitors without scripts.
    pub(super) has_plain_form: bool,
    pub(super) place: Place,
}

/// The place of a `<deal-form>` in its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The form works here.
    Valid,
    /// In a paragraph. Browsers close the paragraph and the `<deal-form>` before the plain form, and show the plain
    /// form after them.
    Paragraph,
    /// In another form on the page. Browsers drop the plain form and use the outer form instead.
    Form,
}

impl Page {
    pub(super) fn read(url: Url, html: &str, policies: Policies) -> Self {
        let base = url.clone();
        let mut page = Self { url, base, policies, scripts: Vec::new(), forms: Vec::new() };
        let (mut within, mut nesting) = (false, Nesting::default());
        // The content of scripts and styles contains no elements.
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name);
                    page.set_place(nesting.start(&name), within);
                    let attribute = |name: &str| {
                        let value = tag.attributes.get(name.as_bytes())?;
                        Some(String::from_utf8_lossy(value).trim().to_owned())
                    };
                    match &**tag.name {
                        b"deal-form" => {
                            within = true;
                            page.add_form(&attribute);
                        }
                        b"form" if within => page.add_plain_form(),
                        _ => page.add_element(&tag.name, &attribute),
                    }
                }
                Token::EndTag(tag) => {
                    page.set_place(nesting.end(&String::from_utf8_lossy(&tag.name)), within);
                    within &= **tag.name != *b"deal-form";
                }
                _ => {}
            }
        }
        page
    }

    fn add_element(&mut self, name: &[u8], attribute: &dyn Fn(&str) -> Option<String>) {
        match name {
            b"base" => {
                if let Some(url) = attribute("href").and_then(|href| self.base.join(&href).ok()) {
                    self.base = url;
                }
            }
            b"meta" => {
                let is_policy = attribute("http-equiv")
                    .is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy"));
                if let Some(text) = attribute("content").filter(|_| is_policy) {
                    self.policies.add(&text);
                }
            }
            b"script" => {
                if let Some(url) = attribute("src").and_then(|src| self.base.join(&src).ok()) {
                    let is_module = attribute("type").is_some_and(|kind| kind == "module");
                    self.scripts.push(Script { url, is_module, nonce: attribute("nonce") });
                }
            }
            _ => {}
        }
    }

    fn add_form(&mut self, attribute: &dyn Fn(&str) -> Option<String>) {
        let address = |name| self.base.join(&attribute(name)?).ok();
        self.forms.push(EmbeddedForm {
            src: address("src"),
            proxy_url: address("proxy-url"),
            has_plain_form: false,
            place: Place::Valid,
        });
    }

    /// Sets the place of the last `<deal-form>` according to the effect of a tag. `within` says whether the tag is
    /// inside the `<deal-form>`.
    fn set_place(&mut self, effect: Effect, within: bool) {
        let place = match effect {
            Effect::ClosesDealForm => Place::Paragraph,
            Effect::Dropped if within => Place::Form,
            Effect::Nothing | Effect::Dropped => return,
        };
        if let Some(form) = self.forms.last_mut().filter(|form| form.place == Place::Valid) {
            form.place = place;
        }
    }

    fn add_plain_form(&mut self) {
        if let Some(form) = self.forms.last_mut() {
            form.has_plain_form = true;
        }
    }
}

impl Script {
    /// Returns whether the script defines `<deal-form>`.
    pub(super) fn is_loader(&self) -> bool {
        let mut segments = self.url.path_segments().into_iter().flatten();
        segments.next_back().is_some_and(|file| file.starts_with("deal-form"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Page {
        Page::read("https://www.example.com/landing/".parse().unwrap(), html, Policies::default())
    }

    #[test]
    fn finds_scripts_and_forms_but_not_in_comments_scripts_or_attributes() {
        let page = read(
            "<!doctype html><!-- <deal-form src=/no> --><SCRIPT TYPE=module nonce='n' \
             SRC='https://leads.example.com/deal-form.js'></SCRIPT><script>'<deal-form src=/no>'</script>\
             <p title=\"<deal-form>\"><deal-form src=\"/forms/quote?a=1&amp;b=2\"><form></form></deal-form>\
             <form></form><deal-form proxy-url=../send></deal-form>",
        );
        let [script] = &page.scripts[..] else { panic!("{:?}", page.scripts) };
        assert!(script.is_loader() && script.is_module && script.nonce.as_deref() == Some("n"));
        let [first, second] = &page.forms[..] else { panic!("{:?}", page.forms) };
        let src = first.src.as_ref().map(Url::as_str);
        assert_eq!(src, Some("https://www.example.com/forms/quote?a=1&b=2"));
        assert!(first.has_plain_form && !second.has_plain_form);
        assert_eq!(
            (second.src.as_ref(), second.proxy_url.as_ref().map(Url::as_str)),
            (None, Some("https://www.example.com/send"))
        );
    }

    #[test]
    fn recognises_a_form_inside_a_paragraph_or_another_form() {
        let form = "<deal-form src=/forms/quote><form><p></p></form></deal-form>";
        for (html, place) in [
            (format!("<div>{form}</div><p>"), Place::Valid),
            (format!("<p>One</p>{form}<form><form>"), Place::Valid),
            (format!("<P>One {form}</P>"), Place::Paragraph),
            (format!("<form id=aspnetForm><div>{form}</div></form>"), Place::Form),
        ] {
            let page = read(&html);
            let [form] = &page.forms[..] else { panic!("{:?}", page.forms) };
            assert_eq!((form.place, form.has_plain_form), (place, true), "{html}");
        }
    }

    #[test]
    fn applies_the_base_and_the_policies_in_the_html() {
        let page = read(
            "<base href=https://cdn.example.com/x/><meta http-equiv=Content-Security-Policy \
             content=\"connect-src 'none'\"><deal-form src=forms/quote>",
        );
        let src = page.forms[0].src.as_ref().unwrap();
        assert_eq!(src.as_str(), "https://cdn.example.com/x/forms/quote");
        assert!(!page.policies.allow_connect(&page.url, src));
    }
}

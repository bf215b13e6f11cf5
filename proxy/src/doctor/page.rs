//! What a landing page's HTML says of the form.

use html5gum::{DefaultEmitter, Token, Tokenizer};
use reqwest::Url;

use super::nesting::{Effect, Nesting};
use super::policy::Policies;

/// A page, as far as the form is concerned.
#[derive(Debug)]
pub(super) struct Page {
    /// Its address, after all redirects.
    pub(super) url: Url,
    /// What relative addresses in it are relative to.
    base: Url,
    /// The policies of its header and of its `<meta>` elements: all of them hold.
    pub(super) policies: Policies,
    pub(super) scripts: Vec<Script>,
    pub(super) forms: Vec<Embedded>,
}

/// A `<script src>`.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) url: Url,
    pub(super) module: bool,
    pub(super) nonce: Option<String>,
}

/// A `<deal-form>`.
#[derive(Debug)]
pub(super) struct Embedded {
    /// The form's address; nothing where the page gives the definition itself.
    pub(super) src: Option<Url>,
    /// Where it posts to instead.
    pub(super) proxy_url: Option<Url>,
    /// Whether there is a plain form for visitors without scripts.
    pub(super) fallback: bool,
    /// Where it is on the page.
    pub(super) place: Place,
}

/// Where a `<deal-form>` is on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Where it works.
    Fine,
    /// In a paragraph. Browsers close both before the plain form, and show that form after them.
    Paragraph,
    /// In a form of the page. Browsers drop its plain form and use the outer form instead.
    Form,
}

impl Page {
    pub(super) fn read(url: Url, html: &str, policies: Policies) -> Self {
        let base = url.clone();
        let mut page = Self { url, base, policies, scripts: Vec::new(), forms: Vec::new() };
        let (mut within, mut nesting) = (false, Nesting::default());
        // What stands in a script or a style is no element.
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name);
                    page.note(nesting.start(&name), within);
                    let attribute = |name: &str| {
                        let value = tag.attributes.get(name.as_bytes())?;
                        Some(String::from_utf8_lossy(value).trim().to_owned())
                    };
                    match &**tag.name {
                        b"deal-form" => {
                            within = true;
                            page.embedded(&attribute);
                        }
                        b"form" if within => page.fallback(),
                        _ => page.element(&tag.name, &attribute),
                    }
                }
                Token::EndTag(tag) => {
                    page.note(nesting.end(&String::from_utf8_lossy(&tag.name)), within);
                    within &= **tag.name != *b"deal-form";
                }
                _ => {}
            }
        }
        page
    }

    fn element(&mut self, name: &[u8], attribute: &dyn Fn(&str) -> Option<String>) {
        match name {
            b"base" => {
                if let Some(url) = attribute("href").and_then(|href| self.base.join(&href).ok()) {
                    self.base = url;
                }
            }
            b"meta" => {
                let policy = attribute("http-equiv")
                    .is_some_and(|name| name.eq_ignore_ascii_case("content-security-policy"));
                if let Some(text) = attribute("content").filter(|_| policy) {
                    self.policies.add(&text);
                }
            }
            b"script" => {
                if let Some(url) = attribute("src").and_then(|src| self.base.join(&src).ok()) {
                    let module = attribute("type").is_some_and(|kind| kind == "module");
                    self.scripts.push(Script { url, module, nonce: attribute("nonce") });
                }
            }
            _ => {}
        }
    }

    fn embedded(&mut self, attribute: &dyn Fn(&str) -> Option<String>) {
        let address = |name| self.base.join(&attribute(name)?).ok();
        self.forms.push(Embedded {
            src: address("src"),
            proxy_url: address("proxy-url"),
            fallback: false,
            place: Place::Fine,
        });
    }

    /// Notes the effect of a tag on the last `<deal-form>`. `within` says whether the tag is inside
    /// of it.
    fn note(&mut self, effect: Effect, within: bool) {
        let place = match effect {
            Effect::CutsForm => Place::Paragraph,
            Effect::IsLeftOut if within => Place::Form,
            Effect::Nothing | Effect::IsLeftOut => return,
        };
        if let Some(form) = self.forms.last_mut().filter(|form| form.place == Place::Fine) {
            form.place = place;
        }
    }

    fn fallback(&mut self) {
        if let Some(form) = self.forms.last_mut() {
            form.fallback = true;
        }
    }
}

impl Script {
    /// Whether it is the one that defines `<deal-form>`.
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
    fn a_form_is_found_wherever_it_stands() {
        let page = read(
            "<!doctype html><!-- <deal-form src=/no> --><SCRIPT TYPE=module nonce='n' \
             SRC='https://leads.example.com/deal-form.js'></SCRIPT><script>'<deal-form src=/no>'</script>\
             <p title=\"<deal-form>\"><deal-form src=\"/forms/quote?a=1&amp;b=2\"><form></form></deal-form>\
             <form></form><deal-form proxy-url=../send></deal-form>",
        );
        let [script] = &page.scripts[..] else { panic!("{:?}", page.scripts) };
        assert!(script.is_loader() && script.module && script.nonce.as_deref() == Some("n"));
        let [first, second] = &page.forms[..] else { panic!("{:?}", page.forms) };
        let src = first.src.as_ref().map(Url::as_str);
        assert_eq!(src, Some("https://www.example.com/forms/quote?a=1&b=2"));
        assert!(first.fallback && !second.fallback);
        assert_eq!(
            (second.src.as_ref(), second.proxy_url.as_ref().map(Url::as_str)),
            (None, Some("https://www.example.com/send"))
        );
    }

    #[test]
    fn a_form_knows_what_the_page_around_it_does_to_it() {
        let form = "<deal-form src=/forms/quote><form><p></p></form></deal-form>";
        for (html, place) in [
            (format!("<div>{form}</div><p>"), Place::Fine),
            (format!("<p>One</p>{form}<form><form>"), Place::Fine),
            (format!("<P>One {form}</P>"), Place::Paragraph),
            (format!("<form id=aspnetForm><div>{form}</div></form>"), Place::Form),
        ] {
            let page = read(&html);
            let [form] = &page.forms[..] else { panic!("{:?}", page.forms) };
            assert_eq!((form.place, form.fallback), (place, true), "{html}");
        }
    }

    #[test]
    fn a_base_and_policies_of_the_page_itself_count() {
        let page = read(
            "<base href=https://cdn.example.com/x/><meta http-equiv=Content-Security-Policy \
             content=\"connect-src 'none'\"><deal-form src=forms/quote>",
        );
        let src = page.forms[0].src.as_ref().unwrap();
        assert_eq!(src.as_str(), "https://cdn.example.com/x/forms/quote");
        assert!(!page.policies.let_connect(&page.url, src));
    }
}

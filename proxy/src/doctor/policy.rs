//! A page's Content-Security-Policy, as far as the form needs something of it (CSP Level 3).

use reqwest::Url;

/// All policies of a page. Each of them has to allow a thing.
#[derive(Debug, Default)]
pub(super) struct Policies(Vec<Policy>);

/// Directives with their sources; the first of a name counts.
#[derive(Debug)]
struct Policy(Vec<(String, Vec<String>)>);

impl Policies {
    /// Adds the policies of one header or `<meta>`: several are separated by commas.
    pub(super) fn add(&mut self, text: &str) {
        self.0.extend(text.split(',').map(Policy::read));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the page may load that script.
    pub(super) fn let_script(&self, page: &Url, url: &Url, nonce: Option<&str>) -> bool {
        self.0.iter().all(|policy| {
            let Some(sources) = policy.sources(&["script-src-elem", "script-src", "default-src"])
            else {
                return true;
            };
            let trusted = nonce.is_some_and(|nonce| {
                sources.iter().any(|source| *source == format!("'nonce-{nonce}'"))
            });
            let strict = sources.iter().any(|source| source == "'strict-dynamic'");
            // With it, addresses count for nothing.
            trusted || !strict && allows(sources, page, url)
        })
    }

    /// Whether the page may run WebAssembly.
    pub(super) fn let_wasm(&self) -> bool {
        self.0.iter().all(|policy| {
            let sources = policy.sources(&["script-src", "default-src"]);
            let words = ["'wasm-unsafe-eval'", "'unsafe-eval'"];
            sources
                .is_none_or(|sources| sources.iter().any(|source| words.contains(&source.as_str())))
        })
    }

    /// Whether the page may fetch from there and send to it.
    pub(super) fn let_connect(&self, page: &Url, url: &Url) -> bool {
        self.let_reach(&["connect-src", "default-src"], page, url)
    }

    /// Whether a plain form of the page may post there.
    pub(super) fn let_post(&self, page: &Url, url: &Url) -> bool {
        self.let_reach(&["form-action"], page, url)
    }

    fn let_reach(&self, directives: &[&str], page: &Url, url: &Url) -> bool {
        self.0.iter().all(|policy| {
            policy.sources(directives).is_none_or(|sources| allows(sources, page, url))
        })
    }
}

impl Policy {
    fn read(text: &str) -> Self {
        let directive = |text: &str| {
            let mut words = text.split_ascii_whitespace().map(str::to_owned);
            Some((words.next()?.to_ascii_lowercase(), words.collect()))
        };
        Self(text.split(';').filter_map(directive).collect())
    }

    /// The sources of the first of these directives that is there.
    fn sources(&self, directives: &[&str]) -> Option<&[String]> {
        directives.iter().find_map(|name| {
            let directive = self.0.iter().find(|(known, _)| known == name);
            directive.map(|(_, sources)| sources.as_slice())
        })
    }
}

fn allows(sources: &[String], page: &Url, url: &Url) -> bool {
    sources.iter().any(|source| matches(source, page, url))
}

/// CSP Level 3, 6.7.2.7 "Does url match expression in origin", without what no form needs.
fn matches(source: &str, page: &Url, url: &Url) -> bool {
    if source.eq_ignore_ascii_case("'self'") {
        return page.origin() == url.origin();
    }
    if source.starts_with('\'') {
        return false;
    }
    if source == "*" {
        return matches!(url.scheme(), "http" | "https") || url.scheme() == page.scheme();
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return scheme_fits(scheme, url);
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        None => (page.scheme(), source),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    scheme_fits(scheme, url) && host_fits(host, url) && port_fits(port, url) && path_fits(path, url)
}

/// A policy that allows http allows https too.
fn scheme_fits(scheme: &str, url: &Url) -> bool {
    scheme.eq_ignore_ascii_case(url.scheme())
        || scheme.eq_ignore_ascii_case("http") && url.scheme() == "https"
}

fn host_fits(host: &str, url: &Url) -> bool {
    let actual = url.host_str().unwrap_or_default();
    match host.strip_prefix('*') {
        Some("") => true,
        Some(ending) => {
            let at = actual.len().checked_sub(ending.len());
            at.and_then(|at| actual.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
        }
        None => host.eq_ignore_ascii_case(actual),
    }
}

fn port_fits(port: Option<&str>, url: &Url) -> bool {
    match port {
        Some("*") => true,
        Some(port) => url.port_or_known_default().is_some_and(|actual| actual.to_string() == port),
        None => url.port().is_none(),
    }
}

/// A path that ends with a slash is a folder.
fn path_fits(path: &str, url: &Url) -> bool {
    match path {
        "" | "/" => true,
        folder if folder.ends_with('/') => url.path().starts_with(folder),
        file => url.path() == file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://www.example.com/landing";
    const LEADS: &str = "https://leads.example.com/deal-form.js";

    fn policies(texts: &[&str]) -> Policies {
        let mut policies = Policies::default();
        for text in texts {
            policies.add(text);
        }
        policies
    }

    #[track_caller]
    fn check(policy: &str, url: &str, expected: bool) {
        let (page, url) = (PAGE.parse().unwrap(), url.parse().unwrap());
        assert_eq!(policies(&[policy]).let_connect(&page, &url), expected, "{policy} {url}");
    }

    #[test]
    fn a_source_is_an_origin_or_a_part_of_one() {
        for (source, expected) in [
            ("https://leads.example.com", true),
            ("HTTPS://LEADS.example.com", true),
            ("leads.example.com", true),
            ("*.example.com", true),
            ("https:", true),
            ("*", true),
            ("https://leads.example.com:443", true),
            ("https://leads.example.com:*", true),
            ("https://leads.example.com/", true),
            ("https://leads.example.com/deal-form.js", true),
            ("http://leads.example.com", true),
            ("https://leads.example.com:8443", false),
            ("https://leads.example.com/forms/", false),
            ("https://example.com", false),
            ("*.leads.example.com", false),
            ("'self'", false),
            ("'none'", false),
            ("wss:", false),
            ("", false),
        ] {
            check(&format!("connect-src {source}"), LEADS, expected);
            check(&format!("default-src {source}; img-src 'none'"), LEADS, expected);
        }
        check("connect-src 'self'", "https://www.example.com/forms/quote", true);
        check("connect-src www.example.com", "http://www.example.com/forms/quote", false);
        check("img-src 'none'", LEADS, true);
    }

    #[test]
    fn webassembly_needs_its_word() {
        for (policy, expected) in [
            ("script-src 'self'", false),
            ("default-src 'self'", false),
            ("script-src 'self' 'wasm-unsafe-eval'", true),
            ("default-src 'self'; script-src 'unsafe-eval'", true),
            ("connect-src 'none'", true),
        ] {
            assert_eq!(policies(&[policy]).let_wasm(), expected, "{policy}");
        }
        let both = ["script-src 'wasm-unsafe-eval'", "script-src 'self'"];
        assert!(!policies(&both).let_wasm(), "every policy has to allow it");
        assert!(!policies(&[&both.join(", ")]).let_wasm());
        assert!(policies(&[]).let_wasm() && policies(&[]).is_empty());
    }

    #[test]
    fn a_nonce_vouches_for_a_script() {
        let (page, url) = (PAGE.parse().unwrap(), LEADS.parse().unwrap());
        let may = |policy, nonce| policies(&[policy]).let_script(&page, &url, nonce);
        assert!(may("script-src 'nonce-r4nd'", Some("r4nd")));
        assert!(!may("script-src 'nonce-r4nd'", None));
        assert!(!may("script-src 'nonce-r4nd' 'strict-dynamic' https:", Some("other")));
        assert!(may("script-src https:", None));
        assert!(!may("script-src https:; script-src-elem 'self'", None));
    }

    #[test]
    fn a_plain_form_posts_where_form_action_lets_it() {
        let (page, url) = (PAGE.parse().unwrap(), LEADS.parse().unwrap());
        assert!(policies(&["default-src 'none'"]).let_post(&page, &url));
        assert!(!policies(&["form-action 'self'"]).let_post(&page, &url));
        assert!(policies(&["form-action 'self' leads.example.com"]).let_post(&page, &url));
    }
}

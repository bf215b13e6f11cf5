//! The parts of a page's Content-Security-Policy that affect the form (CSP Level 3).

use reqwest::Url;

/// All policies of a page. An action is allowed if each policy allows it.
#[derive(Debug, Default)]
pub(super) struct Policies(Vec<Policy>);

/// Directives with their sources. If two directives have the same name, the first one applies.
#[derive(Debug)]
struct Policy(Vec<(String, Vec<String>)>);

impl Policies {
    /// Adds the comma-separated policies of a header or a `<meta>` element.
    pub(super) fn add(&mut self, text: &str) {
        self.0.extend(text.split(',').map(Policy::read));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether the page may load the script.
    pub(super) fn allow_script(&self, page: &Url, url: &Url, nonce: Option<&str>) -> bool {
        self.0.iter().all(|policy| {
            let Some(sources) = policy.sources(&["script-src-elem", "script-src", "default-src"])
            else {
                return true;
            };
            let has_nonce = nonce.is_some_and(|nonce| {
                sources.iter().any(|source| *source == format!("'nonce-{nonce}'"))
            });
            // 'strict-dynamic' disables the sources that are addresses.
            let is_strict = sources.iter().any(|source| source == "'strict-dynamic'");
            has_nonce || !is_strict && allows(sources, page, url)
        })
    }

    /// Returns whether the page may run WebAssembly.
    pub(super) fn allow_wasm(&self) -> bool {
        self.0.iter().all(|policy| {
            let sources = policy.sources(&["script-src", "default-src"]);
            let keywords = ["'wasm-unsafe-eval'", "'unsafe-eval'"];
            sources.is_none_or(|sources| {
                sources.iter().any(|source| keywords.contains(&source.as_str()))
            })
        })
    }

    /// Returns whether the page's scripts may send requests to the address.
    pub(super) fn allow_connect(&self, page: &Url, url: &Url) -> bool {
        self.allow(&["connect-src", "default-src"], page, url)
    }

    /// Returns whether a plain form on the page may post to the address.
    pub(super) fn allow_post(&self, page: &Url, url: &Url) -> bool {
        self.allow(&["form-action"], page, url)
    }

    fn allow(&self, directives: &[&str], page: &Url, url: &Url) -> bool {
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

    /// Returns the sources of the first directive in `directives` that the policy contains, or `None` if it contains
    /// none of them.
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

/// Returns whether a source matches the address: CSP Level 3, 6.7.2.7 "Does url match expression in
/// origin", without the cases that no form needs.
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

/// Returns whether the source's scheme allows the address. A policy that allows http also allows https.
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

/// Returns whether the source's path allows the address. A path that ends with a slash is a folder.
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
        assert_eq!(policies(&[policy]).allow_connect(&page, &url), expected, "{policy} {url}");
    }

    #[test]
    fn matches_sources_by_scheme_host_port_and_path() {
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
    fn allows_webassembly_only_with_an_eval_keyword() {
        for (policy, expected) in [
            ("script-src 'self'", false),
            ("default-src 'self'", false),
            ("script-src 'self' 'wasm-unsafe-eval'", true),
            ("default-src 'self'; script-src 'unsafe-eval'", true),
            ("connect-src 'none'", true),
        ] {
            assert_eq!(policies(&[policy]).allow_wasm(), expected, "{policy}");
        }
        let both = ["script-src 'wasm-unsafe-eval'", "script-src 'self'"];
        assert!(!policies(&both).allow_wasm(), "one of two policies was enough");
        assert!(!policies(&[&both.join(", ")]).allow_wasm());
        assert!(policies(&[]).allow_wasm() && policies(&[]).is_empty());
    }

    #[test]
    fn allows_a_script_by_its_nonce_or_its_address() {
        let (page, url) = (PAGE.parse().unwrap(), LEADS.parse().unwrap());
        let may = |policy, nonce| policies(&[policy]).allow_script(&page, &url, nonce);
        assert!(may("script-src 'nonce-r4nd'", Some("r4nd")));
        assert!(!may("script-src 'nonce-r4nd'", None));
        assert!(!may("script-src 'nonce-r4nd' 'strict-dynamic' https:", Some("other")));
        assert!(may("script-src https:", None));
        assert!(!may("script-src https:; script-src-elem 'self'", None));
    }

    #[test]
    fn allows_a_plain_form_to_post_only_to_sources_of_form_action() {
        let (page, url) = (PAGE.parse().unwrap(), LEADS.parse().unwrap());
        assert!(policies(&["default-src 'none'"]).allow_post(&page, &url));
        assert!(!policies(&["form-action 'self'"]).allow_post(&page, &url));
        assert!(policies(&["form-action 'self' leads.example.com"]).allow_post(&page, &url));
    }
}

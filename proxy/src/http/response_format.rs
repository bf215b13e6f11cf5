use axum::http::{HeaderMap, header};

/// What the answer should be: the two that every form's address can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseFormat {
    /// The widget and other programs.
    Json,
    /// A browser that shows the page itself.
    Html,
}

impl ResponseFormat {
    /// HTML only where `Accept` prefers it, as every browser's navigation does; JSON otherwise.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let ranges: Vec<(String, u16)> = headers
            .get_all(header::ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(range)
            .collect();
        // The more exact range counts (RFC 9110 12.5.1).
        let quality = |exact: &str, wide: &str| {
            [exact, wide, "*/*"]
                .iter()
                .find_map(|wanted| ranges.iter().find(|(range, _)| range == wanted))
                .map_or(0, |(_, quality)| *quality)
        };
        let html = quality("text/html", "text/*");
        if html > quality("application/json", "application/*") { Self::Html } else { Self::Json }
    }
}

/// A media range and its weight in thousandths.
fn range(text: &str) -> (String, u16) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q=")).map_or(1000, weight);
    (range, weight)
}

/// `1`, `0.8` (RFC 9110 12.4.2), read without a binary fraction; anything else counts as nothing.
fn weight(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    match (whole, format!("{fraction:0<3}").parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(thousandths)) => thousandths.min(1000),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accept: &str, expected: ResponseFormat) {
        let headers = HeaderMap::from_iter([(header::ACCEPT, accept.parse().unwrap())]);
        assert_eq!(ResponseFormat::of(&headers), expected, "{accept}");
    }

    #[test]
    fn browsers_get_pages_and_programs_json() {
        // Chromium 142, Firefox 145, Safari 18.
        check(
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
            ResponseFormat::Html,
        );
        check(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            ResponseFormat::Html,
        );
        check("application/json", ResponseFormat::Json);
        check("*/*", ResponseFormat::Json);
        check("", ResponseFormat::Json);
        check("text/html;q=0.5, application/json", ResponseFormat::Json);
        check("text/html, application/json;q=0.9", ResponseFormat::Html);
        check("TEXT/HTML", ResponseFormat::Html);
        check("text/html;q=0", ResponseFormat::Json);
        assert_eq!(ResponseFormat::of(&HeaderMap::new()), ResponseFormat::Json);
    }
}

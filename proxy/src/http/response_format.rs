use axum::http::{HeaderMap, header};

use super::preferences::preferences;

/// The format of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseFormat {
    /// For the widget and other programs.
    Json,
    /// For a browser that shows the response as a page.
    Html,
}

impl ResponseFormat {
    /// Returns HTML if `Accept` prefers it, as in a browser's navigation, and otherwise JSON.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let ranges = preferences(headers, &header::ACCEPT);
        // The most specific range is used (RFC 9110 12.5.1).
        let quality = |specific: &str, wide: &str| {
            [specific, wide, "*/*"]
                .iter()
                .find_map(|wanted| ranges.iter().find(|(range, _)| range == wanted))
                .map_or(0, |(_, quality)| *quality)
        };
        let html = quality("text/html", "text/*");
        if html > quality("application/json", "application/*") { Self::Html } else { Self::Json }
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
    fn sends_pages_to_browsers_and_json_to_programs() {
        for accept in [
            // Chromium 142.
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
            // Firefox 145, Safari 18.
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html, application/json;q=0.9",
            "TEXT/HTML",
        ] {
            check(accept, ResponseFormat::Html);
        }
        for accept in
            ["application/json", "*/*", "", "text/html;q=0.5, application/json", "text/html;q=0"]
        {
            check(accept, ResponseFormat::Json);
        }
        assert_eq!(ResponseFormat::of(&HeaderMap::new()), ResponseFormat::Json);
    }
}

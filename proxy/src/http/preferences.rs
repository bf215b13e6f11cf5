//! The headers `Accept` and `Accept-Language`.

use axum::http::{HeaderMap, HeaderName};

/// Returns the ranges in a header, in lower case, with their weights in thousandths.
pub(super) fn preferences(headers: &HeaderMap, name: &HeaderName) -> Vec<(String, u16)> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(range).collect()
}

/// Parses a range and its weight.
fn range(text: &str) -> (String, u16) {
    let mut parts = text.split(';').map(str::trim);
    let range = parts.next().unwrap_or_default().to_ascii_lowercase();
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q=")).map_or(1000, weight);
    (range, weight)
}

/// Parses a weight such as `1` or `0.8` (RFC 9110 12.4.2) without floating point. Other text is 0.
fn weight(text: &str) -> u16 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    match (whole, format!("{fraction:0<3}").parse::<u16>()) {
        ("1", _) => 1000,
        ("0", Ok(thousandths)) => thousandths.min(1000),
        _ => 0,
    }
}

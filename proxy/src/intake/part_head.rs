//! The headers of one part.

use super::malformed::Malformed;

/// The headers of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartHead {
    /// The field's name, unchanged. Browsers write `"` as `%22`; this is not decoded.
    pub(crate) name: String,
    /// The file name as sent. `None` if the part is not a file; `Some("")` if the visitor chose no file.
    pub(crate) file_name: Option<String>,
    /// The declared media type; empty if there is none.
    pub(crate) media_type: String,
}

/// Parses the lines between the boundary and the content.
pub(super) fn parse(head: &[u8]) -> Result<PartHead, Malformed> {
    let head = std::str::from_utf8(head).map_err(|_| Malformed::Utf8)?;
    let mut disposition = None;
    let mut media_type = None;
    let mut encoding = None;
    for line in head.split("\r\n") {
        let (name, value) = parse_header(line)?;
        let slot = match name.to_ascii_lowercase().as_str() {
            "content-disposition" => &mut disposition,
            "content-type" => &mut media_type,
            "content-transfer-encoding" => &mut encoding,
            // RFC 7578 4.8: any other header is ignored.
            _ => continue,
        };
        if slot.replace(value).is_some() {
            return Err(Malformed::HeaderTwice);
        }
    }
    if let Some(encoding) = encoding
        && !["binary", "8bit", "7bit"].iter().any(|known| encoding.eq_ignore_ascii_case(known))
    {
        return Err(Malformed::Encoded);
    }
    let (name, file_name) = parse_disposition(disposition.ok_or(Malformed::Disposition)?)?;
    let media_type = media_type.unwrap_or_default();
    // The contract reports control characters in file names, but not in media types.
    if media_type.contains(char::is_control) {
        return Err(Malformed::Header);
    }
    if file_name.is_none() && !is_plain_text(media_type) {
        return Err(Malformed::TextType);
    }
    Ok(PartHead { name, file_name, media_type: media_type.to_owned() })
}

/// Parses `name: value`. Refuses folded lines, a space before the colon, and characters that another
/// parser could read as the end of the line.
fn parse_header(line: &str) -> Result<(&str, &str), Malformed> {
    let (name, value) = line.split_once(':').ok_or(Malformed::Header)?;
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token_byte) || value.contains(['\r', '\n', '\0']) {
        return Err(Malformed::Header);
    }
    Ok((name, value.trim_matches([' ', '\t'])))
}

/// Parses `form-data; name="…"; filename="…"`. A value ends at the next quotation mark. Browsers escape
/// only `"`, CR and LF (as `%22`, `%0D`, `%0A`), so a backslash has no special meaning.
fn parse_disposition(disposition: &str) -> Result<(String, Option<String>), Malformed> {
    let (kind, mut rest) = disposition.split_at(disposition.find(';').unwrap_or(disposition.len()));
    if !kind.trim_end_matches([' ', '\t']).eq_ignore_ascii_case("form-data") {
        return Err(Malformed::Disposition);
    }
    let (mut name, mut file_name) = (None, None);
    while !rest.is_empty() {
        let parameter = rest.strip_prefix(';').ok_or(Malformed::Disposition)?;
        let (key, value) = parameter.split_once('=').ok_or(Malformed::Disposition)?;
        let key = key.trim_start_matches([' ', '\t']);
        if key.contains('*') {
            return Err(Malformed::Extended);
        }
        let slot = match key.to_ascii_lowercase().as_str() {
            "name" => &mut name,
            "filename" => &mut file_name,
            _ => return Err(Malformed::Disposition),
        };
        let quoted = value.strip_prefix('"').ok_or(Malformed::Disposition)?;
        let (text, after) = quoted.split_once('"').ok_or(Malformed::Disposition)?;
        if slot.replace(text.to_owned()).is_some() {
            return Err(Malformed::Disposition);
        }
        rest = after.trim_start_matches([' ', '\t']);
    }
    let name = name.filter(|name| !name.is_empty()).ok_or(Malformed::Disposition)?;
    Ok((name, file_name))
}

/// Returns whether the media type is empty, as browsers send it, or `text/plain` in UTF-8, as other
/// clients send it.
fn is_plain_text(media_type: &str) -> bool {
    let lower = media_type.to_ascii_lowercase();
    let (essence, parameters) = lower.split_once(';').unwrap_or((&lower, ""));
    let charset = parameters.trim().trim_start_matches("charset=").trim_matches('"');
    matches!(essence.trim(), "" | "text/plain") && matches!(charset, "" | "utf-8" | "us-ascii")
}

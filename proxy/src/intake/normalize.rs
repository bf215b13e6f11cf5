//! Normalizes submissions in the same way as the widget, because other clients send them without
//! normalization.

use deal_contract::definition::{Field, FieldKind, PublicDefinition};
use deal_contract::kind::TextFormat;
use deal_contract::normalize::{self, DateNotation, hidden, normalize};

use super::received::Received;

impl Received {
    /// Normalizes the values of all known fields. The same content then has the same digest, whether a plain form, an
    /// API client or the widget sends it.
    pub(crate) fn normalize(&mut self, form: &PublicDefinition) {
        for (name, value) in &mut self.values {
            if let Some(field) = form.field(name) {
                *value = normalize_answer(form, field, value);
                if matches!(field.kind, FieldKind::Text { format: TextFormat::MultiLine, .. }) {
                    // Browsers send line breaks as CR LF (WHATWG HTML, "multipart/form-data encoding
                    // algorithm").
                    *value = value.replace('\n', "\r\n");
                }
            } else if form.takes_text(name) {
                *value = hidden(value);
            }
        }
    }
}

/// Normalizes an answer. Dates are read in the notation of the form's language.
pub(crate) fn normalize_answer(form: &PublicDefinition, field: &Field, value: &str) -> String {
    let dates = DateNotation::of(form.lang.as_deref().unwrap_or("en"));
    normalize(field, value, dates, domain_to_ascii)
}

/// Decodes and normalizes the name of a file. Browsers write `"`, CR and LF in it as `%22`, `%0D` and
/// `%0A` (WHATWG HTML, "multipart/form-data encoding algorithm").
pub(super) fn file_name(sent: &str) -> String {
    let name = sent.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n");
    normalize::file_name(&name)
}

/// Converts a domain by the rules that browsers apply to the host in a URL (UTS 46, non-transitional).
fn domain_to_ascii(domain: &str) -> Option<String> {
    idna::domain_to_ascii(domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_domains_as_browsers_do() {
        for (domain, ascii) in [
            ("müller.de", Some("xn--mller-kva.de")),
            ("STRASSE-straße.de", Some("xn--strasse-strae-mdb.de")),
            ("例え。テスト", Some("xn--r8jz45g.xn--zckzah")),
            ("a\u{fffd}.de", None),
        ] {
            assert_eq!(domain_to_ascii(domain).as_deref(), ascii, "{domain}");
        }
    }
}

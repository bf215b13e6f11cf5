use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::json::Json;
use crate::messages::MessageKey;
use crate::reply::Deal;

/// The characters that are encoded in a value: all except unreserved ones (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What happens after the submission has arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Success {
    /// The page that the browser opens. Without one, the form shows its thank-you message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect: Option<Redirect>,
    /// The names of the values in the CRM's reply that the form shows to the visitor. Without
    /// a list, the visitor sees only the deal's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show: Option<Vec<String>>,
    /// Whether the visitor can fill in the form again.
    #[serde(skip_serializing_if = "Clone::clone")]
    pub another: bool,
}

/// The address of a thank-you page, with the placeholders `{deal_id}` and `{reference}`.
///
/// ```
/// use deal_contract::definition::Redirect;
/// use deal_contract::reply::Deal;
///
/// let redirect = Redirect::new("/thanks?deal={deal_id}").unwrap();
/// let deal = Deal { deal_id: "5&2".to_owned(), ..Deal::default() };
/// assert_eq!(redirect.address(&deal), "/thanks?deal=5%262");
/// assert_eq!(Redirect::new("http://example.com/thanks"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Redirect(String);

impl Success {
    /// The form's thank-you message, with the deal's number.
    pub const DEFAULT: Self = Self { redirect: None, show: None, another: true };

    /// Reads the settings. A missing or invalid member gets its default value.
    pub(super) fn read(json: &impl Json) -> Self {
        let show = json.member("show").and_then(|show| show.items());
        Self {
            redirect: json.member_text("redirect").and_then(|address| Redirect::new(&address)),
            show: show.map(|names| names.iter().filter_map(Json::text).collect()),
            another: json.member("another").and_then(|flag| flag.boolean()).unwrap_or(true),
        }
    }
}

impl Success {
    /// Returns the values of the reply to show to the visitor, with their labels and without empty
    /// values. While the deal has no number, the default is the sender's reference.
    ///
    /// ```
    /// use deal_contract::definition::Success;
    /// use deal_contract::reply::Deal;
    ///
    /// let values = |deal: &Deal| -> Vec<String> {
    ///     Success::DEFAULT.details(deal).map(|(_, value)| value.to_owned()).collect()
    /// };
    /// assert_eq!(values(&Deal::received("web-1")), ["web-1"]);
    /// let deal = Deal { deal_id: "5452".to_owned(), ..Deal::received("web-1") };
    /// assert_eq!(values(&deal), ["5452"]);
    /// ```
    pub fn details<'d>(&self, deal: &'d Deal) -> impl Iterator<Item = (MessageKey, &'d str)> {
        let default = if deal.deal_id.is_empty() { "external_reference_id" } else { "deal_id" };
        let show = self.show.clone().unwrap_or_else(|| vec![default.to_owned()]);
        let values = Deal::NAMES.into_iter().zip(deal.values());
        let shown = values.filter(move |(name, _)| show.iter().any(|shown| shown == name));
        shown.map(|(_, value)| value).filter(|(_, value)| !value.is_empty())
    }
}

impl Redirect {
    /// The names of the placeholders.
    pub const PLACEHOLDERS: [&str; 2] = ["deal_id", "reference"];

    /// Creates a redirect. The address must begin with `https://`, or with one slash for a page on
    /// the same site, and must not contain white space, control characters or backslashes. Returns
    /// `None` for any other address.
    pub fn new(address: &str) -> Option<Self> {
        // With two slashes, the next part would be a host. So no placeholder may follow the first
        // slash: its value can be empty.
        let is_relative =
            address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/{");
        let is_secure =
            address.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("https://"));
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        let is_valid = (is_relative || is_secure) && !address.contains(is_odd);
        is_valid.then(|| Self(address.to_owned()))
    }

    /// Returns the address for this deal. Before the CRM has replied, the deal's number is empty.
    pub fn address(&self, deal: &Deal) -> String {
        let values = [("deal_id}", &deal.deal_id), ("reference}", &deal.external_reference_id)];
        let mut pieces = self.0.split('{');
        let mut address = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let value =
                |(name, value): &(&str, &String)| Some((encode(value), piece.strip_prefix(name)?));
            if let Some((value, rest)) = values.iter().find_map(value) {
                address.push_str(&value);
                address.push_str(rest);
            } else {
                address.push('{');
                address.push_str(piece);
            }
        }
        address
    }

    /// Returns the address with its placeholders.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Encodes a value for any part of a URL (RFC 3986, 2.1).
fn encode(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

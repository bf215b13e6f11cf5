//! Whether a contact or a company is known already. Pure: lists in, the found record out.

use std::collections::BTreeMap;

use crate::add_deal::{CompanyWish, ContactWish};
use crate::records::{Company, Contact};

/// The contact that the call means, found by what identifies it, in this order: a custom field
/// that is a unique identifier, then e-mail, phone and name as far as the call's flags allow.
///
/// Of several that fit, the oldest is taken. `contacts` are in the order of their numbers.
pub(super) fn contact<'known>(
    contacts: &'known [Contact],
    wish: &ContactWish,
    identifiers: &BTreeMap<String, String>,
) -> Option<&'known Contact> {
    let by_identifier = || {
        contacts.iter().find(|contact| {
            identifiers.iter().any(|(name, value)| contact.identifiers.get(name) == Some(value))
        })
    };
    let by =
        |allowed: bool, same: fn(&str, &str) -> bool, wished: &Option<String>, field: Field| {
            let wished = wished.as_deref().filter(|_| allowed)?;
            contacts.iter().find(|contact| field(contact).is_some_and(|known| same(known, wished)))
        };
    by_identifier()
        .or_else(|| by(wish.match_with.email, same_text, &wish.email, |c| c.email.as_deref()))
        .or_else(|| by(wish.match_with.phone, same_phone, &wish.phone, |c| c.phone.as_deref()))
        .or_else(|| by(wish.match_with.name, same_text, &wish.name, |c| c.name.as_deref()))
}

type Field = fn(&Contact) -> Option<&str>;

/// The company that the call means: by name, else by e-mail, else by phone.
pub(super) fn company<'known>(
    companies: &'known [Company],
    wish: &CompanyWish,
) -> Option<&'known Company> {
    let by = |same: fn(&str, &str) -> bool,
              wished: &Option<String>,
              field: fn(&Company) -> Option<&str>| {
        let wished = wished.as_deref()?;
        companies.iter().find(|company| field(company).is_some_and(|known| same(known, wished)))
    };
    by(same_text, &wish.name, |c| c.name.as_deref())
        .or_else(|| by(same_text, &wish.email, |c| c.email.as_deref()))
        .or_else(|| by(same_phone, &wish.phone, |c| c.phone.as_deref()))
}

/// Equal as a database compares by default: capitals and outer spaces do not count.
fn same_text(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Equal digits, and at least one: `+1 (555) 01-00` is `+15550100`.
fn same_phone(one: &str, other: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let one = digits(one);
    !one.is_empty() && one == digits(other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::contact;
    use crate::add_deal::{ContactWish, MatchWith};
    use crate::records::{Contact, ContactId};

    #[track_caller]
    fn check(wish: ContactWish, identifier: Option<&str>, expected: Option<i64>) {
        let known = |id, name: &str, email: &str, phone: &str, number: Option<&str>| Contact {
            contact_id: ContactId(id),
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            phone: Some(phone.to_owned()),
            identifiers: number
                .map(|number| ("customer_number".to_owned(), number.to_owned()))
                .into_iter()
                .collect(),
            ..Contact::default()
        };
        let contacts = [
            known(1, "Mike Douglas", "mike@example.com", "+1 555 0100", None),
            known(2, "Ada Lovelace", "ada@example.com", "+1 555 0200", Some("C-7")),
        ];
        let identifiers: BTreeMap<_, _> = identifier
            .map(|number| ("customer_number".to_owned(), number.to_owned()))
            .into_iter()
            .collect();
        let found = contact(&contacts, &wish, &identifiers).map(|contact| contact.contact_id.0);
        assert_eq!(found, expected);
    }

    fn wish(name: &str, email: &str, phone: &str, match_with: MatchWith) -> ContactWish {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ContactWish {
            name: text(name),
            email: text(email),
            phone: text(phone),
            match_with,
            ..ContactWish::default()
        }
    }

    const EMAIL: MatchWith = MatchWith { email: true, phone: false, name: false };
    const ALL: MatchWith = MatchWith { email: true, phone: true, name: true };

    #[test]
    fn only_what_the_flags_allow_identifies_a_contact() {
        check(wish("", "Mike@Example.com ", "", EMAIL), None, Some(1));
        check(wish("Mike Douglas", "", "+15550100", EMAIL), None, None);
        check(wish("", "", "15550100", ALL), None, Some(1));
        check(wish("mike douglas", "", "", ALL), None, Some(1));
        check(wish("Mike Douglas", "mike@example.com", "", MatchWith::default()), None, None);
    }

    #[test]
    fn email_outranks_phone_and_phone_outranks_name() {
        check(wish("Mike Douglas", "ada@example.com", "+15550100", ALL), None, Some(2));
        check(wish("Mike Douglas", "new@example.com", "+15550200", ALL), None, Some(2));
    }

    #[test]
    fn a_unique_custom_field_outranks_everything() {
        check(wish("", "mike@example.com", "", EMAIL), Some("C-7"), Some(2));
        check(wish("", "mike@example.com", "", EMAIL), Some("C-8"), Some(1));
    }

    #[test]
    fn a_phone_without_digits_is_nobodys() {
        check(wish("", "", "unknown", ALL), None, None);
    }
}

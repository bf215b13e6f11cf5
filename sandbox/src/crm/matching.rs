//! Finds the existing contact or company for a call. These are pure functions over lists of records.

use std::collections::BTreeMap;

use crate::add_deal::{CompanyInput, ContactInput};
use crate::records::{Company, Contact};

/// Finds a contact by a custom field that is a unique identifier, then by email, phone and name. Uses the
/// email, phone and name only if the call's flag for it allows this.
///
/// If several contacts match, returns the oldest, because `contacts` are ordered by ID.
pub(super) fn find_contact<'known>(
    contacts: &'known [Contact],
    input: &ContactInput,
    identifiers: &BTreeMap<String, String>,
) -> Option<&'known Contact> {
    let by_identifier = || {
        contacts.iter().find(|contact| {
            identifiers.iter().any(|(name, value)| contact.identifiers.get(name) == Some(value))
        })
    };
    let by = |allowed: bool,
              same: fn(&str, &str) -> bool,
              requested: &Option<String>,
              field: Field| {
        let requested = requested.as_deref().filter(|_| allowed)?;
        contacts.iter().find(|contact| field(contact).is_some_and(|known| same(known, requested)))
    };
    by_identifier()
        .or_else(|| by(input.match_with.email, same_text, &input.email, |c| c.email.as_deref()))
        .or_else(|| by(input.match_with.phone, same_phone, &input.phone, |c| c.phone.as_deref()))
        .or_else(|| by(input.match_with.name, same_text, &input.name, |c| c.name.as_deref()))
}

type Field = fn(&Contact) -> Option<&str>;

/// Finds a company by name, then by email, then by phone.
pub(super) fn find_company<'known>(
    companies: &'known [Company],
    input: &CompanyInput,
) -> Option<&'known Company> {
    let by = |same: fn(&str, &str) -> bool,
              requested: &Option<String>,
              field: fn(&Company) -> Option<&str>| {
        let requested = requested.as_deref()?;
        companies.iter().find(|company| field(company).is_some_and(|known| same(known, requested)))
    };
    by(same_text, &input.name, |c| c.name.as_deref())
        .or_else(|| by(same_text, &input.email, |c| c.email.as_deref()))
        .or_else(|| by(same_phone, &input.phone, |c| c.phone.as_deref()))
}

/// Returns whether two strings are equal, ignoring case, and leading and trailing white space.
fn same_text(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Returns whether two numbers have the same digits, and at least one digit: `+1 (555) 01-00` equals
/// `+15550100`.
fn same_phone(one: &str, other: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let one = digits(one);
    !one.is_empty() && one == digits(other)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::find_contact;
    use crate::add_deal::{ContactInput, MatchWith};
    use crate::records::{Contact, ContactId};

    #[track_caller]
    fn check(input: ContactInput, identifier: Option<&str>, expected: Option<i64>) {
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
        let found =
            find_contact(&contacts, &input, &identifiers).map(|contact| contact.contact_id.0);
        assert_eq!(found, expected, "{input:?}, {identifier:?}");
    }

    fn input(name: &str, email: &str, phone: &str, match_with: MatchWith) -> ContactInput {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        ContactInput {
            name: text(name),
            email: text(email),
            phone: text(phone),
            match_with,
            ..ContactInput::default()
        }
    }

    const EMAIL: MatchWith = MatchWith { email: true, phone: false, name: false };
    const ALL: MatchWith = MatchWith { email: true, phone: true, name: true };

    #[test]
    fn matches_a_contact_only_by_properties_that_the_flags_allow() {
        check(input("", "Mike@Example.com ", "", EMAIL), None, Some(1));
        check(input("Mike Douglas", "", "+15550100", EMAIL), None, None);
        check(input("", "", "15550100", ALL), None, Some(1));
        check(input("mike douglas", "", "", ALL), None, Some(1));
        check(input("Mike Douglas", "mike@example.com", "", MatchWith::default()), None, None);
    }

    #[test]
    fn prefers_email_to_phone_and_phone_to_name() {
        check(input("Mike Douglas", "ada@example.com", "+15550100", ALL), None, Some(2));
        check(input("Mike Douglas", "new@example.com", "+15550200", ALL), None, Some(2));
    }

    #[test]
    fn prefers_a_unique_custom_field_to_everything_else() {
        check(input("", "mike@example.com", "", EMAIL), Some("C-7"), Some(2));
        check(input("", "mike@example.com", "", EMAIL), Some("C-8"), Some(1));
    }

    #[test]
    fn matches_no_contact_by_a_phone_without_digits() {
        check(input("", "", "unknown", ALL), None, None);
    }
}

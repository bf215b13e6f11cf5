//! The digest that lets the proxy recognise content that is sent again.

use deal_contract::reference::Reference;
use sha2::{Digest, Sha256};

/// A digest of a submission's content: the form, the reference, the answers, and the names and bytes of the files. It
/// does not cover the request's bytes, because the boundary is different in each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ContentDigest(pub(crate) [u8; 32]);

impl ContentDigest {
    /// Computes the digest of the form, the reference, the answers in the form's order, and the names and BLAKE3
    /// digests of the files in the given order.
    pub(crate) fn of<'a>(
        form: &str,
        reference: Option<&Reference>,
        values: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
        files: impl ExactSizeIterator<Item = (&'a str, &'a [u8; 32])>,
    ) -> Self {
        let mut digest = Items(Sha256::new());
        digest.item(form.as_bytes());
        digest.item(reference.map_or("", Reference::as_str).as_bytes());
        digest.count(values.len());
        for (name, value) in values {
            digest.item(name.as_bytes());
            digest.item(value.as_bytes());
        }
        digest.count(files.len());
        for (name, bytes) in files {
            digest.item(name.as_bytes());
            digest.item(bytes);
        }
        Self(digest.0.finalize().into())
    }
}

/// Writes each item after its length, because different lists could otherwise have the same bytes.
struct Items(Sha256);

impl Items {
    fn count(&mut self, count: usize) {
        self.0.update(u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
    }

    fn item(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(form: &str, values: &[(&str, &str)], files: &[(&str, [u8; 32])]) -> ContentDigest {
        let reference = Reference::from_random([7; 16]);
        let files = files.iter().map(|(name, digest)| (*name, digest));
        ContentDigest::of(form, Some(&reference), values.iter().copied(), files)
    }

    #[test]
    fn computes_different_digests_for_different_content() {
        let file = [1; 32];
        let all = [
            content("a", &[], &[]),
            content("b", &[], &[]),
            content("a", &[("name", "x")], &[]),
            content("a", &[("namex", "")], &[]),
            content("a", &[("name", ""), ("x", "")], &[]),
            content("a", &[("name", "x"), ("note", "y")], &[]),
            content("a", &[("note", "y"), ("name", "x")], &[]),
            content("a", &[], &[("name", file)]),
            content("a", &[], &[("other", file)]),
            content("a", &[], &[("name", [2; 32])]),
            content("a", &[], &[("name", file), ("name", file)]),
        ];
        for (at, one) in all.iter().enumerate() {
            for (other_at, other) in all.iter().enumerate() {
                assert_eq!(one == other, at == other_at, "{at} and {other_at}");
            }
        }
    }
}

//! Derives the reference of a draft whose page did not create one, such as a landing page with a plain
//! form.
//!
//! The reference is derived from content, sender and time, so a double click creates only one deal.
//! It also depends on a secret, so that others cannot compute it by guessing the content.

use data_encoding::HEXLOWER;
use std::time::Duration;

use deal_contract::reference::Reference;

use super::secret::Secret;
use crate::limits::Sender;
use crate::store::ContentDigest;

/// Content that is sent again within this time belongs to the same draft. After twice this time, the
/// same content begins another draft, because the visitor may want to send it again.
const PERIOD: Duration = Duration::from_secs(10 * 60);

const PURPOSE: &str = "spare";

/// Returns the references for the current and the previous period. The content includes the form.
pub(super) fn references(
    secret: &Secret,
    sender: Sender,
    content: ContentDigest,
    now: Duration,
) -> [Reference; 2] {
    let current = now.as_secs() / PERIOD.as_secs();
    let sender = match sender {
        Sender::At(address) => address.to_string(),
        Sender::Unknown => String::new(),
    };
    let content = HEXLOWER.encode(&content.0);
    [current, current.saturating_sub(1)].map(|period| {
        let items = [&*sender, &content, &period.to_string()];
        Reference::from_random(secret.derive(PURPOSE, &items))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_the_same_reference_if_a_sender_repeats_its_content_within_a_period() {
        let secret = Secret::from_env().unwrap();
        let sender = |last| Sender::At([192, 0, 2, last].into());
        let time = |minutes: u64| Duration::from_secs(1_800_000_000 + 60 * minutes);
        let derive = |who, content, minutes| {
            references(&secret, sender(who), ContentDigest([content; 32]), time(minutes))
        };
        let [first, before] = derive(1, 1, 0);
        assert_ne!(first, before);
        assert_eq!(derive(1, 1, 9), [first.clone(), before]);
        assert_eq!(derive(1, 1, 10)[1], first);
        assert!(!derive(1, 1, 20).contains(&first));
        assert!(!derive(2, 1, 0).contains(&first));
        assert!(!derive(1, 2, 0).contains(&first));
        let unknown = references(&secret, Sender::Unknown, ContentDigest([1; 32]), time(0));
        assert!(!unknown.contains(&first));
        let other = Secret::random().unwrap();
        assert!(!references(&other, sender(1), ContentDigest([1; 32]), time(0)).contains(&first));
    }
}

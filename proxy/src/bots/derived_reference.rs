//! The reference of a draft whose page made none: a plain form in a landing page, without scripts.
//!
//! It follows from what was sent, by whom and when, so that pressing twice makes one deal. Who does
//! not know the secret cannot work it out from what a visitor may have written.

use data_encoding::HEXLOWER;
use std::time::Duration;

use deal_contract::reference::Reference;

use super::secret::Secret;
use crate::limits::Sender;
use crate::store::ContentDigest;

/// Sent again within so long, the same is the same draft. After twice that, somebody who asks for the
/// same wants it once more.
const WHILE: Duration = Duration::from_secs(10 * 60);

const PURPOSE: &str = "spare";

/// The reference of this while, and of the one before. The content says for which form.
pub(super) fn references(
    secret: &Secret,
    sender: Sender,
    content: ContentDigest,
    now: Duration,
) -> [Reference; 2] {
    let this = now.as_secs() / WHILE.as_secs();
    let sender = match sender {
        Sender::At(address) => address.to_string(),
        Sender::Unknown => String::new(),
    };
    let content = HEXLOWER.encode(&content.0);
    [this, this.saturating_sub(1)].map(|which| {
        let items = [&*sender, &content, &which.to_string()];
        Reference::from_random(secret.derive(PURPOSE, &items))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_from_the_same_sender_in_a_while_is_the_same_draft() {
        let secret = Secret::from_env().unwrap();
        let sender = |last| Sender::At([192, 0, 2, last].into());
        let at = |minutes: u64| Duration::from_secs(1_800_000_000 + 60 * minutes);
        let own = |who, content, minutes| {
            references(&secret, sender(who), ContentDigest([content; 32]), at(minutes))
        };
        let [first, before] = own(1, 1, 0);
        assert_ne!(first, before);
        assert_eq!(own(1, 1, 9), [first.clone(), before]);
        assert_eq!(own(1, 1, 10)[1], first);
        assert!(!own(1, 1, 20).contains(&first));
        assert!(!own(2, 1, 0).contains(&first));
        assert!(!own(1, 2, 0).contains(&first));
        let unknown = references(&secret, Sender::Unknown, ContentDigest([1; 32]), at(0));
        assert!(!unknown.contains(&first));
        let other = Secret::random().unwrap();
        assert!(!references(&other, sender(1), ContentDigest([1; 32]), at(0)).contains(&first));
    }
}

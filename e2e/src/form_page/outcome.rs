//! What becomes of a submission, as the form tells it.

use serde_json::json;

use super::FormPage;
use crate::wait::eventually;

/// What the form says when a submission did not become a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub heading: String,
    /// What the CRM or the proxy said.
    pub said: String,
    /// What to do.
    pub advice: String,
    /// That nothing was lost.
    pub kept: String,
}

impl FormPage<'_> {
    /// The failure that is shown.
    #[track_caller]
    pub fn failure(self) -> Option<Failure> {
        // By one look: the form may try again meanwhile.
        let parts = "return ['heading', 'said', 'advice', 'kept']
            .map((part) => read(`.df-failure .df-${part}`));";
        let parts: [Option<String>; 4] = serde_json::from_value(self.script(parts, &[])).unwrap();
        let [heading, said, advice, kept] = parts;
        Some(Failure {
            heading: heading?,
            said: said.unwrap_or_default(),
            advice: advice.unwrap_or_default(),
            kept: kept.unwrap_or_default(),
        })
    }

    /// Waits until the attempt to send has failed.
    #[track_caller]
    pub fn fails(self) -> Failure {
        eventually("failure shown", || {
            assert_eq!(self.read(".df-result"), None, "the deal arrived after all");
            self.failure()
        })
    }

    /// Waits until an attempt has failed with that heading, another than the one before.
    #[track_caller]
    pub fn fails_as(self, heading: &str) -> Failure {
        eventually("failure of that name", || {
            self.failure().filter(|failure| failure.heading == heading)
        })
    }

    /// Waits until nothing is left for the visitor to do, and gives what is said then.
    #[track_caller]
    pub fn thanks(self) -> String {
        eventually("end of it", || {
            assert_eq!(self.failure(), None, "the visitor has to do something");
            self.read(".df-result")
        })
    }

    /// Waits until the deal is confirmed, and gives its number.
    #[track_caller]
    pub fn arrives(self) -> String {
        self.thanks();
        self.told("Your reference number").expect("a deal's number")
    }

    /// Waits until the proxy says that it keeps the request, and gives the draft's reference.
    #[track_caller]
    pub fn keeps(self) -> String {
        eventually("word that the request is kept", || {
            self.read(".df-result .df-thanks")
                .filter(|said| said.starts_with("We have your request"))
        });
        self.told("Form reference").expect("a reference")
    }

    /// Waits until nothing is left for the visitor to do, and gives the draft's reference.
    #[track_caller]
    pub fn settles(self) -> String {
        self.thanks();
        self.told("Form reference").expect("a reference")
    }

    /// What is said of the next try, while one is counted down to.
    pub fn countdown(self) -> Option<String> {
        self.read(".df-countdown .df-said")
    }

    /// What the CRM replied, by its label on the page.
    #[track_caller]
    pub fn told(self, label: &str) -> Option<String> {
        let script = "const terms = [...root.querySelectorAll('.df-result dt')];
            const term = terms.find((term) => seen(term) && term.innerText.trim() === arguments[1]);
            return term?.nextElementSibling.innerText.trim() ?? null;";
        self.script(script, &[json!(label)]).as_str().map(str::to_owned)
    }

    /// How far the sending is, in words; `None` when nothing is being sent.
    #[track_caller]
    pub fn progress(self) -> Option<String> {
        self.read(".df-progress .df-sent")
    }
}

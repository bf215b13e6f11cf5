//! Files that the browser can no longer read. Chromium reports a lost connection for them, WebKit
//! sends them empty, and Firefox sends fewer bytes than announced if a file has become shorter.

use deal_contract::attachments::PARAMETER;
use deal_contract::problem::{Code, Subject};
use deal_contract::protocol::FieldError;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::attempt::Attempt;
use super::failure::{Failure, Outcome};
use crate::promise::after;
use crate::state::FormState;

#[wasm_bindgen(module = "/src/submission/lost_files.js")]
extern "C" {
    /// Returns a promise for the names of the files that the browser can no longer read.
    fn unreadable(files: &Array, late: bool) -> Promise;
}

impl Attempt {
    /// Returns whether an unreadable file may be the reason for the outcome.
    pub(super) fn may_have_lost_files(&self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Failed(Failure::Network | Failure::Timeout) => !self.is_body_sent(),
            Outcome::Failed(Failure::Refused(_)) => true,
            // The form never sends an empty file, so the file was lost.
            Outcome::Failed(Failure::Invalid { problems, .. }) => {
                problems.iter().any(|error| error.code == Some(Code::FileEmpty))
            }
            _ => false,
        }
    }

    /// Passes a failure to `then` if the browser can no longer read a file, and `None` otherwise.
    /// Does not call `then` if the attempt has ended in the meantime. With `late`, slow files are
    /// treated as unreadable; without `late`, they may become readable before they are sent.
    pub(super) fn find_lost_files(
        &self,
        state: &FormState,
        late: bool,
        then: impl FnOnce(Option<Outcome>) + 'static,
    ) {
        let files = Array::new();
        for field in state.asked_fields() {
            field.with_files(|attachments| {
                for attachment in attachments {
                    files.push((*attachment.file).as_ref());
                }
            });
        }
        if files.length() == 0 {
            return then(None);
        }
        let (attempt, generation) = (self.clone(), self.generation.get());
        after(unreadable(&files, late), move |names| {
            let names = Array::from(&names.unwrap_or_default());
            let problems: Vec<FieldError> = names.iter().filter_map(field_error).collect();
            let lost = Failure::Invalid { message: String::new(), problems };
            if attempt.generation.get() == generation {
                then(lost.has_lost_files().then_some(Outcome::Failed(lost)));
            }
        });
    }
}

fn field_error(name: JsValue) -> Option<FieldError> {
    Some(FieldError {
        field: PARAMETER.to_owned(),
        code: Some(Code::FileUnreadable),
        subject: Subject::Text(name.as_string()?),
        limit: Subject::Nothing,
        message: String::new(),
    })
}

//! The token and the proof of work that a submission needs if its form asks for them.

use std::cell::RefCell;
use std::rc::Rc;

use deal_contract::definition::{Proof, PublicDefinition};
use deal_contract::protocol::path;
use js_sys::Promise;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::promise::after;
use crate::transport::below;
use crate::transport::get::get;

#[wasm_bindgen(module = "/src/submission/proof.js")]
extern "C" {
    /// Returns a promise for the fields to send, as an object.
    fn prove(token: &JsValue) -> Promise;
}

/// Collects the proof while the visitor fills in the form.
pub(crate) struct ProofCollector {
    required: Proof,
    address: String,
    current: RefCell<Rc<RefCell<Collection>>>,
}

/// The collection of one proof.
enum Collection {
    /// Still running, with the function that waits for the fields, if any.
    Running(Option<Waiting>),
    /// The fields to send, as an object; undefined if the form needs none.
    Done(JsValue),
    /// The proxy did not respond, or the work failed.
    Failed,
}

type Waiting = Box<dyn FnOnce(Option<JsValue>)>;

impl ProofCollector {
    /// Starts to collect a proof for the form that is posted to `url`.
    pub(crate) fn new(definition: &PublicDefinition, url: &str) -> Self {
        let address = below(url, path::TOKEN);
        let current = RefCell::new(Collection::new(Collection::Done(JsValue::UNDEFINED)));
        let collector = Self { required: definition.proof, address, current };
        collector.restart();
        collector
    }

    /// Collects another proof, for another draft or attempt: the old proof may have been used or
    /// may have expired.
    pub(crate) fn restart(&self) {
        // A captcha needs no collection: the page provides its answer.
        if self.required.token || self.required.work {
            let collection = Collection::new(Collection::Running(None));
            *self.current.borrow_mut() = Rc::clone(&collection);
            let finish = move |fields| Collection::finish(&collection, fields);
            get(self.address.clone(), None, None, JsValue::UNDEFINED, move |token| match token {
                Ok(token) => after(prove(&token.0), move |fields| finish(fields.ok())),
                Err(_) => finish(None),
            });
        }
    }

    /// Calls `then` with the proof fields: an object, or `undefined` if the form needs no proof. If
    /// collecting them failed, tries once more; if that fails too, calls `then` with `None`.
    pub(crate) fn fields(self: &Rc<Self>, then: impl FnOnce(Option<JsValue>) + 'static) {
        let collector = Rc::clone(self);
        let current = Rc::clone(&self.current.borrow());
        Collection::wait(
            &current,
            Box::new(move |fields| {
                if fields.is_some() {
                    return then(fields);
                }
                collector.restart();
                let current = Rc::clone(&collector.current.borrow());
                Collection::wait(&current, Box::new(then));
            }),
        );
    }
}

impl Collection {
    fn new(collection: Self) -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(collection))
    }

    fn finish(this: &RefCell<Self>, fields: Option<JsValue>) {
        let done = fields.clone().map_or(Self::Failed, Self::Done);
        if let Self::Running(Some(then)) = this.replace(done) {
            then(fields);
        }
    }

    /// Passes the fields to `then` when they are available, or `None` if the collection fails. If
    /// several functions are waiting, only the last one is called.
    fn wait(this: &RefCell<Self>, then: Waiting) {
        let fields = match &mut *this.borrow_mut() {
            Self::Running(waiting) => {
                *waiting = Some(then);
                return;
            }
            Self::Done(fields) => Some(fields.clone()),
            Self::Failed => None,
        };
        then(fields);
    }
}

#[cfg(test)]
mod tests {
    use deal_contract::protocol::{Challenge, ProofRequest, field};

    #[test]
    fn the_script_uses_the_names_of_the_protocol() {
        let script = include_str!("proof.js");
        for name in [field::WORK, field::TOKEN] {
            assert!(script.contains(&format!("fields[\"{name}\"]")), "{name}");
        }
        let text = String::new;
        let work = Challenge {
            algorithm: text(),
            hash: text(),
            maxnumber: 0,
            salt: text(),
            signature: text(),
        };
        let request =
            ProofRequest { token: Some(text()), wait: Some(0), captcha: None, work: None };
        let request = serde_json::to_value(ProofRequest { work: Some(work), ..request }).unwrap();
        let members = |json: &serde_json::Value| -> Vec<String> {
            json.as_object().unwrap().keys().cloned().collect()
        };
        for name in members(&request) {
            assert!(script.contains(&name), "{name}");
        }
        // The script uses only these members of `work`, and passes on the rest of `work` unchanged.
        let used = ["challenge", "salt", "maxnumber"];
        let sent = members(&request["work"]);
        for name in used {
            assert!(sent.iter().any(|known| known == name) && script.contains(name), "{name}");
        }
    }
}

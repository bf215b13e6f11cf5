//! What a submission brings beside the answers, where the form asks for it.

use std::cell::RefCell;

use deal_contract::definition::{Proof, PublicDefinition};
use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::transport::below;

#[wasm_bindgen(module = "/src/transport/get.js")]
extern "C" {
    fn prove(address: &str) -> Promise;

    fn proven(begun: &Promise, address: &str) -> Promise;
}

/// What is being gathered while the form is filled in.
pub(crate) struct Gathering {
    wanted: Proof,
    address: String,
    parts: RefCell<Option<Promise>>,
}

impl Gathering {
    /// Begins, for the form that is posted to that address.
    pub(crate) fn new(definition: &PublicDefinition, url: &str) -> Self {
        let address = below(url, "token");
        let gathering = Self { wanted: definition.proof, address, parts: RefCell::default() };
        gathering.begin_anew();
        gathering
    }

    /// For another draft, or another attempt: what was brought once may be too old, or used.
    pub(crate) fn begin_anew(&self) {
        // The captcha is the page's own.
        let some = self.wanted.token || self.wanted.work;
        *self.parts.borrow_mut() = some.then(|| prove(&self.address));
    }

    /// The names and values that will be there; nothing where nothing is asked for. What failed
    /// while the form was filled in is tried once more.
    pub(crate) fn parts(&self) -> Option<Promise> {
        Some(proven(self.parts.borrow().as_ref()?, &self.address))
    }
}

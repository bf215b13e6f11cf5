//! The functions that the custom element `<deal-form>` (`embed/deal-form.js`) calls.

use std::rc::Rc;
use std::sync::Arc;

use any_spawner::Executor;
use deal_contract::definition::PublicDefinition;
use deal_contract::protocol::{Received, field};
use deal_contract::reply::Deal;
use js_sys::{Array, Function, Object};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen::{JsCast, JsError};
use web_sys::{Element, HtmlElement, HtmlFormElement};

use crate::browser::document;
use crate::controls::{append, make};
use crate::form::{self, FormEvent, Host, Remote, Settings, Source};
use crate::json::{JsJson, object, texts};
use crate::scope::Scope;

#[wasm_bindgen]
extern "C" {
    /// The options that the element passes to [`mount`]: its attributes, the values that the page
    /// has prefilled, and functions for its fallback.
    pub type Options;

    #[wasm_bindgen(method, getter)]
    fn src(this: &Options) -> Option<String>;

    #[wasm_bindgen(method, getter, js_name = proxyUrl)]
    fn proxy_url(this: &Options) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn definition(this: &Options) -> JsValue;

    /// Returns the `Response` from `src`, or a promise for it, if the element has requested it
    /// already.
    #[wasm_bindgen(method, getter)]
    fn prefetched(this: &Options) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn lang(this: &Options) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn locales(this: &Options) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn timeout(this: &Options) -> Option<u32>;

    #[wasm_bindgen(method, getter, js_name = headingLevel)]
    fn heading_level(this: &Options) -> Option<u8>;

    #[wasm_bindgen(method, getter, js_name = keepDraft)]
    fn keep_draft(this: &Options) -> Option<bool>;

    #[wasm_bindgen(method, getter)]
    fn values(this: &Options) -> Object;

    /// Returns the function that finds the plain form in the fallback.
    #[wasm_bindgen(method, getter, js_name = plainForm)]
    fn plain_form(this: &Options) -> Option<Function>;

    /// Returns the function that checks whether the visitor has sent the plain form.
    #[wasm_bindgen(method, getter, js_name = fallbackWasSent)]
    fn fallback_was_sent(this: &Options) -> Option<Function>;
}

/// A form on the page, with the methods that the element calls.
#[wasm_bindgen]
pub struct Mounted {
    scope: Scope,
    root: Element,
    remote: Remote,
}

impl std::fmt::Debug for Mounted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mounted").field("remote", &self.remote).finish_non_exhaustive()
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Removes the form from the page and stops its work.
    pub fn unmount(self) {
        self.scope.end();
        self.root.remove();
    }

    /// Does the same as the submit button: sends the form or goes to the next step, or shows
    /// problems.
    pub fn submit(&self) {
        self.remote.submit();
    }

    /// Stops the current attempt and starts a new, empty draft.
    pub fn reset(&self) {
        self.remote.reset();
    }

    /// Sets answers as if the visitor had typed them. `values` is an object that maps parameters to
    /// strings or numbers.
    pub fn prefill(&self, values: &Object) {
        self.remote.prefill(&texts(values.into()));
    }

    /// Returns whether the form could be sent now. Does not show problems.
    #[wasm_bindgen(js_name = checkValidity)]
    pub fn check_validity(&self) -> bool {
        self.remote.check_validity()
    }
}

/// Puts a form into `parent`. Calls `emit(name, detail)` for each [`FormEvent`], and
/// `emit("submit")` before the form is sent: if this call returns `false`, the form is not sent.
///
/// # Errors
/// The options have neither `src` nor `definition`, the definition is invalid, or the address for its
/// submissions is missing.
#[wasm_bindgen]
pub fn mount(parent: HtmlElement, options: &Options, emit: Function) -> Result<Mounted, JsError> {
    let remote = Remote::default();
    let emit_submit = emit.clone();
    let source = source(options)?;
    // Fails only if another form on the page has started the executor already.
    let _ = Executor::init_wasm_bindgen();
    // Leptos' `mount_to` is not used: it would add Leptos' whole renderer for one element.
    let scope = Scope::new();
    let root = make(&document(), "div;class=df;part=base", "");
    append(&parent, &[&root]);
    let host = Host {
        keep_draft: options.keep_draft().unwrap_or(true),
        heading_level: form::heading_level(options.heading_level()),
        before_send: Rc::new(move || call(&emit_submit, "submit", &JsValue::UNDEFINED)),
        on_event: Rc::new(move |event| dispatch(&emit, event)),
        prefilled: Rc::new({
            // Read when the form is mounted, because the page can still prefill answers until then.
            let values = options.values();
            move || texts((&values).into())
        }),
        open_draft: None,
        plain_form: options.plain_form().map(|plain| -> Rc<dyn Fn() -> Option<HtmlFormElement>> {
            // If the function throws, no form is adopted.
            Rc::new(move || plain.call0(&JsValue::NULL).ok()?.dyn_into().ok())
        }),
        fallback_was_sent: options.fallback_was_sent().map(|was_sent| -> Rc<dyn Fn() -> bool> {
            Rc::new(move || was_sent.call0(&JsValue::NULL).is_ok_and(|sent| sent.is_truthy()))
        }),
    };
    let settings = Settings {
        source,
        prefetched: options.prefetched(),
        lang: options.lang().filter(|lang| !lang.is_empty()),
        locales: options.locales(),
        inactivity_timeout: form::inactivity_timeout(options.timeout()),
        remote: remote.clone(),
        host,
    };
    form::load(&scope, &root, settings);
    Ok(Mounted { scope, root, remote })
}

fn source(options: &Options) -> Result<Source, JsError> {
    let src = options.src().filter(|src| !src.is_empty());
    let proxy_url = options.proxy_url().filter(|url| !url.is_empty());
    let given = options.definition();
    if given.is_null_or_undefined() {
        let missing = "<deal-form> needs the address of a form: src=\"https://…/forms/…\"";
        let src = src.ok_or_else(|| JsError::new(missing))?;
        return Ok(match proxy_url {
            Some(proxy_url) => Source::Split { src, proxy_url },
            None => Source::Address(src),
        });
    }
    let missing =
        "<deal-form> with a definition needs the address to post to: proxy-url=\"https://…\"";
    let proxy_url = proxy_url.or(src).ok_or_else(|| JsError::new(missing))?;
    let definition = PublicDefinition::read(&JsJson(given))
        .map_err(|error| JsError::new(&format!("invalid form definition: {error}")))?;
    Ok(Source::Given { definition: Arc::new(definition), proxy_url })
}

/// Emits an event. Returns true unless the page has prevented its default action. Ignores errors in
/// the page's listeners.
fn call(emit: &Function, name: &str, detail: &JsValue) -> bool {
    let result = emit.call2(&JsValue::NULL, &name.into(), detail);
    result.ok().and_then(|result| result.as_bool()).unwrap_or(true)
}

/// Passes an event to the element. Returns false if the page has prevented its default action.
fn dispatch(emit: &Function, event: FormEvent) -> bool {
    let (name, detail) = match event {
        FormEvent::Ready => ("ready", JsValue::UNDEFINED),
        FormEvent::Change(parameter) => ("change", object([("parameter", parameter.into())])),
        FormEvent::Invalid(problems) => {
            let problems: Array = problems
                .iter()
                .map(|problem| {
                    let code = problem.code.as_str().into();
                    object([("parameter", problem.field.as_str().into()), ("code", code)])
                })
                .collect();
            ("invalid", object([("problems", problems.into())]))
        }
        FormEvent::Progress { sent, total } => {
            ("progress", object([("sent", number(sent)), ("total", number(total))]))
        }
        FormEvent::Success(deal) => ("success", deal_object(&deal)),
        FormEvent::Kept(reference) => (
            "success",
            object([("message", Received::MESSAGE.into()), (field::REFERENCE, reference.into())]),
        ),
        FormEvent::Error(error) => ("error", object([("code", error.code().into())])),
    };
    call(emit, name, &detail)
}

/// Converts a number of bytes to a JavaScript number.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "sizes are below 2^53")]
fn number(bytes: u64) -> JsValue {
    JsValue::from_f64(bytes as f64)
}

/// Converts the CRM's reply to an object with the API's names.
fn deal_object(deal: &Deal) -> JsValue {
    serde_wasm_bindgen::to_value(deal).unwrap_or_default()
}

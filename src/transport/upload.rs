//! Posts a form with `XMLHttpRequest`, because `fetch` reports no upload progress
//! (whatwg/fetch#607).

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use deal_contract::protocol::header;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::JsValue;
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

use crate::browser::{Timer, later, whole_number};

/// An event of a request. A response, a lost connection or a timeout is the last event.
#[derive(Debug)]
pub(crate) enum RequestEvent {
    /// The browser has sent part of the body.
    Progress { sent: u64, total: u64 },
    /// The browser has sent the whole body.
    Sent,
    /// The server responded. `retry_after` is the number of seconds in `Retry-After`.
    Response { status: u16, body: String, retry_after: Option<u64> },
    /// The connection failed.
    Lost,
    /// Nothing happened for the whole inactivity timeout.
    TimedOut,
}

/// A running request. Dropping it aborts it.
pub(crate) struct Upload {
    xhr: XmlHttpRequest,
    watchdog: Watchdog,
    _listeners: [Closure<dyn Fn(ProgressEvent)>; 4],
}

/// Reports a timeout if no byte is sent and no response arrives for the whole duration. A limit on
/// the total time would be exceeded by large files on slow connections.
#[derive(Clone)]
struct Watchdog {
    timeout: Duration,
    timer: Rc<Cell<Option<Timer>>>,
}

impl Upload {
    /// Starts to send the form, and passes each event to `report`. `lang` is the language for a
    /// refusal. If it is `None`, the browser's language is used.
    ///
    /// # Errors
    /// The browser refuses to start the request, for example because the URL is invalid.
    pub(crate) fn start(
        url: &str,
        form: &FormData,
        lang: Option<&str>,
        inactivity_timeout: Duration,
        report: Rc<dyn Fn(RequestEvent)>,
    ) -> Result<Self, JsValue> {
        let xhr = XmlHttpRequest::new()?;
        xhr.open("POST", url)?;
        xhr.set_request_header("Accept", "application/json")?;
        if let Some(lang) = lang {
            xhr.set_request_header("Accept-Language", lang)?;
        }
        let watchdog = Watchdog { timeout: inactivity_timeout, timer: Rc::default() };

        let listen = |read: fn(&XmlHttpRequest, &ProgressEvent) -> RequestEvent| {
            let (xhr, report, watchdog) = (xhr.clone(), Rc::clone(&report), watchdog.clone());
            Closure::<dyn Fn(ProgressEvent)>::new(move |event| {
                let event = read(&xhr, &event);
                match event {
                    RequestEvent::Progress { .. } | RequestEvent::Sent => watchdog.restart(&report),
                    _ => watchdog.stop(),
                }
                report(event);
            })
        };
        let progress = listen(|_, event| RequestEvent::Progress {
            sent: whole_number(event.loaded()),
            total: whole_number(event.total()),
        });
        let sent = listen(|_, _| RequestEvent::Sent);
        let response = listen(|xhr, _| RequestEvent::Response {
            status: xhr.status().unwrap_or_default(),
            body: xhr.response_text().ok().flatten().unwrap_or_default(),
            retry_after: retry_after(&xhr.get_all_response_headers().unwrap_or_default()),
        });
        let lost = listen(|_, _| RequestEvent::Lost);
        let upload = xhr.upload()?;
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        upload.set_onload(Some(sent.as_ref().unchecked_ref()));
        xhr.set_onload(Some(response.as_ref().unchecked_ref()));
        xhr.set_onerror(Some(lost.as_ref().unchecked_ref()));
        // Browsers abort the request if the visitor presses Stop.
        xhr.set_onabort(Some(lost.as_ref().unchecked_ref()));

        xhr.send_with_opt_form_data(Some(form))?;
        watchdog.restart(&report);
        Ok(Self { xhr, watchdog, _listeners: [progress, sent, response, lost] })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.watchdog.stop();
        if let Ok(upload) = self.xhr.upload() {
            upload.set_onprogress(None);
            upload.set_onload(None);
        }
        self.xhr.set_onload(None);
        self.xhr.set_onerror(None);
        self.xhr.set_onabort(None);
        // Fails only if there is nothing to abort.
        let _ = self.xhr.abort();
    }
}

impl Watchdog {
    fn restart(&self, report: &Rc<dyn Fn(RequestEvent)>) {
        self.stop();
        let report = Rc::clone(report);
        self.timer.set(later(self.timeout, move || report(RequestEvent::TimedOut)));
    }

    fn stop(&self) {
        self.timer.set(None);
    }
}

/// Returns the seconds in `Retry-After` (RFC 9110 10.2.3). Searches all headers that the page may
/// read, because browsers log an error if a script reads a forbidden one by name. Ignores a date,
/// which the deal-proxy never sends.
fn retry_after(headers: &str) -> Option<u64> {
    let lines = headers.split('\n').filter_map(|line| line.split_once(':'));
    let mut waits = lines.filter(|(name, _)| name.eq_ignore_ascii_case(header::RETRY_AFTER));
    waits.next()?.1.trim().parse().ok()
}

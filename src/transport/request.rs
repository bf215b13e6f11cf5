//! One POST of the form, by `XMLHttpRequest`: `fetch` cannot tell how far an upload is
//! (whatwg/fetch#607).

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::JsValue;
use web_sys::{FormData, ProgressEvent, XmlHttpRequest};

use crate::browser::{Timer, later};

/// What is heard of a request. After anything but progress nothing more comes.
#[derive(Debug)]
pub(crate) enum Heard {
    /// So many bytes of the body have left, of so many.
    Progress { sent: u64, total: u64 },
    /// The whole body has left.
    Sent,
    /// An answer came. `wait`: the seconds that it asks to wait before another try.
    Answer { status: u16, body: String, wait: Option<u64> },
    /// The connection failed.
    Lost,
    /// Nothing happened for the time that was set.
    Silent,
}

/// A request under way. Dropping it aborts it.
pub(crate) struct Request {
    xhr: XmlHttpRequest,
    watchdog: Watchdog,
    _listeners: [Closure<dyn Fn(ProgressEvent)>; 4],
}

/// Tells of silence: no byte sent and no answer for that long. A total limit would punish large
/// files on slow lines.
#[derive(Clone)]
struct Watchdog {
    silence: Duration,
    timer: Rc<Cell<Option<Timer>>>,
}

impl Request {
    /// Starts to send; `hear` is told how it goes.
    ///
    /// # Errors
    /// What the browser says when it does not even begin, such as a URL that is none.
    pub(crate) fn send(
        url: &str,
        form: &FormData,
        silence: Duration,
        hear: Rc<dyn Fn(Heard)>,
    ) -> Result<Self, JsValue> {
        let xhr = XmlHttpRequest::new()?;
        xhr.open("POST", url)?;
        xhr.set_request_header("Accept", "application/json")?;
        let watchdog = Watchdog { silence, timer: Rc::default() };

        let listen = |told: fn(&XmlHttpRequest, &ProgressEvent) -> Heard| {
            let (xhr, hear, watchdog) = (xhr.clone(), Rc::clone(&hear), watchdog.clone());
            Closure::<dyn Fn(ProgressEvent)>::new(move |event| {
                let heard = told(&xhr, &event);
                match heard {
                    Heard::Progress { .. } | Heard::Sent => watchdog.wait(&hear),
                    _ => watchdog.stop(),
                }
                hear(heard);
            })
        };
        let progress = listen(|_, event| Heard::Progress {
            sent: bytes(event.loaded()),
            total: bytes(event.total()),
        });
        let sent = listen(|_, _| Heard::Sent);
        let answer = listen(|xhr, _| Heard::Answer {
            status: xhr.status().unwrap_or_default(),
            body: xhr.response_text().ok().flatten().unwrap_or_default(),
            wait: retry_after(&xhr.get_all_response_headers().unwrap_or_default()),
        });
        let lost = listen(|_, _| Heard::Lost);
        let upload = xhr.upload()?;
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        upload.set_onload(Some(sent.as_ref().unchecked_ref()));
        xhr.set_onload(Some(answer.as_ref().unchecked_ref()));
        xhr.set_onerror(Some(lost.as_ref().unchecked_ref()));
        // The browser itself aborts when somebody stops the loading of the page.
        xhr.set_onabort(Some(lost.as_ref().unchecked_ref()));

        xhr.send_with_opt_form_data(Some(form))?;
        watchdog.wait(&hear);
        Ok(Self { xhr, watchdog, _listeners: [progress, sent, answer, lost] })
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.watchdog.stop();
        if let Ok(upload) = self.xhr.upload() {
            upload.set_onprogress(None);
            upload.set_onload(None);
        }
        self.xhr.set_onload(None);
        self.xhr.set_onerror(None);
        self.xhr.set_onabort(None);
        // An error here says that there is nothing to abort.
        let _ = self.xhr.abort();
    }
}

impl Watchdog {
    /// Counts the silence from now on.
    fn wait(&self, hear: &Rc<dyn Fn(Heard)>) {
        self.stop();
        let hear = Rc::clone(hear);
        self.timer.set(later(self.silence, move || hear(Heard::Silent)));
    }

    fn stop(&self) {
        self.timer.set(None);
    }
}

/// The seconds of `Retry-After` (RFC 9110 10.2.3), among all headers that the page may see: asked
/// for by name, one that it may not see is a complaint on the console. A date is nothing here; the
/// deal-proxy sends none.
fn retry_after(headers: &str) -> Option<u64> {
    let lines = headers.split('\n').filter_map(|line| line.split_once(':'));
    let mut waits = lines.filter(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
    waits.next()?.1.trim().parse().ok()
}

/// A number of bytes as JavaScript has it: a whole number below 2^53.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and sizes are whole numbers that a double holds exactly"
)]
pub(crate) fn bytes(number: f64) -> u64 {
    number as u64
}

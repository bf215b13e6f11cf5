//! Keeps the open page in its current state while a test examines it.

use serde_json::json;

use crate::browser::Browser;

/// Makes later `setTimeout` calls on the open page do nothing if the pause is one second or more.
/// This stops a countdown, for example.
#[track_caller]
pub fn freeze_timers(browser: &Browser) {
    let freeze = "const { setTimeout } = window;
        window.setTimeout = (then, pause) => pause >= 1000 ? 0 : setTimeout(then, pause);";
    browser.script(freeze, &[]);
}

/// Makes each later `fetch` call on the open page wait forever if the requested address contains
/// `part`.
#[track_caller]
pub fn hold_responses(browser: &Browser, part: &str) {
    let hold = "const { fetch } = window;
        const [part] = arguments;
        window.fetch = (address, ...rest) =>
            String(address.url ?? address).includes(part) ? new Promise(() => {}) : fetch(address, ...rest);";
    browser.script(hold, &[json!(part)]);
}

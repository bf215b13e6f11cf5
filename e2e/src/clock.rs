//! Holding a page still while somebody looks at it.

use serde_json::json;

use crate::browser::Browser;

/// Lets no second pass on the open page: no countdown ends while somebody looks at it, and nothing
/// that waits for one goes on by itself.
#[track_caller]
pub fn stop_clock(browser: &Browser) {
    let stop = "const { setTimeout } = window;
        window.setTimeout = (then, pause) => pause >= 1000 ? 0 : setTimeout(then, pause);";
    browser.script(stop, &[]);
}

/// Lets no answer come to what the open page fetches from now on from addresses with these words.
#[track_caller]
pub fn hold_answers(browser: &Browser, words: &str) {
    let hold = "const { fetch } = window;
        const [words] = arguments;
        window.fetch = (address, ...rest) =>
            String(address.url ?? address).includes(words) ? new Promise(() => {}) : fetch(address, ...rest);";
    browser.script(hold, &[json!(words)]);
}

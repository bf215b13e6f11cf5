use crate::Browser;

/// Lets no second pass on the open page: no countdown ends while somebody looks at it, and nothing
/// that waits for one goes on by itself.
#[track_caller]
pub fn stop_clock(browser: &Browser) {
    let stop = "const { setTimeout } = window;
        window.setTimeout = (then, pause) => pause >= 1000 ? 0 : setTimeout(then, pause);";
    browser.script(stop, &[]);
}
